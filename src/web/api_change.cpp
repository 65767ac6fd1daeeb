// What changes a meter: each asks the gate, which answers on its own thread when it has taken
// effect.
#include "web/answer.hpp"
#include "web/call.hpp"

namespace polyphase::web {
namespace {

using control::Command;

constexpr std::size_t value_bytes_max = 1'024;

control::Done answer_to(net::HttpReply reply) {
  return [reply = std::move(reply)](Result<void> done) {
    reply.send(done ? no_content() : error_answer(done.error()));
  };
}

void change(const Context& context, const Call& call, Command::Kind kind, std::string value,
            net::HttpReply reply) {
  Command command;
  command.kind = kind;
  command.target = call.names[0];
  command.value = std::move(value);
  context.meter.change(call.session.caller, std::move(command), answer_to(std::move(reply)));
}

void change_from_body(const Context& context, const Call& call, Command::Kind kind,
                      std::string_view key, net::HttpReply reply) {
  const auto body = text::parse_json(call.request.body);
  if (!body) return reply.send(error_answer(body.error()));
  auto value = Call::text_of(*body, key, value_bytes_max);
  if (!value) return reply.send(error_answer(value.error()));
  change(context, call, kind, std::move(*value), std::move(reply));
}

}  // namespace

void put_register(const Context& context, Call call, net::HttpReply reply) {
  change_from_body(context, call, Command::Kind::write, "value", std::move(reply));
}

void post_pulse(const Context& context, Call call, net::HttpReply reply) {
  change(context, call, Command::Kind::pulse, {}, std::move(reply));
}

void put_link(const Context& context, Call call, net::HttpReply reply) {
  change_from_body(context, call, Command::Kind::link, "source", std::move(reply));
}

void get_resets(const Context& context, Call, net::HttpReply reply) {
  const auto catalogue = context.meter.catalogue();
  text::JsonWriter json;
  json.begin_object().key("resets").begin_array();
  for (const control::ResetInfo& reset : catalogue->resets)
    json.begin_object()
        .key("key")
        .text(reset.key)
        .key("label")
        .text(reset.label)
        .key("right")
        .text(control::right_names[static_cast<std::size_t>(reset.right)])
        .end_object();
  json.end_array().end_object();
  reply.send(json_answer(json));
}

void post_reset(const Context& context, Call call, net::HttpReply reply) {
  context.meter.reset(call.session.caller, call.names[0], answer_to(std::move(reply)));
}

}  // namespace polyphase::web
