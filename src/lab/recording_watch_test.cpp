#include "lab/recording_watch.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <memory>
#include <numbers>

#include "lab/recording_facts.hpp"
#include "lab/session.hpp"

namespace polyphase::lab {
namespace {

struct Fed {
  double seconds = 0;
  bool reversed = false, synchronised = true;
  std::array<double, 3> volts{230, 230, 230};
  bool one_phase = false;
};

/// Three voltages of 230 V, 50 Hz, 325 V at their peaks.
class Bench {
 public:
  explicit Bench(const MeterOptions& options = {}, float full_scale_v2 = 0) {
    auto made = make_engine(options, findings_);
    EXPECT_TRUE(made);
    engine_ = std::move(*made);
    SourceInfo info;
    info.sample_rate_hz = rate;
    info.channels_present = 0x07;
    info.full_scale[1] = full_scale_v2;
    EXPECT_TRUE(engine_->start(info));
    watch_ = std::make_unique<RecordingWatch>(*engine_);
    engine_->observe(watch_.get());
  }
  Doubts after(const std::vector<Fed>& all) {
    std::size_t n = 0;
    for (const Fed& fed : all) {
      std::vector<Frame> frames(static_cast<std::size_t>(fed.seconds * rate));
      SampleBlock block{frames, Instant{}.plus_s(static_cast<double>(n) / rate)};
      block.clock_synchronised = fed.synchronised;
      for (Frame& frame : frames) {
        const double t = static_cast<double>(n++) / rate;
        for (std::size_t p = 0; p < 3; ++p) {
          const double turn =
              fed.one_phase ? 0 : (fed.reversed ? 1 : -1) * static_cast<double>(p) / 3;
          frame.value[p] = static_cast<float>(fed.volts[p] * std::numbers::sqrt2 *
                                              std::cos(2 * std::numbers::pi * (50 * t + turn)));
        }
      }
      engine_->process(block);
    }
    engine_->finish();
    return watch_->doubts();
  }
  std::vector<std::string> warnings(const std::vector<Fed>& all) {
    return warnings_of(after(all), engine_->registers());
  }

 private:
  static constexpr std::size_t rate = 3'200;
  Findings findings_;
  std::unique_ptr<graph::Engine> engine_;
  std::unique_ptr<RecordingWatch> watch_;
};

TEST(RecordingWatch, WarnsOfPhasesThatRotateAgainstTheOrderSet) {
  const Doubts doubts = Bench().after({{5.1, true}});
  EXPECT_EQ(doubts.of, "seconds");
  EXPECT_NEAR(doubts.reversed_s, 5, 0.05);
  EXPECT_EQ(doubts.reversed_s, doubts.rotating_s);
  const auto warnings = Bench().warnings({{5.1, true}});
  ASSERT_EQ(warnings.size(), 1u);
  EXPECT_NE(warnings[0].find("for 100 % of the time the phases rotate against the phase order ABC: "
                             "swap two inputs (--map"),
            std::string::npos)
      << warnings[0];
  EXPECT_NE(warnings[0].find("--set PM1.PhaseOrder=ACB"), std::string::npos) << warnings[0];
  MeterOptions order;
  order.sets = {"PM1.PhaseOrder=ACB"};
  EXPECT_TRUE(Bench(order).warnings({{5.1, true}}).empty());
  EXPECT_TRUE(Bench().warnings({{5.1, false}}).empty());
  EXPECT_TRUE(Bench().warnings({{19, false}, {1, true}, {5, false}}).empty()) << "a twentieth";
}

TEST(RecordingWatch, TakesNeitherADeadNetworkNorATurnedInputForReversedPhases) {
  const std::array<double, 3> noise{0.5, 0.4, 0.6}, one_alive{230, 0.5, 0.5},
      turned{-230, 230, 230};
  EXPECT_TRUE(Bench().warnings({{6, false}, {4, true, true, noise}}).empty());
  EXPECT_TRUE(Bench().warnings({{4, true, true, noise}, {6, false}}).empty());
  EXPECT_TRUE(Bench().warnings({{5, true, true, one_alive}}).empty());
  EXPECT_TRUE(Bench().warnings({{5, false, true, turned}}).empty());
  EXPECT_TRUE(Bench().warnings({{5, false, true, {230, 230.2, 229.8}, true}}).empty());
  EXPECT_EQ(Bench().warnings({{4, false, true, noise}, {6, true}}).size(), 1u);
}

TEST(RecordingWatch, SaysWhichInputsWereClippedAndHowLong) {
  const Doubts doubts = Bench({}, 300).after({{3.1}});
  ASSERT_EQ(doubts.clipped.size(), 1u);
  EXPECT_EQ(doubts.clipped[0].input, "V2");
  EXPECT_NEAR(doubts.clipped[0].length_s, 3, 0.03);
  EXPECT_TRUE(Bench().after({{3.1}}).clipped.empty());
}

TEST(RecordingWatch, SaysHowLongTheClockWasNotSynchronised) {
  const Doubts doubts = Bench().after({{2.5, false, false}, {2.6}});
  EXPECT_NEAR(doubts.length_s, 5, 0.05);
  EXPECT_NEAR(doubts.unsynchronised_s, 3, 0.05) << "seconds that hold such a sample";
}

TEST(RecordingWatch, TakesWindowsWhereThereIsNoWholeSecondAndCyclesWhereThereIsNoWindow) {
  EXPECT_EQ(Bench().after({{0.7}}).of, "windows of 10 or 12 cycles");
  EXPECT_EQ(Bench().after({{0.15}}).of, "cycles, each half cycle");
  EXPECT_EQ(Bench().after({{0.005}}).of, "");
}

}  // namespace
}  // namespace polyphase::lab
