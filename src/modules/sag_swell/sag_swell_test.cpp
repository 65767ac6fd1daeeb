#include "modules/sag_swell/sag_swell.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <map>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::sag_swell {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};
constexpr std::int64_t half_ns = 10'000'000;

Instant at_ms(double ms) { return {std::llround(ms * 1e6)}; }

/// 230 V, 10 A, 50 Hz; levels in percent of nominal, half cycle by half cycle. Channels not given
/// stay at 100.
class Meter : public graph::ModuleBench {
 public:
  using Levels = std::map<Channel, double>;

  explicit Meter(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    input("Nominal", 230);
    input("Nominal Current", 10);
    data_.present = 0x77;
    before_.fill(100);
    dataset("Half Cycle", &data_);
    data_.half_cycle = &half_;
    half_.frequency_hz = 50;
  }
  /// `count` half cycles at these levels. A window is the half cycle before and this one.
  Meter& feed(const Levels& levels, int count) {
    for (int i = 0; i < count; ++i, ++half_cycles_) {
      for (std::size_t c = 0; c < channel_count; ++c) {
        const auto found = levels.find(static_cast<Channel>(c));
        const double level = found == levels.end() ? 100 : found->second;
        half_.rms[c] =
            std::sqrt((level * level + before_[c] * before_[c]) / 2) / 100 * (c < 4 ? 230 : 10);
        before_[c] = level;
        data_.window_begin[c] = {(half_cycles_ - 1) * half_ns};
        data_.window_quality[c] = quality[c];
      }
      run(graph::Cadence::half_cycle, {(half_cycles_ + 1) * half_ns}, 0.01);
    }
    return *this;
  }
  std::vector<std::string> types() const {
    std::vector<std::string> list;
    for (const auto& d : disturbances()) list.emplace_back(d.type);
    return list;
  }
  metering::HalfCycleData& data() { return data_; }
  metering::PerChannel<Quality> quality{};  ///< of the windows to come

 private:
  metering::HalfCycle half_;
  metering::HalfCycleData data_;
  std::array<double, channel_count> before_{};
  std::int64_t half_cycles_ = 0;
};
using Types = std::vector<std::string>;

// Covers: MEA-030, PQ-015
TEST(SagSwell, TellsOneSagWithItsChannelTimesAndExtreme) {
  Meter meter;
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 10).feed({}, 10);
  ASSERT_EQ(meter.types(), Types{"sag"});
  const auto& sag = meter.disturbances()[0];
  EXPECT_EQ(sag.time, at_ms(390));
  EXPECT_EQ(sag.end, at_ms(500));
  EXPECT_NEAR(sag.extreme, 161, 1e-9);
  EXPECT_EQ(sag.nominal, 230);
  EXPECT_EQ(sag.priority, 200);
  EXPECT_FALSE(sag.open);
  EXPECT_TRUE(sag.per_channel[0].affected);
  EXPECT_NEAR(sag.per_channel[0].duration_s, 0.11, 1e-12);
  EXPECT_FALSE(sag.per_channel[1].affected);
}

TEST(SagSwell, DescribesTheDisturbanceInItsOutputs) {
  Meter meter({{"Sag Lim", "80"}, {"ChangeCrit", "1000"}});
  meter.feed({}, 40);
  EXPECT_EQ(meter.out("Dist State"), 0);
  meter.feed({{Channel::v2, 50}}, 10);  // the window at 390 ms has 79.06 %
  EXPECT_EQ(meter.out("Dist State"), 1);
  EXPECT_EQ(meter.value("DistStart").time, at_ms(390));
  meter.feed({}, 10);  // that at 490 ms as well, at 500 it is over
  EXPECT_EQ(meter.out("Dist State"), 0);
  EXPECT_EQ(meter.value("DistEnd").time, at_ms(500));
  EXPECT_NEAR(meter.out("DistDur"), 0.11, 1e-12);
  EXPECT_EQ(meter.out("DistNominal"), 230);
  const double edge = std::sqrt(0.625);
  EXPECT_NEAR(meter.out("DistV2Min"), 50, 1e-9);
  EXPECT_NEAR(meter.out("DistV2Max"), 100 * edge, 1e-9);
  EXPECT_NEAR(meter.out("DistV2Avg"), (50 * 9 + 2 * 100 * edge) / 11, 1e-9);
  EXPECT_NEAR(meter.out("DistV2Engy"), 100 * (9 * 0.01 * (1 - 0.25) + 2 * 0.01 * (1 - 0.625)),
              1e-9);
  EXPECT_NEAR(meter.out("DistV1Min"), 100, 1e-9);
  EXPECT_EQ(meter.out("Dist Count"), 1);
}

TEST(SagSwell, CutsSubDisturbancesAtLargeChanges) {
  Meter meter;
  meter.feed({}, 40).feed({{Channel::v1, 80}}, 10).feed({{Channel::v1, 40}}, 10).feed({}, 10);
  // 80 %, the window of the fall (63 %), 40 %, the window of the rise (76 %)
  EXPECT_EQ(meter.pulses("SubV1Trig"), 4u);
  EXPECT_NEAR(meter.out("SubV1Dur"), 0.01, 1e-12);
  EXPECT_EQ(meter.pulses("SubV2Trig"), 1u) << "one piece, which the end cuts";
}

TEST(SagSwell, TellsWhatIsDoubtfulAboutAnEventAndLeavesTheNextOneAlone) {
  constexpr Quality bridged{Quality::bridged}, clipped{Quality::clipped};
  Meter meter({{"I Swell Pickup", "150"}, {"RVC Lim", "3"}});
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 5);
  meter.quality[0] = bridged;
  meter.quality[1] = clipped;  // not a channel of this sag
  meter.feed({{Channel::v1, 70}}, 1);
  meter.quality = {};
  meter.feed({{Channel::v1, 70}}, 4).feed({}, 10);
  EXPECT_EQ(meter.value("DistV1Min").quality, bridged);
  EXPECT_EQ(meter.value("DistV2Min").quality, clipped);
  EXPECT_TRUE(meter.value("DistDur").quality.has(Quality::bridged));
  EXPECT_TRUE(meter.value("DistEnd").quality.has(Quality::bridged));
  meter.feed({{Channel::v1, 70}}, 10).feed({}, 150);
  EXPECT_EQ(meter.value("DistV1Min").quality, Quality{});
  meter.feed({{Channel::i1, 200}}, 5);
  meter.quality[4] = clipped;
  meter.feed({{Channel::i1, 200}}, 5);
  meter.quality = {};
  meter.feed({}, 5);
  meter.quality[2] = bridged;
  meter.feed({{Channel::v3, 95}}, 2);  // the window with the edge is within 3 %
  meter.quality = {};
  meter.feed({{Channel::v3, 95}}, 200);
  ASSERT_EQ(meter.types(), (Types{"sag", "sag", "current-swell", "rvc"}));
  EXPECT_EQ(meter.disturbances()[0].quality, bridged);
  EXPECT_EQ(meter.disturbances()[1].quality, Quality{});
  EXPECT_EQ(meter.disturbances()[2].quality, clipped);
  EXPECT_EQ(meter.disturbances()[3].quality, bridged);
}

TEST(SagSwell, TellsStartAndEndOfADisturbanceAsEvents) {
  Meter meter({{"EvPriority", "100"}});
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 10).feed({}, 10);
  ASSERT_EQ(meter.events().size(), 2u);
  EXPECT_EQ(meter.events()[0].text, "disturbance start");
  EXPECT_EQ(meter.events()[0].event.effect_value, 1);
  EXPECT_EQ(meter.events()[1].text, "disturbance end");
  EXPECT_EQ(meter.events()[1].event.priority, 100);
}

// Covers: EVT-008
TEST(SagSwell, TellsNothingAtPriorityZero) {
  Meter meter({{"EvPriority", "0"}});
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 10).feed({}, 10);
  EXPECT_TRUE(meter.events().empty());
  EXPECT_TRUE(meter.disturbances().empty());
  EXPECT_EQ(meter.out("Dist Count"), 1);
}

TEST(SagSwell, TellsAnInterruptionAsOneEventWithItsOwnTimes) {
  Meter meter;
  const Meter::Levels none{{Channel::v1, 0}, {Channel::v2, 0}, {Channel::v3, 0}};
  meter.feed({}, 40).feed(none, 20).feed({}, 10);
  ASSERT_EQ(meter.types(), Types{"interruption"});
  EXPECT_EQ(meter.disturbances()[0].time, at_ms(400));
  EXPECT_EQ(meter.disturbances()[0].end, at_ms(590));
  EXPECT_EQ(meter.out("Dist Count"), 1);
  EXPECT_NEAR(meter.out("DistDur"), 0.21, 1e-12) << "the disturbance is counted from the sag limit";
}

TEST(SagSwell, TellsSagAndSwellOfAnEarthFault) {
  Meter meter;
  meter.feed({}, 40).feed({{Channel::v1, 40}, {Channel::v2, 150}}, 10).feed({}, 10);
  EXPECT_EQ(meter.types(), (Types{"sag", "swell"}));
  EXPECT_EQ(meter.out("Dist Count"), 1) << "one disturbance";
}

TEST(SagSwell, WatchesNothingWithoutANominalVoltage) {
  Meter meter;
  meter.input("Nominal", 0);
  meter.feed({}, 40).feed({{Channel::v1, 0}}, 10).feed({}, 10);
  EXPECT_TRUE(meter.disturbances().empty());
  EXPECT_FALSE(available(meter.out("Dist State")));
  EXPECT_FALSE(available(meter.out("Dist Count")));
}

TEST(SagSwell, HasNoOutputsWhileDisabled) {
  Meter meter;
  meter.input("Enable", 0);
  meter.feed({}, 40).feed({{Channel::v1, 0}}, 10).feed({}, 10);
  EXPECT_TRUE(meter.disturbances().empty());
  EXPECT_FALSE(available(meter.out("Dist State")));
}

TEST(SagSwell, TellsWhatIsOpenWhenTheSamplesEnd) {
  Meter meter;
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 10);
  meter.finish();
  ASSERT_EQ(meter.types(), Types{"sag"});
  EXPECT_TRUE(meter.disturbances()[0].open);
}

TEST(SagSwell, DescribesTheLastEventOfEachKindAndItsChannels) {
  Meter meter;
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 10).feed({}, 10);
  EXPECT_EQ(meter.pulses("Sag End"), 1u);
  EXPECT_EQ(meter.value("Sag End").time, at_ms(500));
  EXPECT_NEAR(meter.out("Sag Dur"), 0.11, 1e-12);
  EXPECT_NEAR(meter.out("Sag Extreme"), 70, 1e-9);
  EXPECT_NEAR(meter.out("Sag V1 Dur"), 0.11, 1e-12);
  EXPECT_NEAR(meter.out("Sag V1 Extreme"), 70, 1e-9);
  EXPECT_FALSE(available(meter.out("Sag V2 Dur")));
  EXPECT_EQ(meter.pulses("Swell End"), 0u);
  meter.feed({{Channel::v2, 130}}, 10).feed({}, 10);
  EXPECT_NEAR(meter.out("Swell V2 Extreme"), 130, 1e-9);
  const Meter::Levels none{{Channel::v1, 0}, {Channel::v2, 0}, {Channel::v3, 0}};
  meter.feed(none, 20).feed({}, 10);
  EXPECT_NEAR(meter.out("Intrp Dur"), 0.19, 1e-12);
  EXPECT_NEAR(meter.out("Intrp V3 Dur"), 0.19, 1e-12);
  EXPECT_EQ(meter.pulses("Sag End"), 1u) << "the interruption's sag is not told";
}

// Covers: PQ-026
TEST(SagSwell, TellsNoRapidVoltageChangeWhileThatIsOff) {
  Meter meter({{"RVC Lim", "3"}});
  meter.input("RVC Enable", 0);
  meter.feed({}, 150).feed({{Channel::v1, 94}}, 250);
  EXPECT_EQ(meter.types(), Types{});
  EXPECT_EQ(meter.pulses("RVC Trigger"), 0u);
}

// Covers: PQ-026, PQ-027
TEST(SagSwell, TellsARapidVoltageChangeWithinTheSagLimit) {
  Meter meter({{"RVC Lim", "3"}});
  meter.feed({}, 150).feed({{Channel::v1, 94}}, 250);
  ASSERT_EQ(meter.types(), Types{"rvc"});
  const auto& rvc = meter.disturbances()[0];
  // The window with the edge, 97.05 %, is within 3 %: the last of the state before.
  const double before = 230 * (99 + std::sqrt((1 + 0.94 * 0.94) / 2)) / 100, after = 230 * 0.94;
  EXPECT_NEAR(rvc.delta_ss, before - after, 1e-9);
  EXPECT_NEAR(rvc.delta_max, before - after, 1e-9);
  EXPECT_TRUE(rvc.per_channel[0].affected);
  EXPECT_FALSE(rvc.per_channel[1].affected);
  EXPECT_NEAR(meter.out("Delta Uss"), before - after, 1e-9);
  EXPECT_EQ(meter.pulses("RVC Trigger"), 1u);
}

// Covers: PQ-027
TEST(SagSwell, TellsASagAndNoRapidVoltageChangeBeyondTheSagLimit) {
  Meter meter({{"RVC Lim", "3"}});
  meter.feed({}, 150).feed({{Channel::v1, 85}}, 20).feed({{Channel::v1, 96}}, 250);
  EXPECT_EQ(meter.types(), Types{"sag"});
}

TEST(SagSwell, RefusesAHysteresisThatSwallowsTheThreshold) {
  Meter meter;
  EXPECT_TRUE(meter.set("RVC Lim", "3"));
  EXPECT_TRUE(meter.set("RVC Hysteresis", "3"));
  EXPECT_FALSE(meter.configure());
}

// Covers: ALM-073, WFR-009
TEST(SagSwell, TellsSagsAndSwellsOfCurrentsWithLimitsOfTheirOwn) {
  Meter meter({{"I Swell Pickup", "150"},
               {"I Swell Dropout", "140"},
               {"I Sag Pickup", "20"},
               {"I Sag Dropout", "30"}});
  meter.feed({}, 40).feed({{Channel::i2, 300}}, 10).feed({{Channel::i2, 10}}, 10).feed({}, 10);
  ASSERT_EQ(meter.types(), (Types{"current-swell", "current-sag"}));
  EXPECT_NEAR(meter.disturbances()[0].extreme, 30, 1e-9);
  EXPECT_EQ(meter.disturbances()[0].nominal, 10);
  EXPECT_TRUE(meter.disturbances()[0].per_channel[5].affected);
  EXPECT_NEAR(meter.disturbances()[1].extreme, 1, 1e-9);
  EXPECT_EQ(meter.out("I Swell Hysteresis"), 10);
  EXPECT_EQ(meter.out("I Sag Hysteresis"), 10);
  EXPECT_EQ(meter.out("Dist Count"), 0);
}

TEST(SagSwell, ShowsWhichCurrentIsBeyondItsLimit) {
  Meter meter({{"I Swell Pickup", "150"}});
  meter.feed({}, 40).feed({{Channel::i3, 300}}, 10);
  EXPECT_EQ(meter.out("I3 Swell"), 1);
  EXPECT_EQ(meter.out("I1 Swell"), 0);
  EXPECT_FALSE(available(meter.out("I1 Sag"))) << "off by default";
}

TEST(SagSwell, LeavesOutV3InSingleMode) {
  Meter meter;
  meter.input("Volts Mode", 3);
  meter.feed({{Channel::v3, 0}}, 60);
  meter.finish();
  EXPECT_TRUE(meter.disturbances().empty());
}

TEST(SagSwell, LeavesOutChannelsThatAreNotThere) {
  Meter meter;
  meter.data().present = 0x03;
  const Meter::Levels none{{Channel::v1, 0}, {Channel::v2, 0}, {Channel::v3, 0}};
  meter.feed({}, 40).feed(none, 20).feed({}, 10);
  ASSERT_EQ(meter.types(), Types{"interruption"});
  EXPECT_FALSE(meter.disturbances()[0].per_channel[2].affected);
}

TEST(SagSwell, TakesUpANewLimitWithoutLosingTheEventThatRuns) {
  Meter meter;
  meter.feed({}, 40).feed({{Channel::v1, 70}}, 10);
  EXPECT_TRUE(meter.set("Sag Lim", "85"));
  EXPECT_TRUE(meter.configure());
  meter.feed({{Channel::v1, 70}}, 10).feed({}, 10);
  ASSERT_EQ(meter.types(), Types{"sag"});
  EXPECT_EQ(meter.disturbances()[0].time, at_ms(390));
}

// Covers: RST-011
TEST(SagSwell, CountsDisturbancesUntilReset) {
  Meter meter;
  meter.feed({}, 40)
      .feed({{Channel::v1, 70}}, 10)
      .feed({}, 10)
      .feed({{Channel::v1, 130}}, 10)
      .feed({}, 10);
  EXPECT_EQ(meter.out("Dist Count"), 2);
  meter.pulse("Reset");
  meter.feed({}, 1);
  EXPECT_EQ(meter.out("Dist Count"), 0);
}

TEST(SagSwell, JudgesAgainstTheVoltageOfTheLastMinuteWhereToldSo) {
  Meter fixed, sliding({{"Reference", "SLIDING"}});
  for (Meter* meter : {&fixed, &sliding}) {
    meter->input("Sliding Reference", 0.93 * 230);
    const Meter::Levels low{{Channel::v1, 93}, {Channel::v2, 93}, {Channel::v3, 93}};
    const Meter::Levels sag{{Channel::v1, 85}, {Channel::v2, 93}, {Channel::v3, 93}};
    meter->feed(low, 20).feed(sag, 10).feed(low, 20);
  }
  ASSERT_EQ(fixed.types(), (std::vector<std::string>{"sag"}));
  EXPECT_EQ(sliding.types(), std::vector<std::string>{}) << "85 of 93 is 91 %";
}

TEST(SagSwell, JudgesInterruptionsAgainstTheNominalVoltageAlways) {
  Meter meter({{"Reference", "SLIDING"}});
  meter.input("Sliding Reference", 0.5 * 230);
  const auto all = [](double level) {
    return Meter::Levels{{Channel::v1, level}, {Channel::v2, level}, {Channel::v3, level}};
  };
  meter.feed(all(50), 20).feed(all(4), 10).feed(all(50), 20);
  EXPECT_EQ(meter.types(), (std::vector<std::string>{"swell", "interruption"}))
      << "from 100 of 50, and to 4 of 100";
}

TEST(SagSwell, TellsADirectionOnlyWhereItIsLookedFor) {
  Meter without, with;
  with.input("Direction Detection", 1);
  for (Meter* meter : {&without, &with})
    meter->feed({}, 40).feed({{Channel::v1, 70}}, 10).feed({}, 10);
  ASSERT_EQ(with.types(), Types{"sag"});
  EXPECT_EQ(without.disturbances()[0].direction, std::nullopt);
  EXPECT_EQ(with.disturbances()[0].direction, DirectionFinding{}) << "there are no phasors here";
}

}  // namespace
}  // namespace polyphase::modules::sag_swell
