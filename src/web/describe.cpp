#include "web/describe.hpp"

#include <fmt/format.h>

#include <array>


namespace polyphase::web {
namespace {

constexpr std::size_t near_labels = 3;
constexpr std::size_t label_shown_max = 64;

constexpr std::array<const char*, 4> state_names{"off", "starting", "up", "failed"};

}  // namespace

void write_time(text::JsonWriter& json, Instant time) {
  if (time == Instant{})
    json.null();
  else
    json.text(to_iso8601(time));
}

void write_status(text::JsonWriter& json, const control::MeterStatus& status) {
  json.key("name").text(status.name).key("version").text(status.version);
  json.key("tier").text(status.tier).key("started");
  write_time(json, status.started);
  json.key("last_second");
  write_time(json, status.last_second);
  json.key("source").text(status.source).key("source_running").boolean(status.source_running);
  json.key("source_ended").boolean(status.source_ended);
  json.key("source_note").text(status.source_note);
  json.key("clock_synchronised").boolean(status.clock_synchronised);
  json.key("frequency_locked").boolean(status.frequency_locked);
  json.key("default_password").boolean(status.default_password);
  json.key("store_bytes").integer(status.store_bytes);
  json.key("store_bytes_max").integer(status.store_bytes_max);
  json.key("store_trouble").text(status.store_trouble);
  json.key("records_lost").integer(static_cast<std::int64_t>(status.records_lost));
  json.key("events_unread").integer(status.events_unread);
  json.key("revenue_locked").boolean(status.revenue_locked);
  json.key("revenue_lock_pending").boolean(status.revenue_lock_pending);
  json.key("services").begin_array();
  for (const control::ServiceStatus& service : status.services)
    json.begin_object()
        .key("name")
        .text(service.name)
        .key("state")
        .text(state_names[static_cast<std::size_t>(service.state)])
        .key("address")
        .text(service.address)
        .key("reason")
        .text(service.reason)
        .key("connections")
        .integer(service.connections)
        .end_object();
  json.end_array();
}

Result<registers::Index> find_register(const control::Catalogue& catalogue,
                                       std::string_view label) {
  if (const auto index = catalogue.registers.find(label)) return *index;
  const auto near = catalogue.registers.nearest(label, near_labels);
  return fail(ErrorCode::not_found,
              fmt::format("there is no register '{}'{}{}", label.substr(0, label_shown_max),
                          near.empty() ? "" : "; near are: ", fmt::join(near, ", ")));
}

}  // namespace polyphase::web
