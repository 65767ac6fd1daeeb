#include "sources/simulator/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "text/toml.hpp"

namespace polyphase::sources::simulator {
namespace {

using text::TomlValue;
using Kind = TomlValue::Kind;

constexpr std::array<std::pair<std::string_view, EventKind>, 10> kinds{{
    {"sag", EventKind::sag}, {"swell", EventKind::swell}, {"interruption", EventKind::interruption},
    {"transient", EventKind::transient}, {"notch", EventKind::notch}, {"rvc", EventKind::rvc},
    {"load-step", EventKind::load_step}, {"phase-jump", EventKind::phase_jump},
    {"mains-signal", EventKind::mains_signal}, {"gap", EventKind::gap}}};

class Parser {
 public:
  explicit Parser(std::string_view file) : file_(file) {}

  Result<Scenario> run(const TomlValue& document) {
    // The order of sections in the file does not matter: what channels build on comes first.
    for (const char* section : {"scenario", "frequency", "voltage", "current", "channel", "flicker", "event", "life"})
      if (const TomlValue* value = document.find(section)) read(section, *value);
    for (const auto& [key, value] : document.members)
      if (!known_section(key))
        refuse(value, fmt::format("'{}' is no section: scenario, voltage, current, channel, frequency, flicker, event, life", key));
    if (error_.empty()) return out_;
    return fail(ErrorCode::invalid_config, error_, where_);
  }

 private:
  static bool known_section(const std::string& key) {
    for (const char* s : {"scenario", "frequency", "voltage", "current", "channel", "flicker", "event", "life"})
      if (key == s) return true;
    return false;
  }

  void refuse(const TomlValue& at, std::string message) {
    if (!error_.empty()) return;  // the first mistake is the one to mend
    error_ = std::move(message);
    where_ = fmt::format("{}:{}", file_, at.line);
  }

  void number(const std::string& key, const TomlValue& value, double low, double high, double& to) {
    if (value.kind != Kind::integer && value.kind != Kind::real) {
      refuse(value, fmt::format("'{}' must be a number", key));
    } else if (!(value.number >= low && value.number <= high)) {
      refuse(value, fmt::format("'{}' is {}; {} to {} is possible", key, value.number, low, high));
    } else {
      to = value.number;
    }
  }

  struct Number {
    const char* key;
    double low, high;
    double* to;
  };

  // Reads the numbers of a table; what is none of them goes to `other`, which says whether it knew it.
  template <class Other>
  void numbers(const TomlValue& table, std::initializer_list<Number> list, Other other) {
    for (const auto& [key, value] : table.members) {
      const auto it = std::find_if(list.begin(), list.end(), [&, k = &key](const Number& n) { return *k == n.key; });
      if (it != list.end()) number(key, value, it->low, it->high, *it->to);
      else if (!other(key, value)) refuse(value, fmt::format("'{}' is no key here (docs/scenario.md lists them)", key));
    }
  }

  std::vector<Tone> tones(const TomlValue& array) {
    std::vector<Tone> list;
    if (array.kind != Kind::array || array.items.size() > tones_max) {
      refuse(array, fmt::format("tones are an array of at most {} tables {{ order, percent, angle_deg }}", tones_max));
      return list;
    }
    for (const TomlValue& item : array.items) {
      Tone tone;
      numbers(item, {{"order", 0.001, 10'000, &tone.order}, {"percent", 0, 1'000, &tone.percent}, {"angle_deg", -360, 360, &tone.angle_deg}},
              [](const std::string&, const TomlValue&) { return false; });
      if (tone.order == 0) refuse(item, "a tone needs its order");
      list.push_back(tone);
    }
    return list;
  }

  void three_phases(const TomlValue& table, std::size_t first) {
    double rms = 0, angle = 0, lag = 0, power_factor = 2, noise = 0, dc = 0, neutral = 0;
    bool leading = false;
    std::vector<Tone> set;
    const bool current = first == 4;
    numbers(table,
            {{current ? "rms_a" : "rms_v", 0, 1e9, &rms}, {"angle_deg", -360, 360, &angle}, {"lag_deg", -360, 360, &lag},
             {"power_factor", 0, 1, &power_factor}, {"noise_percent", 0, 100, &noise}, {current ? "dc_a" : "dc_v", -1e9, 1e9, &dc},
             {current ? "neutral_a" : "neutral_v", 0, 1e9, &neutral}},
            [&](const std::string& key, const TomlValue& value) {
              if (key == "tones") set = tones(value);
              else if (key == "leading" && value.kind == Kind::boolean) leading = value.boolean;
              else return false;
              return true;
            });
    // Lag and lead are meant against the voltage, whatever its angle.
    if (current && table.find("angle_deg") == nullptr) angle = out_.channels[0].angle_deg;
    if (power_factor <= 1) lag = std::acos(power_factor) * 180 / 3.14159265358979323846 * (leading ? -1 : 1);
    for (std::size_t p = 0; p < 3; ++p) {
      ChannelState& c = out_.channels[first + p];
      c.rms = rms;
      c.angle_deg = angle - lag - 120.0 * static_cast<double>(p);
      c.noise_percent = noise;
      c.dc = dc;
      c.tones = set;
    }
    out_.channels[first + 3].rms = neutral;
    out_.channels[first + 3].noise_percent = noise;
  }

  void channel(const std::string& name, const TomlValue& table) {
    const auto it = std::find(channel_names.begin(), channel_names.end(), name);
    if (it == channel_names.end()) return refuse(table, fmt::format("'{}' is no channel: V1 to V4, I1 to I4", name));
    ChannelState& c = out_.channels[static_cast<std::size_t>(it - channel_names.begin())];
    numbers(table, {{"rms", 0, 1e9, &c.rms}, {"angle_deg", -720, 720, &c.angle_deg}, {"noise_percent", 0, 100, &c.noise_percent}, {"dc", -1e9, 1e9, &c.dc}},
            [&](const std::string& key, const TomlValue& value) {
              if (key != "tones") return false;
              c.tones = tones(value);
              return true;
            });
  }

  void frequency(const TomlValue& table) {
    out_.frequency.clear();
    double hz = 0;
    numbers(table, {{"hz", 5, 400, &hz}}, [&](const std::string& key, const TomlValue& value) {
      if (key != "points" || value.kind != Kind::array || value.items.size() > points_max) return false;
      for (const TomlValue& item : value.items) {
        FrequencyPoint point;
        numbers(item, {{"at_s", 0, 1e9, &point.at_s}, {"hz", 5, 400, &point.hz}}, [](const std::string&, const TomlValue&) { return false; });
        if (!out_.frequency.empty() && point.at_s <= out_.frequency.back().at_s) refuse(item, "the points' times must rise");
        out_.frequency.push_back(point);
      }
      return true;
    });
    if (out_.frequency.empty()) out_.frequency.push_back({0, hz > 0 ? hz : out_.nominal_frequency_hz});
  }

  void event(const TomlValue& table) {
    TimedEvent e;
    const TomlValue* kind = table.find("kind");
    const auto it = std::find_if(kinds.begin(), kinds.end(), [&](const auto& k) { return kind != nullptr && k.first == kind->string; });
    if (it == kinds.end())
      return refuse(table, "an event needs its kind: sag, swell, interruption, transient, notch, rvc, load-step, phase-jump, mains-signal, gap");
    e.kind = it->second;
    numbers(table,
            {{"start_s", 0, 1e9, &e.start_s}, {"duration_s", 0, 1e9, &e.duration_s}, {"percent", -1'000, 1'000, &e.percent},
             {"frequency_hz", 0, 100'000, &e.frequency_hz}, {"angle_deg", -360, 360, &e.angle_deg}, {"ramp_s", 0, 1e6, &e.ramp_s}, {"repeat_s", 0, 1e9, &e.repeat_s}},
            [&](const std::string& key, const TomlValue& value) {
              if (key == "phases") {
                e.phases = {false, false, false};
                for (const char c : value.string) {
                  if (c < 'a' || c > 'c') refuse(value, "phases are letters of 'abc'");
                  else e.phases[static_cast<std::size_t>(c - 'a')] = true;
                }
                return true;
              }
              return key == "kind";
            });
    if (e.repeat_s > 0 && e.repeat_s < e.duration_s) refuse(table, "repeat_s must not be shorter than duration_s");
    out_.events.push_back(e);
    if (out_.events.size() > events_max) refuse(table, fmt::format("more than {} events", events_max));
  }

  void read(std::string_view section, const TomlValue& value) {
    const bool list = section == "event";
    if (value.kind != (list ? Kind::array : Kind::table))
      return refuse(value, fmt::format("{} must be {}", section, list ? "[[event]] tables" : "a [table]"));
    if (section == "scenario") return head(value);
    if (section == "voltage") return three_phases(value, 0);
    if (section == "current") return three_phases(value, 4);
    if (section == "frequency") return frequency(value);
    if (section == "channel") {
      for (const auto& [name, table] : value.members) channel(name, table);
    } else if (section == "event") {
      for (const TomlValue& table : value.items) event(table);
    } else if (section == "flicker") {
      numbers(value, {{"percent", 0, 100, &out_.flicker.percent}, {"frequency_hz", 0.001, 100, &out_.flicker.frequency_hz}},
              [&](const std::string& key, const TomlValue& v) {
                if (key != "shape" || (v.string != "sine" && v.string != "rectangular")) return false;
                out_.flicker.rectangular = v.string == "rectangular";
                return true;
              });
    } else {
      out_.life.on = true;
      numbers(value, {{"events_every_s", 1, 1e9, &out_.life.events_every_s}, {"first_events_within_s", 10, 1e9, &out_.life.first_events_within_s}},
              [](const std::string&, const TomlValue&) { return false; });
    }
  }

  void head(const TomlValue& table) {
    double seed = static_cast<double>(out_.seed);
    numbers(table,
            {{"sample_rate_hz", 400, 200'000, &out_.sample_rate_hz}, {"duration_s", 0.01, 1e9, &out_.duration_s}, {"seed", 0, 1e15, &seed},
             {"nominal_voltage_v", 0, 1e9, &out_.nominal_voltage_v}, {"nominal_current_a", 0, 1e9, &out_.nominal_current_a},
             {"nominal_frequency_hz", 50, 60, &out_.nominal_frequency_hz}},
            [&](const std::string& key, const TomlValue& value) {
              if (key == "name") out_.name = value.string;
              else if (key == "description") out_.description = value.string;
              else if (key == "wiring") out_.wiring = value.string;
              else if (key == "start") {
                if (auto instant = parse_iso8601(value.string)) out_.start = *instant;
                else refuse(value, instant.error().message);
              } else return false;
              return true;
            });
    out_.seed = static_cast<std::uint64_t>(seed);
    out_.frequency = {{0, out_.nominal_frequency_hz}};
  }

  std::string file_;
  Scenario out_;
  std::string error_, where_;
};

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, std::string_view name) {
  auto document = text::parse_toml(text, name);
  if (!document) return tl::unexpected(document.error());
  return Parser(name).run(*document);
}

}  // namespace polyphase::sources::simulator
