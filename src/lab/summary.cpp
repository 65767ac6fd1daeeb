#include "lab/summary.hpp"

#include <algorithm>
#include <string_view>

#include "lab/event_list.hpp"

namespace polyphase::lab {
namespace {

using graph::Cadence;
using registers::Aggregation;
using registers::available;

struct Shown {
  const char* label;
  int decimals;
  bool power = false;                 ///< shown also where it is N/A
  bool input = false;                 ///< one of the channels: drawn over time
  const char* fundamental = nullptr;  ///< of a distortion
};
constexpr Shown shown[] = {
    {"Freq", 4},
    {"Vln a", 2, false, true},
    {"Vln b", 2, false, true},
    {"Vln c", 2, false, true},
    {"Vll ab", 2},
    {"Vll bc", 2},
    {"Vll ca", 2},
    {"V4", 2, false, true},
    {"V unbal", 2},
    {"I a", 3, false, true},
    {"I b", 3, false, true},
    {"I c", 3, false, true},
    {"I 4", 3, false, true},
    {"I unbal", 2},
    {"kW tot", 3, true},
    {"kVAR tot", 3, true},
    {"kVA tot", 3, true},
    {"PF sign tot", 3, true},
    {"V1 THD", 2, false, false, "V1 H1 mag"},
    {"V2 THD", 2, false, false, "V2 H1 mag"},
    {"V3 THD", 2, false, false, "V3 H1 mag"},
    {"I1 THD", 2, false, false, "I1 H1 mag"},
    {"I2 THD", 2, false, false, "I2 H1 mag"},
    {"I3 THD", 2, false, false, "I3 H1 mag"},
};
constexpr const char* energies[] = {"kWh del", "kWh rec", "kVARh del", "kVARh rec", "kVAh del+rec"};

// In the order of Cadence.
constexpr const char* prefixes[] = {"HS ", "WN ", ""};
constexpr const char* pace_names[] = {"cycles, each half cycle", "windows of 10 or 12 cycles",
                                      "seconds"};

}  // namespace

Summary::Summary(const graph::Engine& engine) : engine_(engine), motor_(engine) {
  const registers::RegisterTable& table = engine.registers();
  for (const Shown& s : shown) {
    Line line{s.label, s.decimals, s.power, s.input, registers::no_register, {}};
    if (s.fundamental != nullptr)
      line.fundamental = table.find(s.fundamental).value_or(registers::no_register);
    for (std::size_t pace = 0; pace < line.paces.size(); ++pace)
      if (const auto index = table.find(std::string(prefixes[pace]) + s.label))
        line.paces[pace].index = *index;
    lines_.push_back(std::move(line));
  }
}

// What has no meter of its own at a pace (THD) is taken as often as it comes.
void Summary::stepped(Cadence cadence, Instant end, double duration_s, Quality quality) noexcept {
  motor_.stepped(cadence, end, duration_s, quality);
  const auto at = static_cast<std::size_t>(cadence);
  if (quality.has(Quality::partial)) return;
  seen_[at] = true;
  for (Line& line : lines_)
    for (OfPace& pace : line.paces) {
      if (pace.index == registers::no_register ||
          engine_.registers().info(pace.index).cadence != cadence)
        continue;
      const registers::Value& value = engine_.registers().value(pace.index);
      if (line.fundamental != registers::no_register)
        pace.distortion.add(
            value.number, engine_.registers().value(line.fundamental).number, duration_s,
            quality.has(Quality::disturbed) || value.quality.has(Quality::disturbed));
      else
        pace.values.add(value.number, duration_s);
      if (line.input) pace.trace.add(end.plus_s(-duration_s), end, value.number);
    }
}

const Summary::OfPace& Summary::chosen(const Line& line, std::size_t pace) const {
  const bool own = line.paces[pace].index != registers::no_register;
  return line.paces[own ? pace : static_cast<std::size_t>(Cadence::second)];
}

DistortionFigures::Figures Summary::distortion_of(const Line& line, const OfPace& taken) const {
  const bool voltage = line.label[0] == 'V';
  const auto nominal =
      engine_.registers().find(voltage ? "FAC1.Nominal Voltage" : "FAC1.Nominal Current");
  return taken.distortion.figures(
      voltage ? DistortionFigures::voltage_share_min : DistortionFigures::current_share_min,
      nominal ? engine_.registers().value(*nominal).number : registers::not_available);
}

void Summary::add_line(SummaryPage& page, const Line& line, std::size_t pace) const {
  const OfPace& taken = chosen(line, pace);
  if (taken.index == registers::no_register) return;
  const registers::RegisterInfo& info = engine_.registers().info(taken.index);
  const Aggregation mean =
      info.aggregation == Aggregation::rms ? Aggregation::rms : Aggregation::mean;
  DistortionFigures::Figures figures{taken.values};
  if (line.fundamental != registers::no_register) figures = distortion_of(line, taken);
  const Accumulator& values = figures.values;
  if (!available(values.value(mean)) && !line.power && figures.left_out == 0) return;
  page.lines.push_back({line.label, info.unit, line.decimals, values.value(mean),
                        values.value(Aggregation::minimum), values.value(Aggregation::maximum),
                        figures.left_out});
}

// The phases share a picture.
void Summary::add_trends(SummaryPage& page, std::size_t pace) const {
  for (const auto& [title, prefix] : {std::pair{"Voltages", "Vln "}, {"Currents", "I "}}) {
    Trend trend{title, "", {}, {}};
    for (const Line& line : lines_) {
      const OfPace& taken = chosen(line, pace);
      if (!line.input || !std::string_view(line.label).starts_with(prefix) ||
          taken.index == registers::no_register ||
          !available(taken.values.value(Aggregation::mean)))
        continue;
      trend.unit = engine_.registers().info(taken.index).unit;
      trend.curves.push_back({line.label, taken.trace});
    }
    page.trends.push_back(std::move(trend));
  }
}

SummaryPage Summary::page(const Findings& findings, RecordingFacts recording) {
  const registers::RegisterTable& table = engine_.registers();
  SummaryPage page;
  page.recording = std::move(recording);
  page.meter = meter_facts(table);
  page.warnings = warnings_of(page.recording.doubts, table);
  std::size_t pace = seen_.size();
  while (pace > 0 && !seen_[pace - 1]) --pace;
  if (pace > 0) {
    --pace;
    page.of = pace_names[pace];
    for (const Line& line : lines_) add_line(page, line, pace);
    add_trends(page, pace);
    for (const char* label : energies)
      if (const auto index = table.find(label))
        page.sums.push_back({label, table.info(*index).unit, table.value(*index).number});
  }
  motor_.finish(page.recording.end);
  page.motor = motor_.unbalance();
  page.missing_inputs = missing_inputs(table, page.recording.source.channels_present, true);
  for (const registers::Disturbance& d : findings.disturbances)
    page.events.push_back({type_of(d, table), d});
  std::stable_sort(page.events.begin(), page.events.end(),
                   [](const auto& a, const auto& b) { return a.told.time < b.told.time; });
  if (const auto nominal = table.find("FAC1.Nominal Voltage");
      nominal && table.value(*nominal).number > 0)
    page.nominal_v = table.value(*nominal).number;
  return page;
}

}  // namespace polyphase::lab
