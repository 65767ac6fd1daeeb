#include "lab/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <thread>

#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

using Clock = std::chrono::steady_clock;

// A table that keeps its shape: a reading's place never moves.
class Table final : public graph::StepObserver {
 public:
  Table(const graph::Engine& engine, const Findings& findings, std::string title)
      : engine_(engine), findings_(findings), title_(std::move(title)) {}

  void stepped(graph::Cadence cadence, Instant end, double, Quality) noexcept override {
    if (cadence != graph::Cadence::second) return;
    time_ = end;
    fresh_ = true;
  }
  bool take_fresh() { return std::exchange(fresh_, false); }

  std::string page() const {
    std::string out = fmt::format("{}   {}\n\n", title_, to_iso8601(time_).substr(0, 19));
    out += "                     a            b            c        total\n";
    out += row("voltage L-N", {"Vln a", "Vln b", "Vln c", "Vln avg"}, "V", 2);
    out += row("voltage L-L", {"Vll ab", "Vll bc", "Vll ca", "Vll avg"}, "V", 2);
    out += row("current", {"I a", "I b", "I c", "I avg"}, "A", 2);
    out += row("active", {"kW a", "kW b", "kW c", "kW tot"}, "kW", 2);
    out += row("reactive", {"kVAR a", "kVAR b", "kVAR c", "kVAR tot"}, "kVAR", 2);
    out += row("apparent", {"kVA a", "kVA b", "kVA c", "kVA tot"}, "kVA", 2);
    out += row("power factor", {"PF sign a", "PF sign b", "PF sign c", "PF sign tot"}, "", 3);
    out += row("THD voltage", {"V1 THD", "V2 THD", "V3 THD", ""}, "%", 2);
    out += row("THD current", {"I1 THD", "I2 THD", "I3 THD", ""}, "%", 2);
    out += fmt::format("\n  frequency {} Hz   neutral {} A   unbalance {} %\n", value("Freq", 4),
                       value("I 4", 1), value("V unbal", 2));
    out += fmt::format("  energy    {} kWh delivered, {} kWh received, {} kVARh\n",
                       value("kWh del", 4), value("kWh rec", 4), value("kVARh del", 4));
    out += "\n  latest events\n";
    constexpr std::size_t shown = 5;
    const auto& list = findings_.disturbances;
    for (std::size_t i = 0; i < shown; ++i) {
      if (i >= list.size()) {
        out += "  -\n";
        continue;
      }
      const auto& d = list[list.size() - 1 - i];
      std::string channels;
      for (std::size_t c = 0; c < channel_count; ++c)
        if (d.per_channel[c].affected)
          channels += std::string(channels.empty() ? "" : " ") + channel_names[c];
      out += fmt::format("  {}  {:<12} {:<9} {:>6.1f} %  {:>7.3f} s\n",
                         to_iso8601(d.time).substr(11, 12), d.type, channels,
                         d.nominal > 0 ? 100 * d.extreme / d.nominal : 0,
                         seconds_between(d.time, d.end));
    }
    return out;
  }

  std::string line() const {
    return fmt::format("{}  {} V  {} A  {} kW  PF {}  {} Hz  {} kWh  {} events\n",
                       to_iso8601(time_).substr(0, 19), value("Vln avg", 2), value("I avg", 2),
                       value("kW tot", 2), value("PF sign tot", 3), value("Freq", 4),
                       value("kWh del", 4), findings_.disturbances.size());
  }

 private:
  std::string value(std::string_view label, int decimals) const {
    const auto index = engine_.registers().find(label);
    const double number =
        index ? engine_.registers().value(*index).number : registers::not_available;
    return registers::available(number) ? fmt::format("{:.{}f}", number, decimals) : "--";
  }
  std::string row(const char* name, std::array<const char*, 4> labels, const char* unit,
                  int decimals) const {
    std::string out = fmt::format("  {:<13}", name);
    for (const char* label : labels)
      out += fmt::format("{:>13}", *label == '\0' ? "" : value(label, decimals));
    return out + fmt::format("  {}\n", unit);
  }

  const graph::Engine& engine_;
  const Findings& findings_;
  std::string title_;
  Instant time_;
  bool fresh_ = false;
};

}  // namespace

Result<void> run_live(const sources::simulator::Scenario& given, const MeterOptions& given_meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const std::function<bool(std::string_view)>& show) {
  sources::simulator::Scenario scenario = given;
  if (options.duration_s > 0) scenario.duration_s = options.duration_s;
  if (scenario.start.ns == 0)
    scenario.start = {std::chrono::duration_cast<std::chrono::seconds>(
                          std::chrono::system_clock::now().time_since_epoch())
                          .count() *
                      1'000'000'000};
  MeterOptions meter = given_meter;
  if (!meter.nominal_voltage_v && scenario.nominal_voltage_v > 0)
    meter.nominal_voltage_v = scenario.nominal_voltage_v;
  if (!meter.nominal_current_a && scenario.nominal_current_a > 0)
    meter.nominal_current_a = scenario.nominal_current_a;
  if (!meter.nominal_frequency_hz) meter.nominal_frequency_hz = scenario.nominal_frequency_hz;
  if (meter.wiring.empty()) meter.wiring = scenario.wiring;

  Findings findings;
  auto engine = make_engine(meter, findings);
  if (!engine) return tl::unexpected(engine.error());
  constexpr std::size_t block_frames = 256;
  sources::simulator::Simulator simulator(scenario, block_frames);
  if (auto started = (*engine)->start(simulator.info()); !started) return started;
  Table table(**engine, findings, fmt::format("polyphase  {}  {}", meter.tier, scenario.name));
  (*engine)->observe(&table);

  const auto began = Clock::now();
  std::uint64_t frames = 0;
  bool drawn = false;
  for (SampleBlock block; !stop;) {
    auto more = simulator.next(block);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    (*engine)->process(block);
    frames += block.frames.size();
    if (table.take_fresh()) {
      const std::string home = options.redraw ? (drawn ? "\x1b[H" : "\x1b[2J\x1b[H") : "";
      if (!show(options.redraw ? home + table.page() : table.line()))
        return fail(ErrorCode::io, "the output cannot be written");
      drawn = true;
    }
    // Live pace: the next block is not there before its last sample was taken.
    if (options.speed > 0) {
      const double due_s = static_cast<double>(frames) / scenario.sample_rate_hz / options.speed;
      std::this_thread::sleep_until(began + std::chrono::duration_cast<Clock::duration>(
                                                std::chrono::duration<double>(due_s)));
    }
  }
  (*engine)->finish();
  if (!options.redraw) show(table.page());
  return {};
}

}  // namespace polyphase::lab
