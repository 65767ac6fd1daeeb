#include "lab/live.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "lab/live_table.hpp"
#include "lab/pace.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

using Clock = std::chrono::steady_clock;
using sources::simulator::Scenario;

class LastSecond final : public graph::StepObserver {
 public:
  void stepped(graph::Cadence cadence, Instant end, double, Quality) noexcept override {
    if (cadence != graph::Cadence::second) return;
    end_ = end;
    fresh_ = true;
  }
  bool take_fresh() { return std::exchange(fresh_, false); }
  Instant end() const { return end_; }

 private:
  Instant end_;
  bool fresh_ = false;
};

// A terminal is drawn so often at most, however fast the samples go.
class Screen {
 public:
  Screen(const LiveTable& table, const LiveSource& source, bool redraw, const Output& output)
      : table_(table), source_(source), redraw_(redraw), output_(output) {}
  bool show(Instant now) {
    if (!redraw_) return output_.data(table_.line(now) + note());
    constexpr std::chrono::milliseconds between{100};
    if (drawn_ && Clock::now() - drawn_at_ < between) return true;
    return draw(now);
  }
  bool show_last(Instant now) { return redraw_ ? draw(now) : output_.data("\n" + page(now)); }

 private:
  std::string note() const { return source_.note ? "  " + source_.note() + "\n" : std::string(); }
  std::string page(Instant now) const {
    return table_.page(now) + (source_.note ? "\n  source\n" + note() : std::string());
  }
  bool draw(Instant now) {
    std::string text = drawn_ ? "\x1b[H" : "\x1b[2J\x1b[H";
    for (const char c : page(now)) text += c == '\n' ? std::string("\x1b[K\n") : std::string(1, c);
    drawn_ = true;
    drawn_at_ = Clock::now();
    return output_.data(text);
  }

  const LiveTable& table_;
  const LiveSource& source_;
  bool redraw_;
  const Output& output_;
  bool drawn_ = false;
  Clock::time_point drawn_at_;
};

Scenario to_run(Scenario scenario, const LiveOptions& options) {
  if (options.duration_s > 0) scenario.duration_s = options.duration_s;
  begin_now(scenario);
  return scenario;
}

}  // namespace

void begin_now(Scenario& scenario) {
  if (scenario.start.ns != 0) return;
  const auto now = std::chrono::system_clock::now().time_since_epoch();
  scenario.start = Instant{}.plus_s(
      static_cast<double>(std::chrono::duration_cast<std::chrono::seconds>(now).count()));
}

MeterOptions meter_for(MeterOptions meter, const Scenario& scenario) {
  if (!meter.nominal_voltage_v && scenario.nominal_voltage_v > 0)
    meter.nominal_voltage_v = scenario.nominal_voltage_v;
  if (!meter.nominal_current_a && scenario.nominal_current_a > 0)
    meter.nominal_current_a = scenario.nominal_current_a;
  if (!meter.nominal_frequency_hz) meter.nominal_frequency_hz = scenario.nominal_frequency_hz;
  if (meter.wiring.empty()) meter.wiring = scenario.wiring;
  return meter;
}

Result<void> run_live(const LiveSource& source, const MeterOptions& meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const Output& output) {
  Findings findings;
  auto engine = make_engine(meter, findings);
  if (!engine) return tl::unexpected(engine.error());
  if (auto started = (*engine)->start(source.samples.info()); !started)
    return fail(ErrorCode::invalid_input, started.error().message, source.name);

  const LiveTable table((*engine)->registers(), findings,
                        fmt::format("polyphase  {}  {}", meter.tier, source.name));
  Screen screen(table, source, options.redraw, output);
  LastSecond second;
  (*engine)->observe(&second);
  const Pace pace(options.speed);
  std::uint64_t frames = 0;
  for (SampleBlock block; !stop;) {
    auto more = source.samples.next(block);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    frames += block.frames.size();
    pace.wait_until(static_cast<double>(frames) / source.samples.info().sample_rate_hz, stop);
    (*engine)->process(block);
    if (second.take_fresh() && !screen.show(second.end()))
      return fail(ErrorCode::io, "the output cannot be written");
  }
  (*engine)->finish();
  if (!screen.show_last(second.end())) return fail(ErrorCode::io, "the output cannot be written");
  return {};
}

Result<void> run_live(const Scenario& scenario, const MeterOptions& meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const Output& output) {
  constexpr std::size_t block_frames = 256;
  sources::simulator::Simulator simulator(to_run(scenario, options), block_frames);
  return run_live({simulator, scenario.name, {}}, meter_for(meter, scenario), options, stop,
                  output);
}

}  // namespace polyphase::lab
