#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"
#include "net/http.hpp"
#include "text/json.hpp"

/// Answers as the API gives them.
namespace polyphase::web {

net::HttpResponse json_answer(text::JsonWriter& json);
net::HttpResponse no_content();

/// The status that the API gives for an error of the gate: 403 refused, 404 not found, 400 a value
/// that is not possible, 429 a limit, 503 the store says no.
net::HttpResponse error_answer(const Error& error);
net::HttpResponse error_answer(int status, ErrorCode code, std::string_view message);

/// "refused", "not_found", …
const char* code_name(ErrorCode code);

}  // namespace polyphase::web
