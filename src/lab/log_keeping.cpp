#include "lab/log_keeping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>

#include "recorder/export.hpp"
#include "text/log_lines.hpp"

namespace polyphase::lab {
namespace {

using registers::Index;
using registers::RegisterTable;
using registers::RegisterType;

std::vector<std::string> log_names(const RegisterTable& table) {
  std::vector<std::string> names;
  for (Index i = 0; i < table.size(); ++i)
    if (table.info(i).type == RegisterType::log) names.push_back(table.info(i).label);
  return names;
}

// What the recorder of a log is linked to.
std::vector<logs::Column> columns_of(const graph::Engine& engine, std::string_view log) {
  const RegisterTable& table = engine.registers();
  std::vector<logs::Column> columns;
  for (Index i = 0; i < table.size(); ++i) {
    if (table.info(i).type != RegisterType::log || table.info(i).label != log) continue;
    const graph::Node& node = *engine.network().nodes()[engine.network().owner(i)];
    for (std::size_t input = 0; input < node.wiring.inputs.size(); ++input) {
      const Index source = node.wiring.inputs[input];
      if (source != registers::no_register &&
          node.descriptor->inputs[input].name.starts_with("Source "))
        columns.push_back({table.info(source).label, table.info(source).unit});
    }
  }
  return columns;
}

Instant wall_clock() {
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
}

logs::Range everything() {
  logs::Range range;
  range.limit = recorder::no_limit;
  return range;
}

}  // namespace

Result<void> check_log(const RegisterTable& table, std::string_view log) {
  const auto names = log_names(table);
  if (std::find(names.begin(), names.end(), log) != names.end()) return {};
  return fail(ErrorCode::not_found, fmt::format("there is no log '{}'; there is: {}",
                                                log.substr(0, 80), fmt::join(names, ", ")));
}

Result<std::unique_ptr<LogKeeping>> LogKeeping::open(const graph::Engine& engine,
                                                     const std::string& data_folder) {
  const auto opened = [&]() -> Result<std::unique_ptr<store::Store>> {
    if (data_folder.empty()) return store::Store::open_in_memory();
    std::error_code error;
    std::filesystem::create_directories(data_folder, error);
    if (error)
      return fail(ErrorCode::io,
                  fmt::format("cannot be made ({}); choose another --data", error.message()),
                  data_folder);
    store::OpenOptions options;
    options.now = wall_clock();
    return store::Store::open(data_folder + "/" + store_file_name, options);
  };
  auto store = opened();
  if (!store) return fail(ErrorCode::io, store.error().message, store.error().where);
  return std::unique_ptr<LogKeeping>(new LogKeeping(engine, std::move(*store)));
}

Result<std::size_t> LogKeeping::write_records(std::string_view log, bool csv,
                                              const Output& output) {
  auto reader = store_->reader();
  if (!reader) return tl::unexpected(reader.error());
  auto logs = reader->logs();
  if (!logs) return tl::unexpected(logs.error());
  const auto info = std::find_if(logs->begin(), logs->end(),
                                 [&](const logs::LogInfo& known) { return known.name == log; });
  const auto pages = [&](const logs::Range& range) -> Result<logs::RecordPage> {
    if (info == logs->end()) return logs::RecordPage{};
    return reader->records(info->log, range);
  };
  return recorder::export_records(pages, everything(),
                                  csv ? recorder::Form::csv : recorder::Form::json, output.data);
}

Result<void> LogKeeping::write(std::string_view log, Format format, const Output& output) {
  const bool csv = format != Format::json;
  if (log == logs::event_log_name) {
    auto reader = store_->reader();
    if (!reader) return tl::unexpected(reader.error());
    auto done = recorder::export_events(
        [&](const logs::Range& range) { return reader->events(range); }, everything(),
        csv ? recorder::Form::csv : recorder::Form::json, output.data);
    if (!done) return tl::unexpected(done.error());
    return {};
  }
  auto count = write_records(log, csv, output);
  if (!count) return tl::unexpected(count.error());
  if (*count > 0) return {};
  output.note(
      fmt::format("note: nothing was recorded in '{}': the recording holds no pulse at its "
                  "recorder, such as the end of a quarter hour, or its recorder is off\n",
                  log));
  if (csv && !output.data(text::records_header_csv(columns_of(engine_, log))))
    return fail(ErrorCode::io, "the output cannot be written");
  return {};
}

}  // namespace polyphase::lab
