#pragma once

#include <string>
#include <utility>

#include "fake_meter.hpp"

namespace polyphase::testing {

/// A meter of a few registers, for the tests of the page: three users (USER1 with all rights,
/// USER2 with Read Access, USER3 with none; password "0"), two logs, events.
class PageMeter : public FakeMeter {
 public:
  PageMeter() {
    using enum registers::RegisterType;
    using enum registers::Role;
    using enum registers::Cadence;
    module("PM1", "Power Meter");
    describe_module([](control::ModuleInfo& module) { module.core = true; });
    for (const auto& [name, unit] : {std::pair{"Vln a", "V"},
                                     {"Vln b", "V"},
                                     {"I a", "A"},
                                     {"kW tot", "kW"},
                                     {"Freq", "Hz"},
                                     {"kWh del", "kWh"}})
      make(name, numeric, output, unit, second);
    make("Va ang", numeric, output, "deg", window);
    make("Device Type", string, output, "", none);
    make("Volts Mode", enumerated, setup, "", none);
    make("PT Prim", numeric_bounded, setup, "V", none);
    set_text(find("Device Type"), "Polyphase");
    module("EXN1", "External Numeric");
    describe_module([](control::ModuleInfo& module) {
      module.online = false;
      module.offline_reason = "no input is linked";
    });
    input("Source", registers::no_register);
    make("Trigger", pulse, output, "", none);
    add_reset({"peak-demand", "Peak Demand", Right::peak_demand_reset});
    add_reset({"master", "Master", Right::full_config});
    add_user("USER1", Rights::all());
    add_user("USER2", Rights::only(Right::read));
    add_user("USER3", {});
    make_logs();
  }

 private:
  void make(const char* name, registers::RegisterType type, registers::Role role, const char* unit,
            registers::Cadence cadence) {
    registers::RegisterInfo info;
    info.label = info.name = name;
    info.type = type;
    info.role = role;
    info.unit = unit;
    info.definition = std::string("what ") + name + " is";
    info.cadence = cadence;
    if (type == registers::RegisterType::numeric_bounded) {
      info.minimum = 1;
      info.maximum = 1000;
    }
    if (type == registers::RegisterType::enumerated) info.choices = {"4W-WYE", "DELTA"};
    const bool output = role == registers::Role::output;
    const double number = output ? 100.0 + registers_made_ : 1;
    add(std::move(info), number);
    set(name, {number, {}, {1'700'000'000'000'000'000}});
    ++registers_made_;
  }

  void make_logs() {
    logs::LogInfo events;
    events.log = logs::event_log;
    events.name = logs::event_log_name;
    events.depth = logs::event_depth_default;
    add_log(events, {});
    logs::LogInfo data;
    data.log = {1};
    data.name = "Data Log 1";
    data.columns = {{"kW tot", "kW"}, {"Vln a", "V"}};
    data.depth = 1000;
    std::vector<logs::Record> records;
    for (std::int64_t number = 1; number <= 5; ++number) {
      logs::Record record;
      record.number = number;
      record.time = Instant{1'700'000'000'000'000'000}.plus_s(900.0 * static_cast<double>(number));
      record.fields = {{static_cast<double>(number) + 0.5, {}}, {}};
      record.fields[0].quality.add(Quality::bridged);
      records.push_back(record);
    }
    data.count = data.number_newest = 5;
    data.number_oldest = 1;
    data.next_number = 6;
    data.time_oldest = records.front().time;
    data.time_newest = records.back().time;
    add_log(std::move(data), std::move(records));
    for (const int priority : {10, 200, 50}) {
      logs::Event event;
      event.priority = static_cast<std::uint8_t>(priority);
      event.cause = "Setpoint, \"1\"";
      event.effect = "on";
      note_event(event);
    }
  }

  unsigned registers_made_ = 0;
};

}  // namespace polyphase::testing
