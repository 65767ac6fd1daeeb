#include "modules/clock/clock.hpp"

#include <fmt/format.h>

#include <array>

#include "graph/describe.hpp"

namespace polyphase::modules::clock {
namespace {

using graph::RegisterType;
namespace describe = graph::describe;

constexpr std::size_t switches_max = 20;
constexpr double offset_s_max = 14 * 3600;
constexpr double time_s_max = 4'294'967'295;  // what 32 bits hold, as protocols carry these times

enum Setting : std::size_t { tz_offset, dst_offset, dst_start, dst_end = dst_start + switches_max };
enum Output : std::size_t { universal, local, daylight };

graph::ModuleDescriptor describe_clock() {
  graph::ModuleDescriptor d;
  d.type = "Clock";
  d.number = 20;
  d.core = true;
  d.protection = graph::Protection::clock;
  d.instances_max = 1;
  d.cadence = graph::Cadence::second;
  d.help = "The time of the meter, universal and local.";
  d.setups = {
      describe::number("TZ Offset", "s", -offset_s_max, offset_s_max, 0,
                       "local standard time minus UTC"),
      describe::number("DST Offset", "s", 0, 7'200, 3'600, "added while daylight saving is on"),
  };
  for (const char* edge : {"Start", "End"})
    for (std::size_t i = 1; i <= switches_max; ++i)
      d.setups.push_back(describe::number(fmt::format("DST {} {}", edge, i), "s", 0, time_s_max, 0,
                                          "UTC, seconds since 1970-01-01; 0: none"));
  d.outputs = {
      describe::output("UnivTime", RegisterType::numeric, "s", "UTC, seconds since 1970-01-01"),
      describe::output("LocalTime", RegisterType::numeric, "s", "local time, counted the same way"),
      describe::output("Daylight", RegisterType::boolean, "", "1 while daylight saving is on"),
  };
  d.events = {describe::setup_event()};
  return d;
}

class Clock final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    tz_offset_s_ = setup.number(tz_offset);
    dst_offset_s_ = setup.number(dst_offset);
    for (std::size_t i = 0; i < switches_max; ++i) {
      starts_[i] = setup.number(dst_start + i);
      ends_[i] = setup.number(dst_end + i);
    }
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const double now = static_cast<double>(step.time().ns) / 1e9;
    const bool summer = latest(starts_, now) > latest(ends_, now);
    step.out(universal, now);
    step.out(local, now + tz_offset_s_ + (summer ? dst_offset_s_ : 0));
    step.out(daylight, summer);
  }

 private:
  static double latest(const std::array<double, switches_max>& switches, double now) {
    double time = 0;
    for (const double s : switches)
      if (s <= now && s > time) time = s;
    return time;
  }

  double tz_offset_s_ = 0, dst_offset_s_ = 0;
  std::array<double, switches_max> starts_{}, ends_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_clock();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Clock>(); }

}  // namespace polyphase::modules::clock
