// Logs and events, as JSON and as CSV; read on the worker of records.
#include <fmt/format.h>

#include <algorithm>

#include "text/log_lines.hpp"
#include "web/answer.hpp"
#include "web/call.hpp"
#include "web/describe.hpp"

namespace polyphase::web {
namespace {

/// An answer ends behind the record that reaches this, with `more` to go on from.
constexpr std::size_t answer_bytes_max = 8 * 1024 * 1024;

struct Wanted {
  logs::Range range;
  bool csv = false;
};

Result<Wanted> wanted(const Query& query) {
  Wanted wanted;
  const auto newest = query.flag("newest");
  if (!newest) return tl::unexpected(newest.error());
  const auto limit = query.integer("limit", static_cast<std::int64_t>(wanted.range.limit), 1,
                                   static_cast<std::int64_t>(logs::Range::page_max));
  if (!limit) return tl::unexpected(limit.error());
  const auto from = query.integer("from", *newest ? wanted.range.number_last : 0, 0,
                                  std::numeric_limits<std::int64_t>::max());
  if (!from) return tl::unexpected(from.error());
  const auto priority = query.integer("priority_min", 0, 0, 255);
  if (!priority) return tl::unexpected(priority.error());
  const auto format = query.find("format").value_or("json");
  if (format != "json" && format != "csv")
    return fail(ErrorCode::invalid_input, "write format=json or format=csv");
  wanted.csv = format == "csv";
  wanted.range.newest_first = *newest;
  wanted.range.limit = static_cast<std::size_t>(*limit);
  (*newest ? wanted.range.number_last : wanted.range.number_first) = *from;
  wanted.range.priority_min = static_cast<std::uint8_t>(*priority);
  return wanted;
}

net::HttpResponse csv_answer(std::string text, std::string_view name, bool more) {
  std::string file;
  for (const char c : name)
    file += (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ? c : '-';
  return {200,
          "text/csv; charset=utf-8",
          std::move(text),
          {{"Content-Disposition", fmt::format("attachment; filename=\"{}.csv\"", file)},
           {"X-Polyphase-More", more ? "true" : "false"}}};
}

net::HttpResponse records_json(const logs::RecordPage& page) {
  text::JsonWriter json;
  json.begin_object().key("layouts").begin_array();
  for (const auto& columns : page.layouts) text::write_columns(json, columns);
  json.end_array().key("records").begin_array();
  bool more = page.more;
  std::size_t bytes = 0;
  for (const logs::Record& record : page.records) {
    if ((more = bytes >= answer_bytes_max)) break;
    text::write_record(json, record, record.layout);
    bytes += 96 + record.fields.size() * 24;  // about: what a record takes as text
    more = page.more;
  }
  json.end_array().key("more").boolean(more).end_object();
  return json_answer(json);
}

/// One table has one header: a log whose columns were changed gives the records of one layout, and
/// `more` from where the next begins.
net::HttpResponse records_csv(const logs::RecordPage& page, std::string_view name) {
  const std::size_t layout = page.records.empty() ? 0 : page.records.front().layout;
  std::string csv = text::records_header_csv(
      layout < page.layouts.size() ? page.layouts[layout] : std::vector<logs::Column>());
  bool more = page.more;
  for (const logs::Record& record : page.records) {
    if (record.layout != layout || csv.size() >= answer_bytes_max) {
      more = true;
      break;
    }
    csv += text::record_csv(record);
  }
  return csv_answer(std::move(csv), name, more);
}

net::HttpResponse events_json(const logs::EventPage& page) {
  text::JsonWriter json;
  json.begin_object().key("events").begin_array();
  for (const logs::Event& event : page.events) {
    json.begin_object();
    text::write_event(json, event);
    json.end_object();
  }
  json.end_array().key("more").boolean(page.more).end_object();
  return json_answer(json);
}

net::HttpResponse events_csv(const logs::EventPage& page) {
  std::string csv = text::events_header_csv;
  for (const logs::Event& event : page.events) csv += text::event_csv(event);
  return csv_answer(std::move(csv), "events", page.more);
}

Result<net::HttpResponse> all_logs(const control::Meter& meter, const control::Caller& caller) {
  const auto logs = meter.logs(caller);
  if (!logs) return tl::unexpected(logs.error());
  text::JsonWriter json;
  json.begin_object().key("logs").begin_array();
  for (const logs::LogInfo& log : *logs) {
    json.begin_object().key("name").text(log.name).key("columns");
    text::write_columns(json, log.columns);
    json.key("depth").integer(log.depth).key("count").integer(log.count);
    json.key("number_oldest").integer(log.number_oldest);
    json.key("number_newest").integer(log.number_newest).key("time_oldest");
    write_time(json, log.time_oldest);
    json.key("time_newest");
    write_time(json, log.time_newest);
    json.key("bytes").integer(log.bytes).end_object();
  }
  json.end_array().end_object();
  return json_answer(json);
}

Result<net::HttpResponse> records_of(const control::Meter& meter, const control::Caller& caller,
                                     const std::string& name, const Wanted& wanted) {
  const auto logs = meter.logs(caller);
  if (!logs) return tl::unexpected(logs.error());
  const auto log = std::find_if(logs->begin(), logs->end(),
                                [&](const logs::LogInfo& info) { return info.name == name; });
  if (log == logs->end() || log->log == logs::event_log) {
    std::string names;
    for (const logs::LogInfo& info : *logs)
      if (info.log != logs::event_log) names += (names.empty() ? "" : ", ") + info.name;
    return fail(ErrorCode::not_found,
                fmt::format("there is no log '{}'; there are: {}. Events are at /api/v1/events",
                            name.substr(0, 64), names));
  }
  const auto page = meter.records(caller, log->log, wanted.range);
  if (!page) return tl::unexpected(page.error());
  return wanted.csv ? records_csv(*page, name) : records_json(*page);
}

Result<net::HttpResponse> events_of(const control::Meter& meter, const control::Caller& caller,
                                    const Wanted& wanted) {
  const auto page = meter.events(caller, wanted.range);
  if (!page) return tl::unexpected(page.error());
  return wanted.csv ? events_csv(*page) : events_json(*page);
}

Result<net::HttpResponse> memory_of(const control::Meter& meter, const control::Caller& caller) {
  const auto memory = meter.memory(caller);
  if (!memory) return tl::unexpected(memory.error());
  text::JsonWriter json;
  json.begin_object();
  json.key("recorders").integer(memory->recorders);
  json.key("recorders_max").integer(memory->recorders_max);
  json.key("channels").integer(memory->channels).key("channels_max").integer(memory->channels_max);
  json.key("storage_bytes").integer(memory->storage_bytes);
  json.key("storage_bytes_max").integer(memory->storage_bytes_max);
  json.key("system_bytes").integer(memory->system_bytes);
  json.key("buffer_bytes").integer(memory->buffer_bytes);
  json.key("buffer_bytes_max").integer(memory->buffer_bytes_max);
  json.key("logs").begin_array();
  for (const control::LogMemory& log : memory->logs) {
    json.begin_object().key("module").text(log.module).key("log").text(log.log);
    json.key("columns").integer(static_cast<std::int64_t>(log.columns));
    json.key("depth").integer(log.depth).key("buffer_depth").integer(log.buffer_depth);
    json.key("storage_bytes").integer(log.storage_bytes);
    json.key("buffer_bytes").integer(log.buffer_bytes).end_object();
  }
  json.end_array().end_object();
  return json_answer(json);
}

template <class Read>
void on_worker(const Context& context, const net::HttpReply& reply, Read read) {
  const bool taken = context.records.submit([reply, read = std::move(read)] {
    Result<net::HttpResponse> answer = read();
    reply.send(answer ? std::move(*answer) : error_answer(answer.error()));
  });
  if (!taken)
    reply.send(error_answer(429, ErrorCode::limit, "too many are reading logs: try again"));
}

}  // namespace

void get_logs(const Context& context, Call call, net::HttpReply reply) {
  on_worker(context, reply, [&meter = context.meter, caller = call.session.caller] {
    return all_logs(meter, caller);
  });
}

void get_records(const Context& context, Call call, net::HttpReply reply) {
  const auto range = wanted(call.query);
  if (!range) return reply.send(error_answer(range.error()));
  on_worker(context, reply,
            [&meter = context.meter, caller = call.session.caller, name = call.names[0],
             range = *range] { return records_of(meter, caller, name, range); });
}

void get_memory(const Context& context, Call call, net::HttpReply reply) {
  auto answer = memory_of(context.meter, call.session.caller);
  reply.send(answer ? std::move(*answer) : error_answer(answer.error()));
}

void get_events(const Context& context, Call call, net::HttpReply reply) {
  const auto range = wanted(call.query);
  if (!range) return reply.send(error_answer(range.error()));
  on_worker(context, reply, [&meter = context.meter, caller = call.session.caller, range = *range] {
    return events_of(meter, caller, range);
  });
}

}  // namespace polyphase::web
