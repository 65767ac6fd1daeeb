// What is there, and its present values.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "registers/value_text.hpp"
#include "text/log_lines.hpp"
#include "web/answer.hpp"
#include "web/call.hpp"
#include "web/describe.hpp"
#include "web/embedded.hpp"

namespace polyphase::web {
namespace {

using control::Catalogue;
using registers::Index;
using registers::RegisterInfo;
using registers::RegisterType;

constexpr std::size_t registers_page_max = 1'000;
constexpr std::size_t labels_max = 500;

constexpr std::array<const char*, 10> type_names{
    "numeric", "numeric_bounded", "boolean", "enumerated", "string",
    "pulse",   "event",           "log",     "waveform",   "dataset"};

std::string folded(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

bool matches(const RegisterInfo& info, const std::string& wanted) {
  return wanted.empty() || folded(info.label).find(wanted) != std::string::npos ||
         folded(info.module + "." + info.name).find(wanted) != std::string::npos;
}

void write_register(text::JsonWriter& json, const RegisterInfo& info) {
  json.begin_object();
  json.key("label").text(info.label).key("module").text(info.module).key("name").text(info.name);
  json.key("handle").integer(info.handle);
  json.key("type").text(type_names[static_cast<std::size_t>(info.type)]);
  json.key("role").text(info.role == registers::Role::setup ? "setup" : "output");
  json.key("unit").text(info.unit).key("definition").text(info.definition);
  if (!info.choices.empty()) {
    json.key("choices").begin_array();
    for (const std::string& choice : info.choices) json.text(choice);
    json.end_array();
  }
  if (std::isfinite(info.minimum)) json.key("minimum").number(info.minimum);
  if (std::isfinite(info.maximum)) json.key("maximum").number(info.maximum);
  if (info.fixed) json.key("fixed").boolean(true);
  json.end_object();
}

std::string name_of(const Catalogue& catalogue, Index index) {
  if (index == registers::no_register) return {};
  const RegisterInfo& info = catalogue.registers.info(index);
  return info.module + "." + info.name;
}

net::HttpResponse needs_read() {
  return error_answer(403, ErrorCode::refused, "this takes the right Read Access");
}

/// Numbers as such, choices and strings as text.
Result<void> write_value(text::JsonWriter& json, const control::Meter& meter,
                         const control::Caller& caller, const RegisterInfo& info, Index index,
                         double number) {
  if (info.type == RegisterType::string) {
    const auto text = meter.text(caller, index);
    if (!text) return tl::unexpected(text.error());
    json.text(*text);
  } else if (info.type == RegisterType::enumerated && registers::available(number)) {
    json.text(registers::value_text(info, number));
  } else {
    json.number(number);
  }
  return {};
}

Result<net::HttpResponse> values(const control::Meter& meter, const Call& call) {
  const auto labels = call.query.list("labels");
  if (labels.empty() || labels.size() > labels_max)
    return fail(ErrorCode::invalid_input,
                fmt::format("write labels=LABEL,LABEL… with 1 to {} labels", labels_max));
  const auto catalogue = meter.catalogue();
  std::vector<Index> indices;
  for (const std::string& label : labels) {
    const auto index = find_register(*catalogue, label);
    if (!index) return tl::unexpected(index.error());
    indices.push_back(*index);
  }
  std::vector<registers::Value> read(indices.size());
  if (const auto done = meter.values(call.session.caller, indices, read); !done)
    return tl::unexpected(done.error());
  Instant latest;
  for (const auto& value : read) latest = std::max(latest, value.time);
  text::JsonWriter json;
  json.begin_object().key("time");
  write_time(json, latest);
  json.key("values").begin_array();
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const RegisterInfo& info = catalogue->registers.info(indices[i]);
    json.begin_object().key("label").text(labels[i]).key("value");
    if (const auto good =
            write_value(json, meter, call.session.caller, info, indices[i], read[i].number);
        !good)
      return tl::unexpected(good.error());
    json.key("unit").text(info.unit).key("quality");
    text::write_quality(json, read[i].quality);
    json.key("time");
    write_time(json, read[i].time);
    json.end_object();
  }
  json.end_array().end_object();
  return json_answer(json);
}

Result<net::HttpResponse> registers_page(const Catalogue& catalogue, const Query& query) {
  const std::string wanted = folded(query.find("match").value_or(""));
  const auto module = query.find("module");
  const auto after = query.integer("after", -1, 0, 0xffff'ffff);
  if (!after) return tl::unexpected(after.error());
  Index index = 0;
  if (*after >= 0) {
    const auto last = catalogue.registers.find(static_cast<registers::Handle>(*after));
    if (!last)
      return fail(ErrorCode::not_found, fmt::format("there is no register {}: after=HANDLE is the "
                                                    "last handle of the page before",
                                                    *after));
    index = *last + 1;
  }
  text::JsonWriter json;
  json.begin_object().key("version").integer(static_cast<std::int64_t>(catalogue.version));
  json.key("registers").begin_array();
  std::size_t count = 0;
  bool more = false;
  for (; index < catalogue.registers.size(); ++index) {
    const RegisterInfo& info = catalogue.registers.info(index);
    if ((module && info.module != *module) || !matches(info, wanted)) continue;
    if ((more = count == registers_page_max)) break;
    write_register(json, info);
    ++count;
  }
  json.end_array().key("more").boolean(more).end_object();
  return json_answer(json);
}

void send(const net::HttpReply& reply, Result<net::HttpResponse> answer) {
  reply.send(answer ? std::move(*answer) : error_answer(answer.error()));
}

}  // namespace

void get_openapi(const Context&, Call, net::HttpReply reply) {
  reply.send({200, "application/json", std::string(embedded::web_texts("openapi.json")), {}});
}

void get_status(const Context& context, Call, net::HttpReply reply) {
  text::JsonWriter json;
  json.begin_object();
  write_status(json, context.meter.status());
  json.end_object();
  reply.send(json_answer(json));
}

void get_registers(const Context& context, Call call, net::HttpReply reply) {
  if (!call.may_read(context.meter)) return reply.send(needs_read());
  send(reply, registers_page(*context.meter.catalogue(), call.query));
}

void get_modules(const Context& context, Call call, net::HttpReply reply) {
  if (!call.may_read(context.meter)) return reply.send(needs_read());
  const auto catalogue = context.meter.catalogue();
  text::JsonWriter json;
  json.begin_object().key("version").integer(static_cast<std::int64_t>(catalogue->version));
  json.key("modules").begin_array();
  for (const control::ModuleInfo& module : catalogue->modules) {
    json.begin_object().key("name").text(module.name).key("type").text(module.type);
    json.key("online").boolean(module.online).key("offline_reason").text(module.offline_reason);
    json.key("inputs").begin_array();
    for (const control::InputInfo& input : module.inputs)
      json.begin_object()
          .key("name")
          .text(input.name)
          .key("source")
          .text(name_of(*catalogue, input.source))
          .end_object();
    json.end_array().end_object();
  }
  json.end_array().end_object();
  reply.send(json_answer(json));
}

void get_values(const Context& context, Call call, net::HttpReply reply) {
  send(reply, values(context.meter, call));
}

void get_trend(const Context& context, Call call, net::HttpReply reply) {
  if (!call.may_read(context.meter)) return reply.send(needs_read());
  const auto seconds = call.query.integer("seconds", Trend::seconds_max, 1, Trend::seconds_max);
  if (!seconds) return reply.send(error_answer(seconds.error()));
  text::JsonWriter json;
  const auto written =
      context.trend.write(json, call.query.list("labels"), static_cast<std::size_t>(*seconds));
  reply.send(written ? json_answer(json) : error_answer(written.error()));
}

}  // namespace polyphase::web
