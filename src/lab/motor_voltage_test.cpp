#include "lab/motor_voltage.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <complex>
#include <memory>
#include <numbers>

#include "lab/session.hpp"

namespace polyphase::lab {
namespace {

using Phasors = std::array<std::complex<double>, 3>;

std::complex<double> phasor(double rms_v, double angle_deg) {
  return std::polar(rms_v, angle_deg * std::numbers::pi / 180);
}

/// A meter whose seconds of 50 Hz are fed one after the other from 1970 on.
class Bench {
 public:
  explicit Bench(const MeterOptions& options = {}) {
    auto made = make_engine(options, findings_);
    EXPECT_TRUE(made);
    engine_ = std::move(*made);
    SourceInfo info;
    info.sample_rate_hz = rate;
    info.channels_present = 0x07;
    EXPECT_TRUE(engine_->start(info));
    motor_ = std::make_unique<MotorVoltage>(*engine_);
    engine_->observe(motor_.get());
  }
  void feed(const Phasors& voltages, int seconds) {
    std::vector<Frame> frames(rate);
    for (std::size_t n = 0; n < frames.size(); ++n)
      for (std::size_t p = 0; p < 3; ++p)
        frames[n].value[p] = static_cast<float>(
            std::numbers::sqrt2 * (voltages[p] * std::polar(1.0, 2 * std::numbers::pi * 50 *
                                                                     static_cast<double>(n) / rate))
                                      .real());
    for (int i = 0; i < seconds; ++i) {
      engine_->process({frames, now_});
      now_ = now_.plus_s(1);
    }
  }
  MotorVoltage& finished() {
    engine_->finish();
    motor_->finish(now_);
    return *motor_;
  }

 private:
  static constexpr std::size_t rate = 1'600;
  Findings findings_;
  std::unique_ptr<graph::Engine> engine_;
  std::unique_ptr<MotorVoltage> motor_;
  Instant now_{};
};

const Phasors skewed{phasor(230, 0), phasor(220, -118), phasor(235, 121)};
const Phasors even{phasor(230, 0), phasor(230, -120), phasor(230, 120)};

// The vector is that of the project's facts, 1.7: lines of 385.760, 396.081 and 404.723 V.
TEST(MotorVoltage, TakesLineVoltagesAndNotThoseOfPhases) {
  Bench bench;
  bench.feed(skewed, 600);
  bench.feed(even, 605);
  const MotorVoltage& motor = bench.finished();
  ASSERT_EQ(motor.points().size(), 3u);
  EXPECT_EQ(motor.points()[0].end, Instant{}.plus_s(600));
  EXPECT_NEAR(motor.points()[0].value, 2.4680, 0.0005);
  EXPECT_NEAR(motor.points()[1].value, 0, 0.005);
  EXPECT_EQ(motor.points()[2].exclusion(), Exclusion::not_whole) << "five seconds";
  const MotorUnbalance found = motor.unbalance();
  EXPECT_EQ(found.count.valid, 2);
  EXPECT_EQ(found.highest, motor.points()[0].value);
  EXPECT_EQ(found.at_95, found.highest) << "of two";
}

TEST(MotorVoltage, GivesTheShareThatAMotorMayBeLoadedWith) {
  EXPECT_EQ(derating_text(0.5), "1.000");
  EXPECT_EQ(derating_text(2.468), "0.917") << "0.95 - 0.468 * 0.07";
  EXPECT_EQ(derating_text(5.2), "none (above 5 % a motor should not run)");
  MotorUnbalance unbalance{true, {}, 2.468, 5.2};
  unbalance.count.valid = 20;
  const auto facts = facts_of(unbalance);
  ASSERT_EQ(facts.size(), 2u);
  EXPECT_EQ(facts[0].second,
            "2.468 % for 95 % of the intervals, 5.200 % at most, of 10 min; 20 valid, 0 excluded");
  EXPECT_EQ(facts[1].second,
            "0.917 for 95 % of the intervals, none (above 5 % a motor should not "
            "run) at the highest unbalance");
}

TEST(MotorVoltage, LeavesOutWhatHoldsADip) {
  MeterOptions options;
  options.nominal_voltage_v = 230;
  Bench bench(options);
  bench.feed(even, 700);
  bench.feed({phasor(100, 0), phasor(230, -120), phasor(230, 120)}, 1);
  bench.feed(even, 1'105);
  const MotorUnbalance found = bench.finished().unbalance();
  EXPECT_EQ(found.count.flagged, 1);
  EXPECT_EQ(found.count.valid, 2);
  EXPECT_LT(found.highest, 0.001);
}

TEST(MotorVoltage, KeepsWhatWasLowForLong) {
  MeterOptions options;
  options.nominal_voltage_v = 230;
  Bench bench(options);
  bench.feed(even, 600);
  bench.feed({phasor(200, 0), phasor(230, -120), phasor(230, 120)}, 600);
  bench.feed(even, 605);
  const MotorVoltage& motor = bench.finished();
  ASSERT_GE(motor.points().size(), 3u);
  EXPECT_TRUE(motor.points()[1].quality.has(Quality::disturbed));
  EXPECT_FALSE(motor.points()[1].excluded());
  const double skewed_line = std::abs(phasor(200, 0) - phasor(230, -120)),
               even_line = std::abs(phasor(230, 120) - phasor(230, -120)),
               mean = (2 * skewed_line + even_line) / 3;
  EXPECT_NEAR(motor.unbalance().highest, 100 * (even_line - mean) / mean, 0.02);
}

TEST(MotorVoltage, SaysNothingOfASinglePhase) {
  MeterOptions options;
  options.wiring = "single";
  Bench bench(options);
  bench.feed(skewed, 3);
  EXPECT_TRUE(facts_of(bench.finished().unbalance()).empty());
}

}  // namespace
}  // namespace polyphase::lab
