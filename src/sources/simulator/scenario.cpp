#include "sources/simulator/scenario.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>

#include "sources/simulator/parse_event.hpp"
#include "text/toml_table.hpp"

namespace polyphase::sources::simulator {
namespace {

using text::TomlTable;
using text::TomlValue;
using Kind = TomlValue::Kind;

constexpr double amount_max = 1e9, time_max_s = 1e9, percent_max = 1'000;
constexpr double frequency_min_hz = 5, frequency_max_hz = 400;
constexpr double rate_min_hz = 400, rate_max_hz = 1'000'000;
constexpr std::uint64_t seed_max = 1'000'000'000'000'000;

constexpr double radians(double degrees) { return degrees * std::numbers::pi / 180; }
constexpr double degrees(double radians) { return radians * 180 / std::numbers::pi; }

class Parser {
 public:
  explicit Parser(std::string_view file) : mistake_(file) {}

  Result<Scenario> run(const TomlValue& document) {
    // Not in the order of the file: what others build on comes first.
    TomlTable top(document, "the scenario", mistake_);
    section(top, "scenario", &Parser::head);
    out_.frequency = {{0, out_.nominal_frequency_hz}};
    section(top, "frequency", &Parser::frequency);
    section(top, "voltage", &Parser::voltage);
    section(top, "network", &Parser::network);
    out_.loads.push_back({"current", {}, Curve::steady});
    section(top, "current", &Parser::current);
    out_.neutral_is_sum = out_.wired == Wiring::wye && out_.loads[0].phases[3].rms == 0;
    each(top, "load", loads_max, &Parser::load);
    if (const TomlValue* channels = top.value("channel", Kind::table))
      for (const auto& [name, value] : channels->members) channel(name, value);
    section(top, "flicker", &Parser::flicker);
    section(top, "life", &Parser::life);
    each(top, "event", events_max, &Parser::event);
    top.finish();
    if (mistake_.first()) return tl::unexpected(*mistake_.first());
    return std::move(out_);
  }

 private:
  void section(TomlTable& top, std::string_view key, void (Parser::*read)(TomlTable&)) {
    const TomlValue* value = top.value(key, Kind::table);
    if (value == nullptr) return;
    TomlTable table(*value, fmt::format("[{}]", key), mistake_);
    (this->*read)(table);
    table.finish();
  }

  void each(TomlTable& top, std::string_view key, std::size_t count_max,
            void (Parser::*read)(const TomlValue&)) {
    const TomlValue* list = top.value(key, Kind::array);
    if (list == nullptr) return;
    if (list->items.size() > count_max)
      return top.refuse(
          key, fmt::format("is there {} times; {} are possible", list->items.size(), count_max));
    for (const TomlValue& item : list->items) (this->*read)(item);
  }

  void head(TomlTable& table) {
    static constexpr std::array<std::string_view, 4> wirings{"4w-wye", "3w-wye", "delta", "single"};
    table.string("name", out_.name);
    table.string("description", out_.description);
    table.number("sample_rate_hz", rate_min_hz, rate_max_hz, out_.sample_rate_hz);
    table.number("duration_s", 0, time_max_s, out_.duration_s);
    table.integer("seed", 0, seed_max, out_.seed);
    table.number("nominal_voltage_v", 0, amount_max, out_.nominal_voltage_v);
    table.number("nominal_current_a", 0, amount_max, out_.nominal_current_a);
    table.number("nominal_frequency_hz", 50, 60, out_.nominal_frequency_hz);
    if (out_.nominal_frequency_hz != 50 && out_.nominal_frequency_hz != 60)
      table.refuse("nominal_frequency_hz", "is 50 or 60");
    table.number("full_scale_v", 0, amount_max, out_.full_scale_v);
    table.number("full_scale_a", 0, amount_max, out_.full_scale_a);
    auto wired = static_cast<std::size_t>(out_.wired);
    table.choice("wiring", wirings, wired);
    out_.wired = static_cast<Wiring>(wired);
    out_.wiring = wirings[wired];
    start(table);
  }

  void start(TomlTable& table) {
    std::string text;
    table.string("start", text);
    if (text.empty()) return;
    const auto instant = parse_iso8601(text);
    if (instant)
      out_.start = *instant;
    else
      table.refuse("start", instant.error().message);
  }

  void frequency(TomlTable& table) {
    double hz = out_.nominal_frequency_hz;
    table.number("hz", frequency_min_hz, frequency_max_hz, hz);
    out_.frequency = {{0, hz}};
    const TomlValue* points = table.value("points", Kind::array);
    if (points == nullptr) return;
    if (table.has("hz")) return table.refuse("points", "and hz exclude each other");
    if (points->items.empty() || points->items.size() > points_max)
      return table.refuse("points", fmt::format("holds 1 to {} points", points_max));
    out_.frequency.clear();
    for (const TomlValue& item : points->items) {
      TomlTable entry(item, "a frequency point", mistake_);
      FrequencyPoint point;
      entry.number("at_s", 0, time_max_s, point.at_s);
      entry.number("hz", frequency_min_hz, frequency_max_hz, point.hz);
      for (const char* key : {"at_s", "hz"})
        if (!entry.has(key)) entry.refuse(key, "is missing");
      if (!out_.frequency.empty() && !(point.at_s > out_.frequency.back().at_s))
        entry.refuse("at_s", "is not later than that of the point before");
      entry.finish();
      out_.frequency.push_back(point);
    }
  }

  std::vector<Tone> tones(TomlTable& table) {
    std::vector<Tone> list;
    const TomlValue* array = table.value("tones", Kind::array);
    if (array == nullptr) return list;
    if (array->items.size() > tones_max) {
      table.refuse("tones", fmt::format("are {}; {} are possible", array->items.size(), tones_max));
      return list;
    }
    for (const TomlValue& item : array->items) {
      TomlTable entry(item, "a tone", mistake_);
      Tone tone;
      entry.number("order", 0.001, 10'000, tone.order);
      entry.number("percent", 0, percent_max, tone.percent);
      entry.number("angle_deg", -360, 360, tone.angle_deg);
      for (const char* key : {"order", "percent"})
        if (!entry.has(key)) entry.refuse(key, "is missing");
      entry.finish();
      list.push_back(tone);
    }
    return list;
  }

  std::size_t phase_count() const { return out_.wired == Wiring::single ? 2 : 3; }
  /// Of a balanced set.
  double phase_angle_deg(std::size_t phase) const {
    return out_.wired == Wiring::single ? 180.0 * static_cast<double>(phase)
                                        : turn_ * 120.0 * static_cast<double>(phase);
  }

  void voltage(TomlTable& table) {
    static constexpr std::array<std::string_view, 2> rotations{"abc", "acb"};
    double rms = 0, negative = 0, negative_angle = 0, zero = 0, zero_angle = 0, noise = 0, dc = 0;
    std::size_t rotation = 0;
    table.number("rms_v", 0, amount_max, rms);
    table.number("angle_deg", -360, 360, voltage_angle_deg_);
    table.choice("rotation", rotations, rotation);
    turn_ = rotation == 0 ? -1 : 1;
    table.number("negative_percent", 0, 100, negative);
    table.number("negative_angle_deg", -360, 360, negative_angle);
    table.number("zero_percent", 0, 100, zero);
    table.number("zero_angle_deg", -360, 360, zero_angle);
    table.number("noise_percent", 0, 100, noise);
    table.number("dc_v", -amount_max, amount_max, dc);
    const std::vector<Tone> set = tones(table);
    if (out_.wired == Wiring::delta) rms /= std::numbers::sqrt3;
    for (std::size_t p = 0; p < phase_count(); ++p) {
      const double own = phase_angle_deg(p);
      const auto phasor =
          std::polar(rms, radians(voltage_angle_deg_ + own)) +
          std::polar(rms * negative / 100, radians(voltage_angle_deg_ + negative_angle - own)) +
          std::polar(rms * zero / 100, radians(voltage_angle_deg_ + zero_angle));
      const bool plain = negative == 0 && zero == 0;  // keeps the angle as it was written
      out_.voltages[p] = {plain ? rms : std::abs(phasor),
                          plain ? voltage_angle_deg_ + own : degrees(std::arg(phasor)), dc, noise,
                          set};
    }
    table.number("neutral_v", 0, amount_max, out_.voltages[3].rms);
    out_.voltages[3].noise_percent = noise;
  }

  void network(TomlTable& table) {
    table.number("resistance_ohm", 0, 1e6, out_.network_resistance_ohm);
    table.number("reactance_ohm", 0, 1e6, out_.network_reactance_ohm);
  }

  /// What [current] and [[load]] have in common.
  void currents(TomlTable& table, Load& load) {
    static constexpr std::array<std::string_view, 4> curves{"steady", "home", "office", "industry"};
    double rms = 0, lag = 0, power_factor = 1;
    bool leading = false;
    auto curve = static_cast<std::size_t>(load.curve);
    table.number("rms_a", 0, amount_max, rms);
    table.number("lag_deg", -360, 360, lag);
    table.number("power_factor", -1, 1, power_factor);
    table.boolean("leading", leading);
    if (table.has("power_factor")) {
      if (table.has("lag_deg")) table.refuse("power_factor", "and lag_deg exclude each other");
      lag = degrees(std::acos(power_factor)) * (leading ? -1 : 1);
    }
    double angle = voltage_angle_deg_ - lag;
    table.number("angle_deg", -360, 360, angle);
    table.choice("curve", curves, curve);
    load.curve = static_cast<Curve>(curve);
    const std::vector<Tone> set = tones(table);
    const std::array<double, 3> share = shares(table);
    for (std::size_t p = 0; p < phase_count(); ++p)
      load.phases[p] = {rms * share[p] / 100, angle + phase_angle_deg(p), 0, 0, set};
  }

  std::array<double, 3> shares(TomlTable& table) {
    std::array<double, 3> share{100, 100, 100};
    const TomlValue* array = table.value("phase_percent", Kind::array);
    if (array == nullptr) return share;
    bool good = array->items.size() == 3;
    for (std::size_t p = 0; good && p < 3; ++p) {
      const TomlValue& item = array->items[p];
      share[p] = item.number;
      good = (item.kind == Kind::integer || item.kind == Kind::real) && share[p] >= 0 &&
             share[p] <= percent_max;
    }
    if (!good)
      table.refuse("phase_percent", fmt::format("is three numbers of 0 to {}", percent_max));
    return good ? share : std::array<double, 3>{};
  }

  void current(TomlTable& table) {
    double dc = 0;
    Load& load = out_.loads[0];
    currents(table, load);
    table.number("dc_a", -amount_max, amount_max, dc);
    table.number("noise_percent", 0, 100, out_.current_noise_percent);
    table.number("neutral_a", 0, amount_max, load.phases[3].rms);
    for (std::size_t p = 0; p < phase_count(); ++p) load.phases[p].dc = dc;
  }

  void load(const TomlValue& value) {
    TomlTable table(value, "[[load]]", mistake_);
    Load load;
    table.string("name", load.name);
    if (load.name.empty()) table.refuse("name", "is missing");
    for (const Load& other : out_.loads)
      if (other.name == load.name) table.refuse("name", fmt::format("'{}' is taken", load.name));
    currents(table, load);
    table.finish();
    out_.loads.push_back(std::move(load));
  }

  void channel(const std::string& name, const TomlValue& value) {
    TomlTable table(value, fmt::format("[channel.{}]", name), mistake_);
    const auto it = std::find(channel_names.begin(), channel_names.end(), name);
    if (it == channel_names.end())
      return mistake_.add(value.line, fmt::format("'{}' is no channel: V1 to V4, I1 to I4", name));
    const auto place = static_cast<std::size_t>(it - channel_names.begin());
    ChannelState& state = place < 4 ? out_.voltages[place] : out_.loads[0].phases[place - 4];
    table.number("rms", 0, amount_max, state.rms);
    table.number("angle_deg", -720, 720, state.angle_deg);
    table.number("dc", -amount_max, amount_max, state.dc);
    if (place < 4) table.number("noise_percent", 0, 100, state.noise_percent);
    if (table.has("tones")) state.tones = tones(table);
    if (place == 7) out_.neutral_is_sum = false;
    table.finish();
  }

  void flicker(TomlTable& table) {
    static constexpr std::array<std::string_view, 2> shapes{"sine", "rectangular"};
    std::size_t shape = 0;
    double changes = 0;
    table.number("percent", 0, 100, out_.flicker.percent);
    table.number("frequency_hz", 0.0001, 100, out_.flicker.frequency_hz);
    table.number("changes_per_minute", 0.01, 12'000, changes);
    if (changes > 0) {
      if (table.has("frequency_hz"))
        table.refuse("changes_per_minute", "and frequency_hz exclude each other");
      out_.flicker.frequency_hz = changes / 120;  // there and back are two changes
    }
    table.choice("shape", shapes, shape);
    out_.flicker.rectangular = shape == 1;
    out_.flicker.phases = parse_phases(table, "phases");
  }

  void life(TomlTable& table) {
    Life& life = out_.life;
    life = {true, 1, 10, 0.02, 600, 60, 0};
    table.number("voltage_percent", 0, 20, life.voltage_percent);
    table.number("load_percent", 0, 90, life.load_percent);
    table.number("frequency_hz", 0, 2, life.frequency_hz);
    table.number("events_every_s", 0, time_max_s, life.events_every_s);
    table.number("first_events_within_s", 0, time_max_s, life.first_events_within_s);
    if (life.events_every_s > 0 && life.events_every_s < 20)
      table.refuse("events_every_s", "is 0 (none) or at least 20");
    if (life.first_events_within_s > 0 && life.first_events_within_s < 10)
      table.refuse("first_events_within_s", "is 0 (none) or at least 10");
    std::string offset;
    table.string("utc_offset", offset);
    if (offset.empty()) return;
    const auto seconds = parse_utc_offset_s(offset);
    if (seconds)
      life.utc_offset_s = *seconds;
    else
      table.refuse("utc_offset", seconds.error().message);
  }

  void event(const TomlValue& value) { out_.events.push_back(parse_event(value, out_, mistake_)); }

  text::TomlMistake mistake_;
  Scenario out_;
  double voltage_angle_deg_ = 0;
  double turn_ = -1;  ///< phase b follows a (-1) or goes before it
};

}  // namespace

Result<Scenario> parse_scenario(std::string_view text, std::string_view name) {
  const auto document = text::parse_toml(text, name);
  if (!document) return tl::unexpected(document.error());
  return Parser(name).run(*document);
}

}  // namespace polyphase::sources::simulator
