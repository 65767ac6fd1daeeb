#include "lab/summary.hpp"

#include <fmt/format.h>

#include <map>

#include "lab/event_list.hpp"
#include "registers/value_text.hpp"

namespace polyphase::lab {
namespace {

using graph::Cadence;
using registers::Aggregation;
using registers::available;

struct Shown {
  const char* label;
  int decimals;
  bool power = false;  ///< shown also where it is N/A
};
constexpr Shown shown[] = {
    {"Freq", 4},          {"Vln a", 2},
    {"Vln b", 2},         {"Vln c", 2},
    {"Vll ab", 2},        {"Vll bc", 2},
    {"Vll ca", 2},        {"V4", 2},
    {"V unbal", 2},       {"I a", 3},
    {"I b", 3},           {"I c", 3},
    {"I 4", 3},           {"I unbal", 2},
    {"kW tot", 3, true},  {"kVAR tot", 3, true},
    {"kVA tot", 3, true}, {"PF sign tot", 3, true},
    {"V1 THD", 2},        {"V2 THD", 2},
    {"V3 THD", 2},        {"I1 THD", 2},
    {"I2 THD", 2},        {"I3 THD", 2},
};
constexpr const char* energies[] = {"kWh del", "kWh rec", "kVARh del", "kVARh rec", "kVAh del+rec"};

// In the order of Cadence.
constexpr const char* prefixes[] = {"HS ", "WN ", ""};
constexpr const char* pace_names[] = {"cycles, each half cycle", "windows of 10 or 12 cycles",
                                      "seconds"};

std::string not_available_line(const char* label) {
  return fmt::format("  {:<12} {:>14}\n", label, "N/A");
}

// What totals of power need and the recording does not have. In a three-wire system one voltage and
// one current follow from the others.
std::string missing_inputs(const registers::RegisterTable& table, ChannelMask present) {
  const auto wiring = table.find("PM1.Volts Mode");
  const std::string mode =
      wiring ? registers::value_text(table.info(*wiring), table.value(*wiring).number) : "";
  if (mode == "DEMO") return {};
  const bool three_wire = mode == "3W-WYE" || mode == "DELTA";
  std::vector<std::string_view> names;
  for (const std::size_t first : {0u, 4u}) {
    const std::size_t count = mode == "SINGLE" ? 2 : 3, before = names.size();
    for (std::size_t c = first; c < first + count; ++c)
      if ((present >> c & 1u) == 0) names.emplace_back(channel_names[c]);
    if (three_wire && names.size() == before + 1) names.pop_back();
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace

Summary::Summary(const graph::Engine& engine) : engine_(engine) {
  const registers::RegisterTable& table = engine.registers();
  for (const Shown& s : shown) {
    Line line{s.label, s.decimals, s.power, {}};
    for (std::size_t pace = 0; pace < line.paces.size(); ++pace)
      if (const auto index = table.find(std::string(prefixes[pace]) + s.label))
        line.paces[pace].index = *index;
    lines_.push_back(std::move(line));
  }
}

// What has no meter of its own at a pace (THD) is taken as often as it comes.
void Summary::stepped(Cadence cadence, Instant, double duration_s, Quality quality) noexcept {
  const auto at = static_cast<std::size_t>(cadence);
  seen_[at] |= !quality.has(Quality::partial);
  for (Line& line : lines_)
    for (Pace& pace : line.paces)
      if (pace.index != registers::no_register &&
          engine_.registers().info(pace.index).cadence == cadence && !quality.has(Quality::partial))
        pace.values.add(engine_.registers().value(pace.index).number, duration_s);
}

std::string Summary::line_text(const Line& line, std::size_t pace) const {
  const Pace& chosen = line.paces[pace].index != registers::no_register
                           ? line.paces[pace]
                           : line.paces[static_cast<std::size_t>(Cadence::second)];
  if (chosen.index == registers::no_register) return {};
  const registers::RegisterInfo& info = engine_.registers().info(chosen.index);
  const Aggregation mean =
      info.aggregation == Aggregation::rms ? Aggregation::rms : Aggregation::mean;
  if (!available(chosen.values.value(mean)))
    return line.power ? not_available_line(line.label) : std::string();
  std::string out = fmt::format("  {:<12}", line.label);
  for (const Aggregation kind : {mean, Aggregation::minimum, Aggregation::maximum})
    out += fmt::format(" {:>14.{}f}", chosen.values.value(kind), line.decimals);
  return out + fmt::format(" {}\n", info.unit);
}

std::string Summary::text(const Findings& findings, const SourceInfo& source, Instant first,
                          Instant end, const sources::recording::Missing& missing) const {
  const registers::RegisterTable& table = engine_.registers();
  std::string out = fmt::format("{}\n  {} to {}: {:.6g} s at {:.6g} samples a second\n",
                                source.description, to_iso8601(first), to_iso8601(end),
                                seconds_between(first, end), source.sample_rate_hz);
  for (const auto& [name, stretches] :
       {std::pair{"gaps", &missing.gaps}, std::pair{"bridged", &missing.bridged}})
    if (stretches->count > 0)
      out += fmt::format("  {}: {}, {:.6g} s\n", name, stretches->count, stretches->length_s);
  out += "\n";
  std::size_t pace = seen_.size();
  while (pace > 0 && !seen_[pace - 1]) --pace;
  if (pace == 0) return out + "  nothing could be measured: the recording is too short\n";
  --pace;
  out += fmt::format("  {:<12} {:>14} {:>14} {:>14}   of {}\n", "", "mean", "low", "high",
                     pace_names[pace]);
  for (const Line& line : lines_) out += line_text(line, pace);
  std::string sums;
  for (const char* label : energies) {
    const auto index = table.find(label);
    if (!index) continue;
    const double sum = table.value(*index).number;
    sums += available(sum) ? fmt::format("  {:<12} {:>14.6f}\n", label, sum)
                           : not_available_line(label);
  }
  if (const std::string inputs = missing_inputs(table, source.channels_present); !inputs.empty())
    sums += fmt::format(
        "  powers and energies need {}: not found; --map and --wiring choose otherwise\n", inputs);
  if (!sums.empty()) out += "\n" + sums;
  std::map<std::string, std::size_t> counts;
  for (const registers::Disturbance& d : findings.disturbances) ++counts[type_of(d, table)];
  const auto nominal = table.find("FAC1.Nominal Voltage");
  const bool judged = nominal && table.value(*nominal).number > 0;
  out += fmt::format("\n  {:<12}", "events");
  for (const auto& [type, count] : counts) out += fmt::format(" {} {}", count, type);
  if (counts.empty()) out += judged ? " none" : " not looked for: they need --nominal-voltage";
  return out + "\n";
}

}  // namespace polyphase::lab
