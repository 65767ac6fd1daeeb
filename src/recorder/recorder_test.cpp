#include "recorder/recorder.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "recorder/message.hpp"
#include "recorder/offline.hpp"
#include "recorder/writer_thread.hpp"
#include "recorder_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::recorder {
namespace {

using namespace polyphase::testing;  // NOLINT: the vocabulary of these tests
using Values = std::vector<double>;

class RecorderOf : public SmallMeter {
 public:
  explicit RecorderOf(RecorderOptions options = {}) : recorder(table, with_trouble(options)) {}

  Told billing_record(double value, double time_s = 0) const {
    return {billing, {{kwh, value}, {volts, 230}}, time_s};
  }
  void tell(double value) { billing_record(value).to(recorder); }
  void drain() { must(recorder.drain(*store)); }
  Values billed() { return values_in(*store, "Billing Log"); }

  std::unique_ptr<store::Store> store = must(store::Store::open_in_memory());
  std::vector<std::string> troubles;
  Recorder recorder;

 private:
  RecorderOptions with_trouble(RecorderOptions options) {
    options.on_trouble = [this](const std::string& text) { troubles.push_back(text); };
    return options;
  }
};

TEST(Recorder, FilesRecordsInOrderUnderTheNameOfTheirLogWithLabelsAndUnits) {
  RecorderOf meter;
  for (int i = 1; i <= 3; ++i) meter.billing_record(i, 900 * i).to(meter.recorder);
  meter.drain();
  EXPECT_EQ(meter.billed(), (Values{1, 2, 3}));
  auto reader = must(meter.store->reader());
  const auto logs = must(reader.logs());
  ASSERT_EQ(logs.size(), 2u);
  EXPECT_EQ(logs[1].name, "Billing Log");
  EXPECT_EQ(logs[1].depth, 1'000);
  EXPECT_EQ(logs[1].columns, (std::vector<logs::Column>{{"kWh del int", "kWh"}, {"Vln a", "V"}}));
  const auto page = must(reader.records(logs[1].log, {}));
  EXPECT_EQ(page.records[2].time, Instant{}.plus_s(2'700));
  EXPECT_EQ(meter.recorder.status().records_written, 3u);
  EXPECT_EQ(meter.recorder.status().bytes_waiting, 0u);
}

TEST(Recorder, KeepsTheQualityOfEachValueAndThatOneIsNotAvailable) {
  RecorderOf meter;
  const std::vector<registers::Index> columns{meter.kwh, meter.volts};
  const std::vector<registers::Value> values{{1, {Quality::bridged}, {}}, {}};
  meter.recorder.record({Instant{}, meter.billing, columns, values, 10});
  meter.drain();
  auto reader = must(meter.store->reader());
  const auto fields = must(reader.records(logs::Log{1}, {})).records.at(0).fields;
  EXPECT_EQ(fields[0].quality, Quality{Quality::bridged});
  EXPECT_TRUE(std::isnan(fields[1].value));
}

// Covers: MEM-007
TEST(Recorder, KeepsTheNewestOfACircularLog) {
  RecorderOf meter;
  for (int i = 1; i <= 6; ++i) {
    Told told = meter.billing_record(i);
    told.depth = 5;
    told.to(meter.recorder);
  }
  meter.drain();
  EXPECT_EQ(meter.billed(), (Values{2, 3, 4, 5, 6}));
}

// Covers: LOG-016, MEM-020
TEST(Recorder, ErasesALogThatBeginsAnewAndNoOther) {
  RecorderOf meter;
  meter.tell(1);
  Told{meter.history, {{meter.volts, 230}}}.to(meter.recorder);
  meter.drain();
  Told{meter.billing, {}, 10, 1'000, true}.to(meter.recorder);
  meter.drain();
  EXPECT_EQ(meter.billed(), Values{}) << "at once";
  Told again = meter.billing_record(2);
  again.begins_anew = true;
  again.values.pop_back();
  again.to(meter.recorder);
  meter.tell(3);
  meter.drain();
  EXPECT_EQ(meter.billed(), (Values{2, 3}));
  EXPECT_EQ(values_in(*meter.store, "Hist Log"), Values{230});
}

TEST(Recorder, TakesOtherLabelsAndUnitsFromAChangedConfiguration) {
  RecorderOf meter;
  meter.tell(1);
  meter.drain();
  meter.table.set_unit(meter.kwh, "MWh");
  meter.recorder.use(meter.table);
  meter.tell(2);
  meter.drain();
  auto reader = must(meter.store->reader());
  const auto page = must(reader.records(logs::Log{1}, {}));
  ASSERT_EQ(page.layouts.size(), 2u);
  EXPECT_EQ(page.layouts[page.records[0].layout][0].unit, "kWh");
  EXPECT_EQ(page.layouts[page.records[1].layout][0].unit, "MWh");
}

// Covers: EVT-003
TEST(Recorder, MakesReadableLinesOfEvents) {
  RecorderOf meter({.node = "Feeder 7"});
  registers::Event setpoint = event_of(200, "pickup", 3);
  setpoint.cause = meter.volts;
  setpoint.cause_value = 251.5;
  setpoint.effect = meter.over;
  setpoint.effect_value = 1;
  meter.recorder.event(setpoint);
  registers::Event setup = event_of(10, "setup changed", 4);
  setup.effect = meter.ratio;
  setup.effect_value = 20'000;
  meter.recorder.event(setup);
  registers::Disturbance sag;
  sag.type = std::string("sag");
  sag.time = Instant{}.plus_s(5);
  sag.end = sag.time.plus_s(0.11);
  sag.nominal = 230;
  sag.extreme = 161;
  sag.per_channel[0].affected = sag.per_channel[1].affected = true;
  sag.priority = 192;
  meter.recorder.disturbance(sag);
  meter.drain();
  const auto events = events_in(*meter.store);
  ASSERT_EQ(events.size(), 3u);
  const auto at = [](int s) { return Instant{}.plus_s(s); };
  EXPECT_EQ(events[0],
            (logs::Event{1, at(3), 200, "", "Vln a", "251.5 V", "Over I a: pickup", "1", ""}));
  EXPECT_EQ(events[1],
            (logs::Event{2, at(4), 10, "", "", "", "PM1 PT Prim: setup changed", "20000 V", ""}));
  EXPECT_EQ(events[2], (logs::Event{3, at(5), 192, "", "V1 V2", "70.0 %", "sag", "110 ms", ""}));
}

// Covers: EVT-007
TEST(Recorder, KeepsEventsAboveTheCutoffFollowingItsChange) {
  RecorderOf meter;
  const auto tell = [&](int priority) {
    meter.recorder.event(event_of(static_cast<std::uint8_t>(priority), std::to_string(priority)));
  };
  for (const int priority : {5, 6}) tell(priority);
  registers::Event change = event_of(registers::priority::setup_change, "setup changed");
  change.effect = meter.cutoff;
  change.effect_value = 100;
  meter.recorder.event(change);
  for (const int priority : {100, 101}) tell(priority);
  meter.drain();
  std::vector<std::string> kept;
  for (const auto& event : events_in(*meter.store)) kept.push_back(event.effect);
  EXPECT_EQ(kept, (std::vector<std::string>{"6", "ELC1 Priority Cutoff: setup changed", "101"}));
}

// Covers: EVT-017
TEST(Recorder, KeepsTheNewestEventsOfTheDepthThatIsSet) {
  RecorderOf meter;
  meter.recorder.event(event_of(50, "before"));
  registers::Event change = event_of(registers::priority::setup_change, "setup changed");
  change.effect = meter.depth;
  change.effect_value = 3;
  meter.recorder.event(change);
  meter.drain();
  EXPECT_EQ(events_in(*meter.store).size(), 1u) << "erased, but for the change itself";
  for (const char* text : {"a", "b", "c", "d"}) meter.recorder.event(event_of(50, text));
  meter.drain();
  const auto events = events_in(*meter.store);
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0].effect, "b");
  EXPECT_EQ(events[2].effect, "d");
}

TEST(Recorder, KeepsNoEventsWhereTheDepthIsZero) {
  RecorderOf meter;
  meter.table.value(meter.depth).number = 0;
  meter.recorder.use(meter.table);
  meter.recorder.event(event_of(50, "x"));
  meter.drain();
  EXPECT_TRUE(events_in(*meter.store).empty());
}

TEST(Recorder, FilesWhatHappenedOutsideOfTheEngine) {
  RecorderOf meter({.node = "Feeder 7"});
  logs::Event login;
  login.priority = 30;
  login.actor = "USER3";
  login.effect = "logged in";
  meter.recorder.note(login);
  meter.drain();
  ASSERT_EQ(events_in(*meter.store).size(), 1u);
  EXPECT_EQ(events_in(*meter.store)[0].actor, "USER3");
  EXPECT_EQ(events_in(*meter.store)[0].node, "Feeder 7");
}

// Covers: MEM-014
TEST(Recorder, LosesNewRecordsWhileThereIsNoRoomAndSaysSoAfterwards) {
  RecorderOf meter({.ring_bytes = 4'096});
  int told = 0;
  while (meter.recorder.status().records_lost < 3) meter.tell(++told);
  meter.drain();
  meter.tell(++told);
  meter.drain();
  const Values kept = meter.billed();
  ASSERT_EQ(kept.size(), static_cast<std::size_t>(told - 3));
  for (std::size_t i = 0; i + 1 < kept.size(); ++i) EXPECT_EQ(kept[i], i + 1) << "the oldest stay";
  EXPECT_EQ(kept.back(), told) << "and it goes on behind the gap";
  const auto events = events_in(*meter.store);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].cause, "records lost");
  EXPECT_EQ(events[0].cause_value, "3");
  EXPECT_EQ(events[0].effect, "Billing Log: there was no room to keep them");
}

// Covers: MEM-008, MEM-015
TEST(Recorder, LetsAsManyRecordsOfALogWaitAsItsBufferIsDeepAndFreesWhatIsStored) {
  RecorderOf meter;
  const auto tell = [&](int value) {
    Told told = meter.billing_record(value);
    told.buffer_depth = 20;
    told.to(meter.recorder);
  };
  for (int i = 1; i <= 25; ++i) tell(i);
  EXPECT_EQ(meter.recorder.status().records_lost, 5u);
  Told{meter.history, {{meter.volts, 230}}}.to(meter.recorder);
  EXPECT_GT(meter.recorder.status().bytes_waiting, 0u);
  meter.drain();
  EXPECT_EQ(meter.recorder.status().bytes_waiting, 0u);
  for (int i = 26; i <= 45; ++i) tell(i);
  EXPECT_EQ(meter.recorder.status().records_lost, 5u);
  meter.drain();
  EXPECT_EQ(meter.billed().size(), 40u);
  EXPECT_EQ(values_in(*meter.store, "Hist Log").size(), 1u) << "another log has room of its own";
}

// Covers: MEM-012
TEST(Recorder, HoldsTenMegabytesInAllAndNotMore) {
  RecorderOf meter;
  EXPECT_EQ(meter.recorder.bytes_max(), 10u * 1'024 * 1'024);
  while (meter.recorder.status().records_lost == 0) meter.tell(1);
  EXPECT_LE(meter.recorder.bytes_waiting(), meter.recorder.bytes_max());
  EXPECT_GT(meter.recorder.bytes_waiting(), meter.recorder.bytes_max() / 100 * 99);
}

TEST(Recorder, TakesForARecordThatWaitsWhatIsSaidBefore) {
  RecorderOf meter;
  meter.tell(1);
  const std::size_t one = meter.recorder.bytes_waiting();
  for (int i = 0; i < 9; ++i) meter.tell(1);
  EXPECT_EQ(meter.recorder.bytes_waiting(), 10 * one);
  EXPECT_EQ(one, waiting_bytes_of_record(2));
}

TEST(Recorder, CanBeToldThatALogBeginsAnewWhereThereIsNoRoomForRecords) {
  RecorderOf meter({.ring_bytes = 4'096});
  while (meter.recorder.status().records_lost == 0) meter.tell(1);
  Told{meter.billing, {}, 0, 1'000, true}.to(meter.recorder);
  meter.drain();
  EXPECT_EQ(meter.billed(), Values{});
}

TEST(Recorder, CommitsRetainedNumbersTogetherWithWhatWasToldBefore) {
  RecorderOf meter;
  std::vector<store::NamedNumber> numbers{{"INT1.sum", 7}};
  meter.tell(1);
  ASSERT_TRUE(meter.recorder.checkpoint(numbers));
  meter.tell(2);
  must(meter.recorder.drain(*meter.store, Until::checkpoint));
  EXPECT_EQ(meter.billed(), Values{1}) << "what came after waits for its own checkpoint";
  const auto retained = must(must(meter.store->reader()).retained());
  ASSERT_EQ(retained.size(), 1u);
  EXPECT_EQ(retained[0].value, 7);
  numbers = {{"INT1.sum", 8}};
  ASSERT_TRUE(meter.recorder.checkpoint(numbers));
  EXPECT_EQ(numbers.size(), 0u) << "memory to be filled again";
  must(meter.recorder.drain(*meter.store, Until::checkpoint));
  EXPECT_EQ(meter.billed(), (Values{1, 2}));
}

TEST(Recorder, GoesOnInTheStoreOfAnEarlierRun) {
  TemporaryFolder folder;
  for (int run = 1; run <= 2; ++run) {
    auto store = must(store::Store::open(folder.file("meter.db"), {}));
    SmallMeter meter;
    Recorder recorder(meter.table);
    Told{meter.billing, {{meter.kwh, 1.0 * run}}}.to(recorder);
    must(recorder.drain(*store));
    EXPECT_EQ(values_in(*store, "Billing Log").size(), static_cast<std::size_t>(run));
    if (run == 2) {
      Told{meter.billing, {}, 0, 1'000, true}.to(recorder);
      must(recorder.drain(*store));
      EXPECT_EQ(values_in(*store, "Billing Log"), Values{});
    }
  }
}

TEST(Recorder, StopsLoudlyWhenTheStoreIsFullAndGoesOnWithoutAGapAfterwards) {
  TemporaryFolder folder;
  RecorderOf meter;
  store::OpenOptions small;
  small.bytes_max = 262'144;
  meter.store = must(store::Store::open(folder.file("meter.db"), small));
  int told = 0, before = 0;
  Result<void> done;
  while (done && told < 100'000) {
    before = told;
    for (int i = 0; i < 100; ++i) {
      Told record = meter.billing_record(++told);
      record.depth = 1'000'000;
      record.to(meter.recorder);
    }
    done = meter.recorder.drain(*meter.store);
  }
  ASSERT_FALSE(done);
  EXPECT_FALSE(meter.recorder.drain(*meter.store));
  ASSERT_EQ(meter.troubles.size(), 1u) << "said once";
  EXPECT_EQ(meter.recorder.status().trouble, meter.troubles[0]);
  EXPECT_EQ(meter.billed().size(), static_cast<std::size_t>(before));
  EXPECT_GT(meter.recorder.status().bytes_waiting, 0u);
  std::vector<store::NamedNumber> numbers{{"INT1.sum", 7}};
  ASSERT_TRUE(meter.recorder.checkpoint(numbers));
  (void)meter.recorder.drain(*meter.store);

  meter.store.reset();
  meter.store = must(store::Store::open(folder.file("meter.db"), {}));
  must(meter.recorder.drain(*meter.store));
  EXPECT_EQ(meter.troubles.size(), 2u);
  EXPECT_EQ(meter.troubles.back(), "");
  EXPECT_EQ(meter.recorder.status().trouble, "");
  const Values kept = meter.billed();
  ASSERT_EQ(kept.size(), static_cast<std::size_t>(told));
  for (std::size_t i = 0; i < kept.size(); ++i) ASSERT_EQ(kept[i], i + 1);
  const auto events = events_in(*meter.store);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].effect, "the store takes records again");
  EXPECT_EQ(must(must(meter.store->reader()).retained()).size(), 1u);
  EXPECT_EQ(meter.recorder.status().records_lost, 0u);
}

TEST(Recorder, LeavesOutWhatAStoreWillNeverTakeAndCountsIt) {
  RecorderOf meter;
  Told bad = meter.billing_record(1);
  bad.depth = 0;
  bad.to(meter.recorder);
  meter.tell(2);
  meter.drain();
  EXPECT_EQ(meter.billed(), Values{2});
  EXPECT_EQ(meter.recorder.status().records_lost, 1u);
}

TEST(OfflineRecorder, LosesNothingHoweverSmallItsRoomIs) {
  RecorderOf meter({.ring_bytes = 8'192});
  Offline offline(meter.recorder, *meter.store);
  for (int i = 1; i <= 2'000; ++i) {
    Told told = meter.billing_record(i);
    told.depth = 5'000;
    told.buffer_depth = 1;
    told.to(offline);
  }
  must(offline.finish());
  EXPECT_EQ(meter.billed().size(), 2'000u);
  EXPECT_EQ(meter.recorder.status().records_lost, 0u);
}

TEST(WriterThread, FilesAllWhileTheEngineTellsAndOthersRead) {
  TemporaryFolder folder;
  RecorderOf meter;
  meter.store = must(store::Store::open(folder.file("meter.db"), {}));
  constexpr int count = 5'000;
  std::atomic<bool> end{false};
  std::thread client([&] {
    std::size_t seen = 0;
    while (!end) {
      const Values now = values_in(*meter.store, "Billing Log");
      EXPECT_GE(now.size(), seen);
      seen = now.size();
      for (std::size_t i = 0; i < now.size(); ++i) ASSERT_EQ(now[i], i + 1);
    }
  });
  {
    WriterThread writer(meter.recorder, *meter.store, Until::now, std::chrono::milliseconds(1));
    for (int i = 1; i <= count; ++i) {
      Told told = meter.billing_record(i);
      told.depth = count;
      told.to(meter.recorder);
      if (i == count / 2) {
        writer.flush();
        EXPECT_EQ(meter.billed().size(), static_cast<std::size_t>(i));
      }
    }
  }
  end = true;
  client.join();
  EXPECT_EQ(meter.billed().size(), static_cast<std::size_t>(count)) << "its end files the rest";
}

}  // namespace
}  // namespace polyphase::recorder
