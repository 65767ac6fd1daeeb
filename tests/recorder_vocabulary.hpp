#pragma once

#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "recorder/recorder.hpp"
#include "store_vocabulary.hpp"

namespace polyphase::testing {

/// A few registers of a meter: two data logs, what they record, the setup of the event log.
struct SmallMeter {
  registers::RegisterTable table;
  registers::Index billing, history, kwh, volts, over, ratio, cutoff, depth;

  SmallMeter() {
    using registers::RegisterType;
    billing = add("Billing Log", RegisterType::log);
    history = add("Hist Log", RegisterType::log);
    kwh = add("kWh del int", RegisterType::numeric, "kWh");
    volts = add("Vln a", RegisterType::numeric, "V");
    over = add("Over I a", RegisterType::boolean);
    ratio = add_setup("PM1", "PT Prim", "V", 20'000);
    cutoff = add_setup("ELC1", "Priority Cutoff", "", 5);
    depth = add_setup("ELC1", "EvLog Depth", "", logs::event_depth_default);
  }

 private:
  registers::Index add(registers::RegisterInfo info) {
    info.handle = static_cast<registers::Handle>(table.size());
    return must(table.add(std::move(info)));
  }
  registers::Index add(const char* label, registers::RegisterType type, const char* unit = "") {
    registers::RegisterInfo info;
    info.label = info.name = label;
    info.module = "M";
    info.type = type;
    info.unit = unit;
    return add(std::move(info));
  }
  registers::Index add_setup(const char* module, const char* name, const char* unit,
                             double number) {
    registers::RegisterInfo info;
    info.module = module;
    info.name = name;
    info.label = std::string(module) + " " + name;
    info.type = registers::RegisterType::numeric_bounded;
    info.role = registers::Role::setup;
    info.unit = unit;
    const registers::Index index = add(std::move(info));
    table.value(index).number = number;
    return index;
  }
};

/// One record of a data recorder, told.
struct Told {
  registers::Index log = 0;
  std::vector<std::pair<registers::Index, double>> values;
  double time_s = 0;
  std::uint32_t depth = 1'000;
  bool begins_anew = false;
  std::uint32_t buffer_depth = 0;

  void to(registers::Sinks& sinks) const {
    std::vector<registers::Index> columns;
    std::vector<registers::Value> held;
    for (const auto& [column, number] : values) {
      columns.push_back(column);
      held.push_back({number, {}, {}});
    }
    sinks.record({Instant{}.plus_s(time_s), log, columns, held, depth, begins_anew, buffer_depth});
  }
};

inline registers::Event event_of(std::uint8_t priority, std::string_view text, double time_s = 0) {
  registers::Event event;
  event.time = Instant{}.plus_s(time_s);
  event.priority = priority;
  event.text = text;
  return event;
}

/// The first values of a log's records, oldest first; the log by its name.
inline std::vector<double> values_in(store::Store& store, std::string_view log) {
  auto reader = must(store.reader());
  std::vector<double> values;
  for (const logs::LogInfo& info : must(reader.logs())) {
    if (info.name != log || info.log == logs::event_log) continue;
    logs::Range range;
    range.limit = logs::Range::page_max;
    for (const auto& record : must(reader.records(info.log, range)).records)
      values.push_back(record.fields[0].value);
  }
  return values;
}

inline std::vector<logs::Event> events_in(store::Store& store) {
  logs::Range range;
  range.limit = logs::Range::page_max;
  return must(must(store.reader()).events(range)).events;
}

}  // namespace polyphase::testing
