#include "sources/simulator/parse_event.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyphase::sources::simulator {
namespace {

using text::TomlTable;
using text::TomlValue;

constexpr std::array<std::string_view, 13> kind_names{
    "sag",       "swell",     "interruption", "rvc",   "unbalance",    "load-step", "phase-jump",
    "frequency", "transient", "impulse",      "notch", "mains-signal", "gap"};

constexpr double time_max_s = 1e9, percent_max = 1'000;
// Until a decaying signal is below 2e-9 of its beginning.
constexpr double decays_until_gone = 20;

bool may_last(EventKind kind) {
  return kind == EventKind::rvc || kind == EventKind::unbalance || kind == EventKind::load_step ||
         kind == EventKind::phase_jump || kind == EventKind::frequency ||
         kind == EventKind::mains_signal || kind == EventKind::notch;
}

bool concerns_phases(EventKind kind) {
  return kind != EventKind::frequency && kind != EventKind::gap && kind != EventKind::load_step;
}

bool decays(EventKind kind) { return kind == EventKind::transient || kind == EventKind::impulse; }

class EventReader {
 public:
  EventReader(const TomlValue& value, const Scenario& scenario, text::TomlMistake& mistake)
      : table_(value, "[[event]]", mistake), value_(value), scenario_(scenario) {}

  TimedEvent read() {
    std::size_t kind = 0;
    if (!table_.has("kind"))
      table_.refuse("kind", fmt::format("is missing: {}", fmt::join(kind_names, ", ")));
    table_.choice("kind", kind_names, kind);
    event_.kind = static_cast<EventKind>(kind);
    if (concerns_phases(event_.kind)) event_.phases = parse_phases(table_, "phases");
    table_.number("start_s", 0, time_max_s, event_.start_s);
    table_.number("repeat_s", 0, time_max_s, event_.repeat_s);
    table_.integer("count", 1, 1'000'000'000, event_.count);
    effects();
    if (decays(event_.kind))
      event_.duration_s = decays_until_gone * event_.decay_s;
    else
      duration();
    if (event_.repeat_s > 0 && event_.repeat_s < event_.duration_s)
      table_.refuse("repeat_s", fmt::format("is {}; the event alone takes {}", event_.repeat_s,
                                            event_.duration_s));
    table_.finish();
    return event_;
  }

 private:
  void duration() {
    table_.number("duration_s", may_last(event_.kind) ? 0.0 : 1e-6, time_max_s, event_.duration_s);
    if (event_.duration_s > 0) return;
    if (may_last(event_.kind))
      event_.duration_s = lasting;
    else
      table_.refuse("duration_s", "is missing");
  }

  void ramps() {
    double both = 0;
    table_.number("ramp_s", 0, time_max_s, both);
    event_.ramp_in_s = event_.ramp_out_s = both;
    table_.number("ramp_in_s", 0, time_max_s, event_.ramp_in_s);
    table_.number("ramp_out_s", 0, time_max_s, event_.ramp_out_s);
    double duration = 0;
    if (const TomlValue* value = value_.find("duration_s")) duration = value->number;
    if (duration > 0 && event_.ramp_in_s + event_.ramp_out_s > duration)
      table_.refuse("duration_s", fmt::format("is {}; the ramps alone take {}", duration,
                                              event_.ramp_in_s + event_.ramp_out_s));
  }

  /// `percent`: one number for the phases concerned, or three.
  std::array<double, 3> percents(double low, double high) {
    std::array<double, 3> list{};
    const TomlValue* value = value_.find("percent");
    if (value != nullptr && value->kind == TomlValue::Kind::array) {
      if (value->items.size() != 3) table_.refuse("percent", "has one number or three");
      (void)table_.value("percent", TomlValue::Kind::array);
      for (std::size_t p = 0; p < 3 && p < value->items.size(); ++p) {
        const TomlValue& item = value->items[p];
        list[p] = item.number;
        const bool number =
            item.kind == TomlValue::Kind::real || item.kind == TomlValue::Kind::integer;
        if (!number || !(item.number >= low && item.number <= high))
          table_.refuse("percent",
                        fmt::format("holds a value that is not within {} to {}", low, high));
      }
      return list;
    }
    double one = 0;
    need("percent", low, high, one);
    list.fill(one);
    return list;
  }

  void need(std::string_view key, double low, double high, double& to) {
    if (!table_.has(key)) table_.refuse(key, fmt::format("is missing: {} to {}", low, high));
    table_.number(key, low, high, to);
  }

  /// Voltages become `percent` of what they were; currents follow unless they are said to be other.
  void scale_voltages(const std::array<double, 3>& percent) {
    double current = -1;
    table_.number("current_percent", 0, 100 * percent_max, current);
    table_.number("angle_deg", -360, 360, event_.angle_deg);
    for (std::size_t p = 0; p < 3; ++p) {
      if (!event_.phases[p]) continue;
      event_.voltage_factor[p] = percent[p] / 100;
      event_.current_factor[p] = current >= 0 ? current / 100 : event_.voltage_factor[p];
    }
    ramps();
  }

  void load_step() {
    need("percent", 0, 100 * percent_max, event_.percent);
    event_.load_factor = event_.percent / 100;
    std::string name;
    table_.string("load", name);
    if (!name.empty()) {
      const auto it = std::find_if(scenario_.loads.begin(), scenario_.loads.end(),
                                   [&](const Load& load) { return load.name == name; });
      event_.load = static_cast<int>(it - scenario_.loads.begin());
      if (it == scenario_.loads.end()) table_.refuse("load", fmt::format("'{}' is no load", name));
    }
    ramps();
  }

  void effects() {
    switch (event_.kind) {
      case EventKind::sag:
        return scale_voltages(percents(0, 100));
      case EventKind::swell:
        return scale_voltages(percents(100, percent_max));
      case EventKind::unbalance:
        return scale_voltages(percents(0, percent_max));
      case EventKind::interruption:
        return scale_voltages(table_.has("percent") ? percents(0, 100) : std::array<double, 3>{});
      case EventKind::rvc: {
        auto percent = percents(-100, 100);
        for (double& p : percent) p += 100;
        return scale_voltages(percent);
      }
      case EventKind::load_step:
        return load_step();
      case EventKind::phase_jump:
        return need("angle_deg", -360, 360, event_.angle_deg);
      case EventKind::frequency:
        need("change_hz", -20, 20, event_.change_hz);
        return ramps();
      case EventKind::transient:
        need("percent", -percent_max, percent_max, event_.percent);
        need("frequency_hz", 1, 1e6, event_.frequency_hz);
        event_.decay_s = 0.002;
        return table_.number("decay_s", 1e-6, 10, event_.decay_s);
      case EventKind::impulse:
        need("percent", -100 * percent_max, 100 * percent_max, event_.percent);
        event_.rise_s = 1.2e-6;
        event_.decay_s = 50e-6;
        table_.number("rise_s", 1e-9, 1, event_.rise_s);
        table_.number("decay_s", 1e-9, 10, event_.decay_s);
        if (event_.rise_s >= event_.decay_s)
          table_.refuse("rise_s", fmt::format("must be shorter than decay_s, {}", event_.decay_s));
        return;
      case EventKind::notch:
        need("percent", 0, 200, event_.percent);
        event_.width_s = 0.0005;
        event_.per_cycle = 6;
        table_.number("width_s", 1e-6, 0.02, event_.width_s);
        table_.number("per_cycle", 1, 100, event_.per_cycle);
        return table_.number("angle_deg", -360, 360, event_.angle_deg);
      case EventKind::mains_signal:
        return mains_signal();
      case EventKind::gap:
        return table_.boolean("bridged", event_.bridged);
    }
  }

  void mains_signal() {
    need("percent", 0, percent_max, event_.percent);
    table_.number("frequency_hz", 1, 1e6, event_.frequency_hz);
    table_.number("order", 0.001, 10'000, event_.order);
    if ((event_.frequency_hz > 0) == (event_.order > 0))
      table_.refuse("kind", "mains-signal needs either frequency_hz or order");
    table_.number("angle_deg", -360, 360, event_.angle_deg);
    ramps();
  }

  TomlTable table_;
  const TomlValue& value_;
  const Scenario& scenario_;
  TimedEvent event_;
};

}  // namespace

std::array<bool, 3> parse_phases(TomlTable& table, std::string_view key) {
  std::string letters = "abc";
  table.string(key, letters);
  std::array<bool, 3> phases{};
  for (const char c : letters) {
    if (c < 'a' || c > 'c')
      table.refuse(key, fmt::format("is '{}'; letters of 'abc' are possible", letters));
    else
      phases[static_cast<std::size_t>(c - 'a')] = true;
  }
  if (letters.empty()) table.refuse(key, "is empty; letters of 'abc' are possible");
  return phases;
}

TimedEvent parse_event(const TomlValue& table, const Scenario& scenario,
                       text::TomlMistake& mistake) {
  return EventReader(table, scenario, mistake).read();
}

}  // namespace polyphase::sources::simulator
