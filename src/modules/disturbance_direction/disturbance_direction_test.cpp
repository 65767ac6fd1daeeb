#include "modules/disturbance_direction/disturbance_direction.hpp"

#include <gtest/gtest.h>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::disturbance_direction {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};
constexpr Instant start_time{123'456};
constexpr double undetermined = 0, upstream = 1, downstream = 2;

/// Three phases of 230 V and 10 A in phase, half cycle by half cycle.
class Meter : public graph::ModuleBench {
 public:
  explicit Meter(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    data_.half_cycle = &half_;
    data_.present = 0x77;
    dataset("Half Cycle", &data_);
    relink("Dist Start");
    relink("Dist End");
  }
  /// `count` half cycles with this share of the voltages and of the currents, these so many degrees
  /// late.
  Meter& feed(int count, double voltage = 1, double current = 1, double lag_deg = 0) {
    for (int i = 0; i < count; ++i) {
      half_.begin = 100.0 * static_cast<double>(half_.number++);
      half_.sums.length_samples = 100;
      for (std::size_t p = 0; p < 3; ++p) {
        const double degrees = -120.0 * static_cast<double>(p);
        half_.sums.fundamental[p] = phasor(230 * voltage, degrees);
        half_.sums.fundamental[4 + p] = phasor(10 * current, degrees - lag_deg);
        half_.sums.product[p] =
            100 * 2300 * voltage * current * std::cos(lag_deg * std::numbers::pi / 180);
      }
      run(graph::Cadence::half_cycle, {10'000'000 * half_.number}, 0.01);
    }
    return *this;
  }
  /// One more half cycle, with which Sag/Swell tells a start.
  Meter& start(double voltage, double current, double lag_deg = 0) {
    input_at("Dist Start", ++starts_, start_time);
    return feed(1, voltage, current, lag_deg);
  }
  metering::HalfCycleData& data() { return data_; }

 private:
  static std::complex<double> phasor(double rms, double degrees) {
    return std::polar(100 / std::numbers::sqrt2 * rms, degrees * std::numbers::pi / 180);
  }
  metering::HalfCycle half_;
  metering::HalfCycleData data_;
  double starts_ = 0;
};

// Covers: DDD-002
TEST(DirectionDetection, TellsAFaultDownstreamWithTheTimeOfTheDisturbance) {
  Meter meter;
  meter.feed(12).start(0.6, 9, 70).feed(3, 0.6, 9, 70);
  EXPECT_FALSE(available(meter.out("Direction"))) << "two cycles are awaited";
  meter.feed(1, 0.6, 9, 70);
  EXPECT_EQ(meter.out("Direction"), downstream);
  EXPECT_EQ(meter.out("Confidence"), 3);
  EXPECT_EQ(meter.value("Direction").time, start_time);
  EXPECT_EQ(meter.pulses("Analysis Done"), 1u);
  EXPECT_EQ(meter.value("Analysis Done").time, start_time);
  ASSERT_EQ(meter.events().size(), 1u);
  const auto& [event, text] = meter.events()[0];
  EXPECT_EQ(text, "Disturbance Direction Detected - Downstream - High Confidence");
  EXPECT_EQ(event.time, start_time);
  EXPECT_EQ(event.priority, 200);
  EXPECT_EQ(event.effect_value, downstream);
}

// Covers: DDD-002
TEST(DirectionDetection, TellsASagOfTheSourceUpstream) {
  Meter meter;
  meter.feed(12).start(0.6, 0.6).feed(4, 0.6, 0.6);
  EXPECT_EQ(meter.out("Direction"), upstream);
  ASSERT_EQ(meter.events().size(), 1u);
  EXPECT_EQ(meter.events()[0].text, "Disturbance Direction Detected - Upstream - High Confidence");
}

TEST(DirectionDetection, JudgesAtTheEndOfAShortDisturbance) {
  Meter meter;
  meter.feed(12).start(0.6, 9, 70);
  meter.pulse("Dist End");
  meter.feed(1);
  EXPECT_EQ(meter.out("Direction"), downstream);
}

TEST(DirectionDetection, IgnoresAStartWhileItAnalyses) {
  Meter meter;
  meter.feed(12).start(0.6, 9, 70).start(0.6, 9, 70).feed(3, 0.6, 9, 70);
  EXPECT_EQ(meter.pulses("Analysis Done"), 1u);
  meter.feed(10, 0.6, 9, 70);
  EXPECT_EQ(meter.pulses("Analysis Done"), 1u);
}

TEST(DirectionDetection, SaysWhereItCannotTell) {
  Meter meter;
  meter.data().present = 0x07;
  meter.feed(12).start(0.6, 0).feed(4, 0.6, 0);
  EXPECT_EQ(meter.out("Direction"), undetermined);
  EXPECT_EQ(meter.out("Confidence"), 0);
  ASSERT_EQ(meter.events().size(), 1u);
  EXPECT_EQ(meter.events()[0].text, "Disturbance Direction Undetermined");
}

TEST(DirectionDetection, TellsWhatItHasWhenTheSamplesEnd) {
  Meter meter;
  meter.feed(12).start(0.6, 9, 70).feed(1, 0.6, 9, 70);
  meter.finish();
  EXPECT_EQ(meter.out("Direction"), downstream);
}

TEST(DirectionDetection, HasNoOutputsWhileDisabled) {
  Meter by_setup({{"Enable", "off"}}), by_input;
  by_input.input("Enable", 0);
  for (Meter* meter : {&by_setup, &by_input}) {
    meter->feed(12).start(0.6, 9, 70).feed(10, 0.6, 9, 70);
    EXPECT_FALSE(available(meter->out("Direction")));
    EXPECT_TRUE(meter->events().empty());
  }
}

TEST(DirectionDetection, TellsNoEventAtPriorityZero) {
  Meter meter({{"EvPriority", "0"}});
  meter.feed(12).start(0.6, 9, 70).feed(4, 0.6, 9, 70);
  EXPECT_EQ(meter.out("Direction"), downstream);
  EXPECT_TRUE(meter.events().empty());
}

}  // namespace
}  // namespace polyphase::modules::disturbance_direction
