#include "modules/harmonics_measurement/harmonics_measurement.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <memory>
#include <numbers>

#include "graph/module_bench.hpp"
#include "metering/datasets.hpp"

// No golden file: the input is a data set, which a table cannot give.

namespace polyphase::modules::harmonics_measurement {
namespace {

using graph::available;

constexpr graph::ModuleType type{descriptor, create};

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    spectrum->order_max = 63;
    data.window = spectrum.get();
    data.present = 0xff;
    dataset("Window", &data);
    dataset("Interval", &interval);
    interval.present = 0xff;
  }
  Bench& harmonic(Channel c, unsigned order, float rms, double degrees = 0) {
    const auto i = static_cast<std::size_t>(c);
    spectrum->subgroup[order][i] = rms;
    spectrum->phasor[order][i] =
        std::polar(rms, static_cast<float>(degrees * std::numbers::pi / 180));
    return *this;
  }
  Bench& measure() {
    run(graph::Cadence::window, {}, 0.2);
    return *this;
  }
  std::unique_ptr<metering::Window> spectrum = std::make_unique<metering::Window>();
  metering::WindowData data;
  metering::IntervalData interval;
};

// Covers: MEA-021, PQ-001
TEST(HarmonicsMeasurement, GivesMagnitudePercentAndAngleOfAnOrder) {
  Bench bench;
  bench.harmonic(Channel::v1, 1, 230).harmonic(Channel::v1, 5, 11.5f, 30).measure();
  EXPECT_EQ(bench.out("H1"), 100);
  EXPECT_NEAR(bench.out("H5"), 5, 1e-6);
  EXPECT_NEAR(bench.out("H5 mag"), 11.5, 1e-6);
  EXPECT_NEAR(bench.out("H5 ang"), 30, 1e-4);
}

// An order's angle is that of a time axis whose zero is the peak of V1's fundamental, wherever the
// window began.
TEST(HarmonicsMeasurement, GivesTheSameAngleWhereverTheWindowBegins) {
  for (const double start : {0.0, 17.0, 100.0, -170.0}) {
    Bench bench({{"Channel", "I2"}});
    bench.harmonic(Channel::v1, 1, 230, start)
        .harmonic(Channel::i2, 1, 10, start - 120)
        .harmonic(Channel::i2, 7, 1, 45 + 7 * start)
        .measure();
    EXPECT_NEAR(bench.out("H7 ang"), 45, 1e-3) << start;
    EXPECT_NEAR(bench.out("H1 ang"), -120, 1e-3) << start;
  }
}

// Covers: MEA-023, MEA-024, MEA-025, MEA-027, PQ-001, PQ-035, PQ-037
TEST(HarmonicsMeasurement, GivesDistortionAndKFactor) {
  Bench bench({{"Channel", "I1"}});
  bench.harmonic(Channel::i1, 1, 100)
      .harmonic(Channel::i1, 2, 3)
      .harmonic(Channel::i1, 5, 4)
      .measure();
  EXPECT_NEAR(bench.out("THD"), 5, 1e-9) << "3 and 4 % make 5 %";
  EXPECT_NEAR(bench.out("TEHD"), 3, 1e-9);
  EXPECT_NEAR(bench.out("TOHD"), 4, 1e-9);
  EXPECT_NEAR(bench.out("K Fac"), (1 + 4 * 0.0009 + 25 * 0.0016) / (1 + 0.0009 + 0.0016), 1e-9);
}

// The project's facts, section 6: 27.1109 % of the fundamental are 26.1663 % of the rms.
// Covers: PQ-036, PQ-038
TEST(HarmonicsMeasurement, RelatesDistortionToTheRmsWhereToldSo) {
  for (const bool of_rms : {false, true}) {
    Bench bench({{"Channel", "I1"}, {"THD Base", of_rms ? "RMS" : "FUNDAMENTAL"}});
    bench.harmonic(Channel::i1, 1, 100).harmonic(Channel::i1, 2, 3).harmonic(Channel::i1, 3, 20);
    bench.harmonic(Channel::i1, 4, 1)
        .harmonic(Channel::i1, 5, 15)
        .harmonic(Channel::i1, 7, 10)
        .measure();
    EXPECT_NEAR(bench.out("THD"), of_rms ? 26.1663 : 27.1109, 5e-5);
    EXPECT_NEAR(bench.out("TEHD"), 3.1623 / (of_rms ? 1.0360985 : 1), 5e-5);
    EXPECT_NEAR(bench.out("HC"), 27.1109, 5e-5) << "ampere";
    EXPECT_EQ(bench.unit("HC", {}), "A");
  }
}

TEST(HarmonicsMeasurement, CountsOrdersToTheFiftiethInTheDistortion) {
  Bench bench;
  bench.harmonic(Channel::v1, 1, 100)
      .harmonic(Channel::v1, 50, 3)
      .harmonic(Channel::v1, 51, 40)
      .measure();
  EXPECT_NEAR(bench.out("THD"), 3, 1e-9);
  EXPECT_NEAR(bench.out("H51"), 40, 1e-9);
}

TEST(HarmonicsMeasurement, EndsAtItsHighestOrderAndAtWhatTheSampleRateCarries) {
  Bench set({{"Highest Order", "31"}}), carried;
  carried.spectrum->order_max = 31;
  for (Bench* bench : {&set, &carried}) {
    bench->harmonic(Channel::v1, 1, 100)
        .harmonic(Channel::v1, 31, 3)
        .harmonic(Channel::v1, 32, 4)
        .measure();
    EXPECT_NEAR(bench->out("THD"), 3, 1e-9);
    EXPECT_TRUE(available(bench->out("H31")));
    for (const char* output : {"H32", "H32 mag", "H32 ang"})
      EXPECT_FALSE(available(bench->out(output)));
  }
}

// Covers: MEA-022
TEST(HarmonicsMeasurement, GivesInterharmonicsWhereTheyAreOn) {
  Bench off, on({{"Interharmonics", "on"}});
  for (Bench* bench : {&off, &on}) {
    bench->harmonic(Channel::v1, 1, 200);
    bench->spectrum->interharmonic[3][0] = 4;
    bench->measure();
  }
  EXPECT_FALSE(available(off.out("IH3")));
  EXPECT_NEAR(on.out("IH3"), 2, 1e-9);
}

// Covers: MEA-026
TEST(HarmonicsMeasurement, TakesGroupsWhereTheWindowIsGrouped) {
  Bench bench({{"Interharmonics", "on"}});
  bench.harmonic(Channel::v1, 1, 200).harmonic(Channel::v1, 5, 10);
  bench.spectrum->interharmonic[5][0] = 2;
  bench.spectrum->harmonic_group[1][0] = 250;
  bench.spectrum->harmonic_group[5][0] = 20;
  bench.spectrum->interharmonic_group[5][0] = 5;
  bench.measure();
  EXPECT_EQ(bench.out("H5"), 5);
  EXPECT_EQ(bench.out("IH5"), 1);
  bench.spectrum->grouped = true;
  bench.measure();
  EXPECT_NEAR(bench.out("H5 mag"), 20, 1e-6);
  EXPECT_NEAR(bench.out("H5"), 8, 1e-9);
  EXPECT_NEAR(bench.out("IH5"), 2, 1e-9);
  EXPECT_NEAR(bench.out("THD"), 8, 1e-9) << "THDG";
}

TEST(HarmonicsMeasurement, RelatesTheDemandDistortionToTheDemandCurrent) {
  Bench bench({{"Channel", "I1"}});
  bench.harmonic(Channel::i1, 1, 50).harmonic(Channel::i1, 5, 5).measure();
  EXPECT_FALSE(available(bench.out("TDD")));
  bench.input("Demand", 100);
  bench.measure();
  EXPECT_NEAR(bench.out("TDD"), 5, 1e-9);
  EXPECT_NEAR(bench.out("THD"), 10, 1e-9);
}

// Covers: MEA-028, PQ-001, PQ-033, PQ-034
TEST(HarmonicsMeasurement, GivesTheCrestFactor) {
  Bench bench;
  bench.interval.means.rms[0] = 230;
  bench.interval.means.peak[0] = 230 * std::numbers::sqrt2;
  EXPECT_NEAR(bench.measure().out("Crest"), std::numbers::sqrt2, 1e-12);
  bench.interval.means.peak[0] = 230;  // a square wave
  EXPECT_EQ(bench.measure().out("Crest"), 1);
  bench.unlink("Interval");
  EXPECT_FALSE(available(bench.measure().out("Crest")));
  Bench current({{"Channel", "I1"}});
  current.interval.means.rms[4] = 10;
  current.interval.means.peak[4] = 25;
  EXPECT_EQ(current.measure().out("Crest"), 2.5);
}

TEST(HarmonicsMeasurement, GivesMagnitudesInTheUnitOfItsChannel) {
  EXPECT_EQ(Bench({{"Channel", "V4"}}).unit("H3 mag", {}), "V");
  EXPECT_EQ(Bench({{"Channel", "I1"}}).unit("H3 mag", {}), "A");
  EXPECT_EQ(Bench().unit("K Fac", {}), "");
}

TEST(HarmonicsMeasurement, HasNothingOfAChannelThatIsNotThere) {
  Bench bench({{"Channel", "V4"}, {"Interharmonics", "on"}});
  bench.data.present = 0x77;
  bench.interval.present = 0x77;
  bench.measure();
  for (const auto& output : descriptor().outputs)
    EXPECT_FALSE(available(bench.out(output.name))) << output.name;
}

TEST(HarmonicsMeasurement, HasNoPercentWithoutAFundamentalAndNoAngleWithoutV1) {
  Bench idle({{"Channel", "I1"}});
  idle.harmonic(Channel::v1, 1, 230).measure();
  EXPECT_FALSE(available(idle.out("THD")));
  EXPECT_FALSE(available(idle.out("H3")));
  EXPECT_EQ(idle.out("H3 mag"), 0);
  Bench alone({{"Channel", "I1"}});
  alone.harmonic(Channel::i1, 1, 10).measure();
  EXPECT_FALSE(available(alone.out("H1 ang")));
}

}  // namespace
}  // namespace polyphase::modules::harmonics_measurement
