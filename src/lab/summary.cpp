#include "lab/summary.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

namespace polyphase::lab {
namespace {

constexpr const char* shown[] = {
    "Freq", "Vln a", "Vln b", "Vln c", "Vll ab", "Vll bc", "Vll ca", "V4", "I a", "I b", "I c", "I 4",
    "I residual", "V unbal", "I unbal", "kW tot", "kVAR tot", "kVA tot", "PF sign tot",
    "V1 THD", "V2 THD", "V3 THD", "I1 THD", "I2 THD", "I3 THD"};
constexpr const char* energies[] = {"kWh del", "kWh rec", "kVARh del", "kVARh rec", "kVAh del+rec"};

}  // namespace

bool recap_has_second(const graph::Engine& engine) {
  std::vector<registers::Value> values;
  return engine.snapshot(graph::Cadence::second).read(values) > 0;
}

Summary::Summary(const graph::Engine& engine) : engine_(engine) {
  for (const char* label : shown)
    if (const auto index = engine.registers().find(label)) lines_.push_back({.label = label, .index = *index});
}

void Summary::stepped(graph::Cadence cadence, Instant, double duration_s, Quality) noexcept {
  for (Line& line : lines_) {
    if (engine_.registers().info(line.index).cadence != cadence) continue;
    const double value = engine_.registers().value(line.index).number;
    if (!registers::available(value)) continue;
    line.low = registers::available(line.low) ? std::min(line.low, value) : value;
    line.high = registers::available(line.high) ? std::max(line.high, value) : value;
    line.sum += value * duration_s;
    line.weight += duration_s;
  }
}

std::string Summary::text(const Findings& findings, const sources::recording::RecordingSource& source, Instant end) const {
  std::string out = fmt::format("{}\n", source.info().description);
  out += fmt::format("  from {}  to {}  {:.3f} s at {:.6g} samples a second\n\n", to_iso8601(first_), to_iso8601(end),
                     seconds_between(first_, end), source.info().sample_rate_hz);
  out += fmt::format("  {:<12} {:>12} {:>12} {:>12}\n", "", "mean", "low", "high");
  bool any = false;
  for (const Line& line : lines_) {
    if (line.weight == 0) continue;
    any = true;
    out += fmt::format("  {:<12} {:>12.4f} {:>12.4f} {:>12.4f} {}\n", line.label, line.sum / line.weight, line.low,
                       line.high, engine_.registers().info(line.index).unit);
  }
  if (!any) out += "  nothing could be measured: too short, or no channel found\n";
  out += "\n";
  for (const char* label : energies)
    if (const auto index = engine_.registers().find(label)) {
      const double value = engine_.registers().value(*index).number;
      if (registers::available(value)) out += fmt::format("  {:<12} {:>12.6g} {}\n", label, value, engine_.registers().info(*index).unit);
    }
  std::map<std::string, std::size_t> counts;
  for (const auto& d : findings.disturbances) ++counts[d.setpoint == registers::no_register ? std::string(d.type) : "setpoint"];
  out += "\n  events      ";
  if (counts.empty()) out += " none";
  for (const auto& [type, count] : counts) out += fmt::format(" {} {}", count, type);
  return out + "\n";
}

}  // namespace polyphase::lab
