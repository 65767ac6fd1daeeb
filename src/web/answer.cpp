#include "web/answer.hpp"

namespace polyphase::web {
namespace {

int status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::refused:
      return 403;
    case ErrorCode::not_found:
      return 404;
    case ErrorCode::limit:
      return 429;
    case ErrorCode::io:
      return 503;
    case ErrorCode::invalid_input:
    case ErrorCode::invalid_config:
    case ErrorCode::unsupported:
      break;
  }
  return 400;
}

}  // namespace

const char* code_name(ErrorCode code) {
  switch (code) {
    case ErrorCode::refused:
      return "refused";
    case ErrorCode::not_found:
      return "not_found";
    case ErrorCode::limit:
      return "limit";
    case ErrorCode::io:
      return "io";
    case ErrorCode::invalid_config:
      return "invalid_config";
    case ErrorCode::invalid_input:
    case ErrorCode::unsupported:
      break;
  }
  return "invalid_input";
}

net::HttpResponse json_answer(text::JsonWriter& json) {
  return {200, "application/json", json.take(), {}};
}

net::HttpResponse no_content() { return {204, "", "", {}}; }

net::HttpResponse error_answer(int status, ErrorCode code, std::string_view message) {
  text::JsonWriter json;
  json.begin_object().key("error").text(message).key("code").text(code_name(code)).end_object();
  net::HttpResponse answer = json_answer(json);
  answer.status = status;
  return answer;
}

net::HttpResponse error_answer(const Error& error) {
  return error_answer(status_of(error.code), error.code, error.text());
}

}  // namespace polyphase::web
