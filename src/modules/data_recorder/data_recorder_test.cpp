#include "modules/data_recorder/data_recorder.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::data_recorder {
namespace {

using graph::available;
using graph::Cadence;
using graph::not_available;

constexpr graph::ModuleType type{descriptor, create};

TEST(DataRecorder, Golden) {
  polyphase::testing::expect_golden(type, "data_recorder", "data_recorder");
}

class Bench : public graph::ModuleBench {
 public:
  explicit Bench(std::initializer_list<std::pair<const char*, const char*>> settings = {})
      : ModuleBench(type) {
    for (const auto& [name, value] : settings) EXPECT_TRUE(set(name, value)) << name;
    EXPECT_TRUE(configure());
    pulse("Record", 0);  // linked
    pulse("Rearm", 0);
  }
  void feed(double value, Quality quality = {}) {
    input("Source 1", value, quality);
    run(Cadence::second, Instant{}.plus_s(++now_s), 1);
  }
  void record(double value) {
    pulse("Record");
    feed(value);
  }
  /// The first values of the records in the log, as whoever obeys the recorder holds them.
  std::vector<double> log() const {
    std::vector<double> held;
    for (const SeenRecord& seen : records()) {
      if (seen.record.begins_anew) held.clear();
      if (seen.values.empty()) continue;
      held.push_back(seen.values[0].number);
      if (held.size() > seen.record.depth) held.erase(held.begin());
    }
    return held;
  }
  double now_s = 0;
};
using Held = std::vector<double>;

TEST(DataRecorder, RecordsItsSourcesInOrderWithTheirQualityAtTheTimeOfThePulse) {
  Bench recorder({{"Depth", "7"}, {"Buffer Depth", "5"}});
  recorder.input("Source 3", 30, {Quality::clipped});
  recorder.input("Source 9", not_available);
  recorder.record(10);
  ASSERT_EQ(recorder.records().size(), 1u);
  const auto& seen = recorder.records()[0];
  EXPECT_EQ(seen.record.time, Instant{}.plus_s(1));
  EXPECT_EQ(seen.record.log, recorder.index_of("Data Log"));
  EXPECT_EQ(seen.record.depth, 7u);
  EXPECT_EQ(seen.record.buffer_depth, 5u);
  EXPECT_FALSE(seen.record.begins_anew);
  ASSERT_EQ(seen.values.size(), 3u);
  EXPECT_EQ(seen.columns.size(), 3u);
  EXPECT_EQ(seen.values[0].number, 10);
  EXPECT_EQ(seen.values[0].quality, Quality{});
  EXPECT_EQ(seen.values[1].number, 30);
  EXPECT_EQ(seen.values[1].quality, Quality{Quality::clipped});
  EXPECT_FALSE(available(seen.values[2].number));
  EXPECT_EQ(recorder.pulses("Record Complete"), 1u);
  EXPECT_EQ(recorder.out("Records Left"), 6);
}

// Covers: LOG-009
TEST(DataRecorder, TakesFiftySourcesAndNotOneMore) {
  Bench recorder;
  for (int i = 2; i <= 50; ++i) recorder.input("Source " + std::to_string(i), i);
  recorder.record(1);
  ASSERT_EQ(recorder.records().size(), 1u);
  ASSERT_EQ(recorder.records()[0].values.size(), 50u);
  EXPECT_EQ(recorder.records()[0].values[49].number, 50);
  for (const auto& input : descriptor().inputs) EXPECT_NE(input.name, "Source 51");
}

TEST(DataRecorder, PutsItsFlagBehindTheSourcesAndBesidesTheirNumber) {
  Bench recorder;
  recorder.input("Flag", 1);
  for (int i = 2; i <= 50; ++i) recorder.input("Source " + std::to_string(i), i);
  recorder.record(7);
  ASSERT_EQ(recorder.records()[0].values.size(), 51u);
  EXPECT_EQ(recorder.records()[0].values[0].number, 7);
  EXPECT_EQ(recorder.records()[0].values[49].number, 50);
  EXPECT_EQ(recorder.records()[0].values[50].number, 1);
}

// Covers: BST-001, BST-002, BST-003
TEST(DataRecorder, RecordsTheRunsBeforeAndBehindAPulseInBursts) {
  Bench burst({{"Pre-trigger Records", "10"},
               {"Post-trigger Records", "5"},
               {"Depth", "160"},
               {"Buffer Depth", "16"}});
  for (int i = 1; i <= 20; ++i) burst.feed(i);
  burst.record(21);
  for (int i = 22; i <= 40; ++i) burst.feed(i);
  Held expected;
  for (int i = 11; i <= 26; ++i) expected.push_back(i);
  EXPECT_EQ(burst.log(), expected);
  EXPECT_EQ(burst.pulses("Record Complete"), 16u);
  for (const auto& seen : burst.records())
    EXPECT_EQ(seen.record.time, Instant{}.plus_s(seen.values[0].number)) << "each of its own run";

  Bench supplied({{"Depth", "160"}});
  supplied.feed(1);
  supplied.record(2);
  supplied.feed(3);
  EXPECT_EQ(supplied.log(), Held{2});
}

TEST(DataRecorder, RecordsEachRunOnceHoweverNearPulsesAre) {
  const auto settings = {std::pair<const char*, const char*>{"Pre-trigger Records", "2"},
                         {"Post-trigger Records", "2"},
                         {"Depth", "50"}};
  Bench within(settings), behind(settings), apart(settings);
  for (const auto& [burst, second] :
       {std::pair{&within, 6}, std::pair{&behind, 9}, std::pair{&apart, 11}})
    for (int i = 1; i <= 20; ++i) i == 4 || i == second ? burst->record(i) : burst->feed(i);
  EXPECT_EQ(within.log(), (Held{2, 3, 4, 5, 6, 7, 8}));
  EXPECT_EQ(behind.log(), (Held{2, 3, 4, 5, 6, 7, 8, 9, 10, 11}));
  EXPECT_EQ(apart.log(), (Held{2, 3, 4, 5, 6, 9, 10, 11, 12, 13}));
}

TEST(DataRecorder, EndsABurstWithTheSamplesAndWhenItIsDisabled) {
  const auto settings = {std::pair<const char*, const char*>{"Pre-trigger Records", "2"},
                         {"Depth", "9"},
                         {"Buffer Depth", "9"}};
  Bench ended(settings);
  for (int i = 1; i <= 4; ++i) ended.feed(i);
  ended.pulse("Record");
  ended.finish();
  EXPECT_EQ(ended.log(), (Held{2, 3, 4}));
  Bench disabled(settings);
  disabled.feed(1);
  disabled.input("Enable", 0);
  disabled.feed(2);
  disabled.input("Enable", 1);
  disabled.feed(3);
  disabled.record(4);
  EXPECT_EQ(disabled.log(), (Held{3, 4}));
}

// Covers: BST-004
TEST(DataRecorder, HasDepthsThatHoldWholeBursts) {
  const auto refused = [](const char* depth, const char* buffer) {
    graph::ModuleBench bench(type);
    for (const auto& [name, value] : {std::pair{"Pre-trigger Records", "10"},
                                      {"Post-trigger Records", "5"},
                                      {"Depth", depth},
                                      {"Buffer Depth", buffer}})
      EXPECT_TRUE(bench.set(name, value)) << name;
    const auto done = bench.configure();
    return done ? std::string() : done.error().message;
  };
  EXPECT_NE(refused("20", "16").find("Depth of 20 is no multiple of the 16 records of a burst"),
            std::string::npos);
  EXPECT_NE(refused("32", "20").find("Buffer Depth of 20"), std::string::npos);
  EXPECT_EQ(refused("32", "16"), "");

  Bench running({{"Depth", "32"}, {"Buffer Depth", "16"}});
  for (const auto& [name, value, taken] : {std::tuple{"Pre-trigger Records", "10", true},
                                           {"Post-trigger Records", "4", true},
                                           {"Depth", "32", false},
                                           {"Depth", "30", true}}) {
    EXPECT_TRUE(running.set("Buffer Depth", "15"));
    EXPECT_TRUE(running.set(name, value));
    EXPECT_EQ(running.configure().has_value(), taken) << name << " " << value;
  }
}

// Covers: MEM-007
TEST(DataRecorder, ReplacesTheOldestOrStopsWhenFull) {
  Bench circular({{"Depth", "5"}});
  Bench stopping({{"Depth", "5"}, {"RecordMode", "STOP WHEN FULL"}});
  for (int i = 1; i <= 6; ++i) {
    circular.record(i);
    stopping.record(i);
  }
  EXPECT_EQ(circular.log(), (Held{2, 3, 4, 5, 6}));
  EXPECT_EQ(stopping.log(), (Held{1, 2, 3, 4, 5}));
  EXPECT_EQ(circular.out("Log Full"), 0);
  EXPECT_EQ(stopping.out("Log Full"), 1);
  EXPECT_EQ(stopping.pulses("Record Complete"), 5u);
  EXPECT_EQ(circular.pulses("Record Complete"), 6u);
}

TEST(DataRecorder, IsRearmedOnlyWhereItStopsWhenFull) {
  Bench circular({{"Depth", "2"}});
  Bench stopping({{"Depth", "2"}, {"RecordMode", "STOP WHEN FULL"}});
  for (Bench* recorder : {&circular, &stopping}) {
    for (int i = 1; i <= 3; ++i) recorder->record(i);
    recorder->pulse("Rearm");
    recorder->feed(4);
  }
  EXPECT_EQ(circular.log(), (Held{2, 3}));
  EXPECT_EQ(stopping.log(), Held{}) << "cleared at once, not with the next record";
  EXPECT_EQ(stopping.out("Records Left"), 2);
  EXPECT_EQ(stopping.events().back().text, "rearmed");
  stopping.record(5);
  EXPECT_EQ(stopping.log(), Held{5});
}

// Covers: LOG-016, MEM-020
TEST(DataRecorder, BeginsAnewAfterAnyChangeOfSetupOrLinksWhileRunning) {
  for (const auto& [name, value] :
       {std::pair{"Depth", "6"}, {"RecordMode", "STOP WHEN FULL"}, {"Buffer Depth", "9"}}) {
    Bench recorder({{"Depth", "5"}});
    recorder.record(1);
    ASSERT_TRUE(recorder.set(name, value));
    ASSERT_TRUE(recorder.configure());
    recorder.feed(2);
    EXPECT_EQ(recorder.log(), Held{}) << name;
    EXPECT_TRUE(recorder.records().back().record.begins_anew);
    recorder.record(3);
    EXPECT_TRUE(recorder.records().back().record.begins_anew) << "the first may have been lost";
    recorder.record(4);
    EXPECT_FALSE(recorder.records().back().record.begins_anew);
    EXPECT_EQ(recorder.log(), (Held{3, 4})) << name;
  }
  Bench recorder;
  recorder.record(1);
  recorder.relink("Source 1");
  recorder.record(2);
  EXPECT_EQ(recorder.log().size(), 1u);
}

TEST(DataRecorder, KeepsItsLogThroughAStartAndASetupThatChangesNothing) {
  Bench recorder({{"Depth", "5"}});
  recorder.record(1);
  ASSERT_TRUE(recorder.configure());
  recorder.record(2);
  EXPECT_EQ(recorder.log(), (Held{1, 2}));
}

TEST(DataRecorder, IgnoresPulsesWhileDisabled) {
  Bench recorder;
  recorder.input("Enable", 0);
  recorder.record(1);
  EXPECT_TRUE(recorder.records().empty());
  recorder.input("Enable", 1);
  recorder.feed(2);
  EXPECT_TRUE(recorder.records().empty()) << "the pulse is not made up for";
}

// Covers: MEM-004
TEST(DataRecorder, HasADepthOfOneRecordOrMore) {
  Bench recorder;
  EXPECT_FALSE(recorder.set("Depth", "0"));
  EXPECT_TRUE(recorder.set("Depth", "1"));
}

TEST(DataRecorder, CountsOnFromItsRetainedState) {
  Bench before({{"Depth", "3"}, {"RecordMode", "STOP WHEN FULL"}});
  Bench after({{"Depth", "3"}, {"RecordMode", "STOP WHEN FULL"}});
  before.record(1);
  before.record(2);
  const auto state = before.module().retained();
  ASSERT_EQ(state.size(), descriptor().retained.size());
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.record(3);
  after.record(4);
  EXPECT_EQ(after.records().size(), 1u);
  EXPECT_EQ(after.out("Log Full"), 1);
}

// Covers: MEM-016
TEST(DataRecorder, MarksAnOutageWhereItsLogIsBufferedInFull) {
  constexpr double outage_s = 600;
  for (const auto& [buffer, insert, marks] :
       {std::tuple{"9", "YES", 2u}, {"8", "YES", 0u}, {"9", "NO", 0u}}) {
    const auto settings = {std::pair<const char*, const char*>{"Depth", "9"},
                           {"Buffer Depth", buffer},
                           {"Insert Outage Records", insert}};
    Bench before(settings), after(settings);
    before.record(1);
    const auto state = before.module().retained();
    std::copy(state.begin(), state.end(), after.module().retained().begin());
    after.now_s = before.now_s + outage_s;
    after.feed(2);
    after.record(3);
    ASSERT_EQ(after.records().size(), marks + 1) << buffer << insert;
    if (marks == 0) continue;
    EXPECT_EQ(after.records()[0].record.time, Instant{}.plus_s(1)) << "where it began";
    EXPECT_EQ(after.records()[1].record.time, Instant{}.plus_s(1 + outage_s)) << "where it ended";
    for (std::size_t mark = 0; mark < marks; ++mark)
      EXPECT_FALSE(available(after.records()[mark].values.at(0).number));
    EXPECT_EQ(after.log().size(), 3u);
    EXPECT_EQ(after.out("Records Left"), 9 - 4) << "one of before, two marks, one of after";
  }
}

TEST(DataRecorder, MarksNoOutageAtItsVeryFirstStartNorAfterAShortOne) {
  Bench recorder({{"Depth", "9"}, {"Buffer Depth", "9"}, {"Insert Outage Records", "YES"}});
  recorder.now_s = 1e6;
  recorder.feed(1);
  EXPECT_TRUE(recorder.records().empty());
  Bench after({{"Depth", "9"}, {"Buffer Depth", "9"}, {"Insert Outage Records", "YES"}});
  const auto state = recorder.module().retained();
  std::copy(state.begin(), state.end(), after.module().retained().begin());
  after.now_s = recorder.now_s + 1;
  after.feed(2);
  EXPECT_TRUE(after.records().empty());
}

}  // namespace
}  // namespace polyphase::modules::data_recorder
