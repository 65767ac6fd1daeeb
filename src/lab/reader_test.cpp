#include "lab/reader.hpp"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "graph/describe.hpp"
#include "graph/template.hpp"
#include "lab/session.hpp"

namespace polyphase::lab {
namespace {

using graph::Aggregation;
using graph::Cadence;
using registers::available;

// A meter whose steps and values are written down: three modules that put out what the script says.
struct Played {
  Cadence cadence;
  double end_s, duration_s, value;
  bool partial = false;
};
std::vector<Played> script;
double value_now = 0;

class Player final : public graph::SampleInput {
 public:
  Result<void> start(const SourceInfo&) override { return {}; }
  void process(const SampleBlock&, graph::Steps& steps) noexcept override {
    for (const Played& p : script) {
      value_now = p.value;
      Quality quality;
      if (p.partial) quality.add(Quality::partial);
      steps.step(p.cadence, Instant{}.plus_s(p.end_s), p.duration_s, quality);
    }
  }
  void run(graph::Step&) noexcept override {}
  void step_clock(double) noexcept override {}
  void finish(graph::Steps&) noexcept override {}
  std::uint64_t sample_position() const override { return 0; }
  graph::NewestSamples newest(std::span<Frame>) const override { return {}; }
  const void* dataset(std::size_t) const override { return nullptr; }
  void configure_inputs(std::span<const double>) override {}
};

class Source final : public graph::Module {
 public:
  void run(graph::Step& step) noexcept override {
    for (std::size_t o = 0; o < 5; ++o) step.out(o, value_now);
    if (step.time() < tick) step.out_at(5, value_now, tick);
  }

 private:
  static constexpr Instant tick{600'000'000'000};  // of ten minutes
};

template <Cadence cadence>
const graph::ModuleDescriptor& source_descriptor() {
  static const graph::ModuleDescriptor d = [] {
    graph::ModuleDescriptor source;
    source.type = fmt::format("Source {}", static_cast<int>(cadence));
    source.number = 100 + static_cast<unsigned>(cadence);
    source.cadence = cadence;
    for (const auto& [name, kind] :
         {std::pair{"V", Aggregation::rms}, std::pair{"P", Aggregation::mean},
          std::pair{"E", Aggregation::last}, std::pair{"Low", Aggregation::minimum},
          std::pair{"High", Aggregation::maximum}})
      source.outputs.push_back(
          graph::describe::output(name, graph::RegisterType::numeric, "", "", kind));
    source.outputs.push_back(
        graph::describe::output("Short", graph::RegisterType::numeric, "", "of ten minutes"));
    source.outputs.back().interval_s = 600;
    return source;
  }();
  return d;
}

const graph::ModuleDescriptor& player_descriptor() {
  static const graph::ModuleDescriptor d = [] {
    graph::ModuleDescriptor player;
    player.type = "Player";
    player.number = 1;
    return player;
  }();
  return d;
}

template <class M>
std::unique_ptr<graph::Module> create() {
  return std::make_unique<M>();
}

constexpr graph::ModuleType types[] = {
    {player_descriptor, create<Player>},
    {source_descriptor<Cadence::half_cycle>, create<Source>},
    {source_descriptor<Cadence::window>, create<Source>},
    {source_descriptor<Cadence::second>, create<Source>},
};

class ReaderTest : public testing::Test {
 protected:
  ReaderTest() {
    script.clear();
    graph::Template device;
    const auto add = [&](const char* type, const char* name, const char* labels) {
      graph::TemplateModule& module = device.modules.emplace_back();
      module.type = type;
      module.name = name;
      module.labels = labels;
    };
    add("Player", "DAQ1", "");
    add("Source 0", "HSPM1", "HS {}");
    add("Source 1", "WPM1", "WN {}");
    add("Source 2", "PM1", "{}");
    engine_ = std::move(graph::Engine::create(device, types, findings_).value());
    EXPECT_TRUE(engine_->start({}));
  }

  void half_cycles(double from_s, double to_s, double value) {
    for (int i = 1; from_s + i * 0.01 < to_s + 1e-6; ++i)
      script.push_back({Cadence::half_cycle, from_s + i * 0.01, 0.01, value});
  }
  void window(double end_s, double value) {
    script.push_back({Cadence::window, end_s, 0.2, value});
  }
  void windows(double from_s, int count, double value) {
    for (int i = 1; i <= count; ++i) window(from_s + 0.2 * i, value);
  }
  void second(double end_s, double value, double duration_s = 1, bool partial = false) {
    script.push_back({Cadence::second, end_s, duration_s, value, partial});
  }

  std::vector<Row> read(const std::vector<std::string>& labels, Every every, double end_s = 0) {
    std::vector<Row> rows;
    auto reader =
        Reader::create(*engine_, labels, every, [&](const Row& row) { rows.push_back(row); });
    EXPECT_TRUE(reader) << reader.error().message;
    engine_->observe(reader->get());
    engine_->process({});
    engine_->finish();
    (*reader)->finish(Instant{}.plus_s(end_s));
    engine_->observe(nullptr);
    return rows;
  }
  std::string refused(const std::string& label, Every every) {
    auto reader = Reader::create(*engine_, {label}, every, [](const Row&) {});
    return reader ? "accepted" : reader.error().message;
  }

  Findings findings_;
  std::unique_ptr<graph::Engine> engine_;
};

double at_s(const Row& row) { return seconds_between({}, row.time); }

TEST_F(ReaderTest, ReadsTheMeterThatMeasuresAtThePaceAskedFor) {
  half_cycles(0, 0.2, 1);
  window(0.2, 2);
  second(1, 3);
  EXPECT_EQ(read({"V"}, Every::half_cycle).front().values[0], 1);
  EXPECT_EQ(read({"V"}, Every::window).front().values[0], 2);
  EXPECT_EQ(read({"V"}, Every::second).front().values[0], 3);
}

TEST_F(ReaderTest, GivesARowAtTheEndOfEveryHalfCycle) {
  half_cycles(0, 0.05, 1);
  const auto rows = read({"V"}, Every::half_cycle);
  ASSERT_EQ(rows.size(), 5u);
  EXPECT_DOUBLE_EQ(at_s(rows[2]), 0.03);
}

TEST_F(ReaderTest, AggregatesByTheKindOfTheRegister) {
  for (int i = 1; i <= 5; ++i) window(0.2 * i, i);
  second(1, 0);
  const auto rows = read({"WN V", "WN P", "WN E", "WN Low", "WN High"}, Every::second);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(rows[0].values[0], std::sqrt(55.0 / 5));
  EXPECT_DOUBLE_EQ(rows[0].values[1], 3);
  EXPECT_EQ(rows[0].values[2], 5);
  EXPECT_EQ(rows[0].values[3], 1);
  EXPECT_EQ(rows[0].values[4], 5);
}

TEST_F(ReaderTest, AClosedIntervalLeavesOutTheHalfCyclesBeyondItsEnd) {
  half_cycles(0, 1, 1);
  half_cycles(1, 1.06, 9);
  second(1, 0);
  half_cycles(1.06, 2.06, 9);
  second(2, 0);
  const auto rows = read({"HS P"}, Every::second);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_DOUBLE_EQ(rows[0].values[0], 1);
  EXPECT_NEAR(rows[1].values[0], 9, 1e-9);
}

TEST_F(ReaderTest, TenSecondsAreTheMeanWeightedWithExactDurations) {
  double sum = 0, duration = 0;
  for (int i = 1; i <= 10; ++i) {
    const double d = i % 2 == 0 ? 0.98 : 1.02;
    second(i, i, d);
    sum += i * d;
    duration += d;
  }
  const auto rows = read({"P"}, Every::ten_seconds);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(at_s(rows[0]), 10);
  EXPECT_DOUBLE_EQ(rows[0].values[0], sum / duration);
}

TEST_F(ReaderTest, IntervalsEndAtTicksOfTheClock) {
  for (int i = 58; i <= 75; ++i) second(i, i);
  const auto rows = read({"P"}, Every::ten_seconds);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(at_s(rows[0]), 70);
  EXPECT_DOUBLE_EQ(rows[0].values[0], 65.5);
}

TEST_F(ReaderTest, ThreeSecondsAreFifteenWindows) {
  windows(0, 31, 2);
  const auto rows = read({"V"}, Every::three_seconds);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NEAR(at_s(rows[0]), 3, 1e-9);
  EXPECT_NEAR(at_s(rows[1]), 6, 1e-9);
}

TEST_F(ReaderTest, ThreeSecondsBeginAnewBehindAGap) {
  windows(0, 10, 2);
  windows(5, 15, 3);
  const auto rows = read({"V"}, Every::three_seconds);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(at_s(rows[0]), 8, 1e-9);
  EXPECT_DOUBLE_EQ(rows[0].values[0], 3);
}

TEST_F(ReaderTest, TenMinutesTakeWhatEndedInThem) {
  for (int i = 1; i <= 601; ++i) {
    windows(i - 1, 1, i <= 600 ? 1 : 100);
    if (i > 1) second(i - 1, 0);
    windows(i - 0.8, 4, i <= 600 ? 1 : 100);
  }
  const auto rows = read({"V", "E"}, Every::ten_minutes);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(at_s(rows[0]), 600);
  EXPECT_DOUBLE_EQ(rows[0].values[0], 1);
}

TEST_F(ReaderTest, APartialSecondGivesNoRow) {
  second(1, 1, 0.5, true);
  second(2, 2);
  second(2.4, 3, 0.4, true);
  const auto rows = read({"P"}, Every::second);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_EQ(rows[0].values[0], 2);
}

TEST_F(ReaderTest, AnIntervalThatTheSamplesDoNotCoverGivesNoRow) {
  for (int i = 1; i <= 20; ++i)
    if (i != 5) second(i, i);
  const auto rows = read({"P"}, Every::ten_seconds);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(at_s(rows[0]), 20);
}

TEST_F(ReaderTest, BehindAGapAnIntervalHoldsNothingOfTheOneBefore) {
  half_cycles(0, 0.3, 100);
  second(0.3, 0, 0.3, true);
  half_cycles(7, 8.06, 1);
  second(8, 0);
  const auto rows = read({"HS P"}, Every::second);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(rows[0].values[0], 1);
}

TEST_F(ReaderTest, TheEndIsTheLastWholeSecondAndTheLastWindow) {
  half_cycles(0, 1, 4);
  window(1, 5);
  second(1, 6);
  window(1.2, 7);
  second(1.3, 8, 0.3, true);
  const auto rows = read({"P", "E", "WN P", "HS P"}, Every::end, 1.35);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_DOUBLE_EQ(at_s(rows[0]), 1.35);
  EXPECT_EQ(rows[0].values[0], 6);
  EXPECT_EQ(rows[0].values[1], 8);  // a counter stands where the samples ended
  EXPECT_EQ(rows[0].values[2], 7);
  EXPECT_DOUBLE_EQ(rows[0].values[3], 4);
}

TEST_F(ReaderTest, TheEndOfTooShortARecordingIsNotAvailable) {
  half_cycles(0, 0.3, 4);
  const auto rows = read({"P", "WN P"}, Every::end, 0.3);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_FALSE(available(rows[0].values[0]));
  EXPECT_FALSE(available(rows[0].values[1]));
}

TEST_F(ReaderTest, LeavesOutWhatIsNotAvailable) {
  window(0.2, registers::not_available);
  for (int i = 2; i <= 5; ++i) window(0.2 * i, 3);
  second(1, 0);
  EXPECT_DOUBLE_EQ(read({"WN V"}, Every::second).front().values[0], 3);
}

TEST_F(ReaderTest, TellsWhichIntervalsASlowRegisterHas) {
  EXPECT_EQ(refused("PM1.V", Every::window),
            "'PM1.V' has no value every window; it has: 1s, 3s, 10s, 10min, 2h, end");
  EXPECT_EQ(refused("WN V", Every::half_cycle),
            "'WN V' has no value every half-cycle; it has: window, 1s, 3s, 10s, 10min, 2h, end");
}

// As the severity of flicker, which is told at its tick or not at all.
TEST_F(ReaderTest, AValueOfOneIntervalAloneIsReadAtItsEndAndNowhereElse) {
  for (int i = 1; i <= 1'200; ++i) {
    if (i == 600) half_cycles(599.98, 599.99, 7);
    second(i, 0);
  }
  const auto rows = read({"HS Short"}, Every::ten_minutes);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].values[0], 7);
  EXPECT_FALSE(available(rows[1].values[0])) << "it is that of ten minutes before";
  EXPECT_EQ(refused("HS Short", Every::second), "'HS Short' has no value every 1s; it has: 10min");
  EXPECT_EQ(refused("HS Short", Every::end), "'HS Short' has no value every end; it has: 10min");
}

TEST_F(ReaderTest, NamesWhatIsNearAMisspeltLabel) {
  EXPECT_NE(refused("Hihg", Every::second).find("near it: "), std::string::npos);
  EXPECT_NE(refused("Hihg", Every::second).find("High"), std::string::npos);
}

TEST(Every, RefusesWhatIsNoInterval) {
  EXPECT_TRUE(parse_every("10min"));
  EXPECT_FALSE(parse_every("10 min"));
  EXPECT_FALSE(parse_every(""));
}

}  // namespace
}  // namespace polyphase::lab
