// A meter that has run for long reads what it read in its first hour. Three hours of simulated time, or
// POLYPHASE_SIMULATED_DAYS (`make full`: a month).
#include <charconv>
#include <cstdlib>

#include "property/meter.hpp"

namespace polyphase::property {
namespace {

constexpr double rate_hz = 800;
constexpr double pattern_s = 10;  // 501 cycles: repeated, the signal has no seam
const Load load{.frequency_hz = 50.1, .harmonics = {{3, 4, 12, 10}, {5, 6, 25, 70}}};

double simulated_hours() {
  const char* days = std::getenv("POLYPHASE_SIMULATED_DAYS");
  if (days == nullptr) return 3;
  double number = 0;
  std::from_chars(days, days + std::strlen(days), number);
  return 24 * number;
}

TEST(LongRun, DriftsNeitherInRmsNorInEnergy) {
  const double hours = simulated_hours();
  ASSERT_GE(hours, 3.0) << "POLYPHASE_SIMULATED_DAYS is too few";
  std::vector<Frame> pattern(static_cast<std::size_t>(rate_hz * pattern_s));
  const Signal signal = three_phase(load);
  double mean_kw = 0;
  for (std::size_t n = 0; n < pattern.size(); ++n) {
    pattern[n] = signal(static_cast<double>(n) / rate_hz);
    for (std::size_t p = 0; p < 3; ++p)
      mean_kw += double{pattern[n].value[p]} * double{pattern[n].value[4 + p]} / 1e3 /
                 static_cast<double>(pattern.size());
  }

  Meter meter(rate_hz, {}, "essential");
  double told_s = 0;
  std::uint64_t seconds = 0;
  meter.listener.told = [&](graph::Cadence cadence, Instant, double duration_s, Quality) {
    if (cadence != graph::Cadence::second) return;
    told_s += duration_s;
    ++seconds;
  };
  meter.listener.stride = 1'000'000;  // no digest
  meter.start();

  const auto patterns_an_hour = static_cast<std::uint64_t>(3600 / pattern_s);
  std::uint64_t repeats = 0;
  const auto run_an_hour = [&] {
    for (std::uint64_t i = 0; i < patterns_an_hour; ++i, ++repeats)
      meter.engine->process({pattern, Instant{}.plus_s(static_cast<double>(repeats) * pattern_s)});
    return meter.value("kWh del");
  };
  run_an_hour();  // with the locking in
  double before = run_an_hour();
  const double voltage_v = meter.value("Vln a"), current_a = meter.value("I c"), hz = meter.value("Freq");
  for (double hour = 3; hour <= hours; ++hour) {
    const double now = run_an_hour();
    ASSERT_NEAR((now - before) / mean_kw, 1, 1e-6) << "hour " << hour;
    before = now;
  }
  EXPECT_NEAR(meter.value("Vln a") / voltage_v, 1, 1e-7);
  EXPECT_NEAR(meter.value("I c") / current_a, 1, 1e-7);
  EXPECT_NEAR(meter.value("Freq") / hz, 1, 1e-7);

  // Every second was told, and together they are all the time there was but the locking in and what
  // is told late.
  const double elapsed_s = static_cast<double>(repeats) * pattern_s;
  EXPECT_NEAR(static_cast<double>(seconds), elapsed_s, 2);
  EXPECT_NEAR(told_s, elapsed_s, 2);
  EXPECT_NEAR(meter.value("kWh del") / (mean_kw * told_s / 3600), 1, 1e-6);
}

}  // namespace
}  // namespace polyphase::property
