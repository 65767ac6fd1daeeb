// What the gate does for logs: outages, memory, unread events.
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <future>
#include <memory>
#include <thread>

#include "meter/log_memory.hpp"
#include "temporary_folder.hpp"
#include "world.hpp"

namespace polyphase::testing {
namespace {

using control::Caller;
using control::Command;

// Events once they include one with this cause or effect; none where it never comes.
std::vector<logs::Event> events_with(World& world, std::string_view what) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (std::chrono::steady_clock::now() < end) {
    std::vector<logs::Event> found;
    for (const logs::Event& event : world.events())
      if (event.cause == what || event.effect == what) found.push_back(event);
    if (!found.empty()) return found;
    world.second();
  }
  return {};
}

void tell(World& world, std::string_view what) {
  logs::Event event;
  event.priority = 100;
  event.cause = what;
  world.gate().note_event(event);
  ASSERT_FALSE(events_with(world, what).empty());
}

control::LogMemory memory_of(World& world, std::string_view module) {
  const auto memory = world.gate().memory({"USER1", control::Face::ion});
  EXPECT_TRUE(memory);
  for (const control::LogMemory& log : memory->logs)
    if (log.module == module) return log;
  ADD_FAILURE() << "no log of " << module;
  return {};
}

// Covers: CLK-005
TEST(Logs, SayAfterARestartHowLongNothingWasMeasured) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  for (int i = 0; i < 3; ++i) world.second();
  constexpr double off_s = 3'723.5;
  world.restart(off_s);
  const auto outages = events_with(world, "Outage");
  ASSERT_EQ(outages.size(), 1u);
  EXPECT_EQ(outages[0].cause_value, "3723.5 s");
  EXPECT_EQ(outages[0].effect_value, "since " + to_iso8601(world.now.plus_s(-off_s)));
  EXPECT_EQ(outages[0].time, world.now);
}

TEST(Logs, TellNoOutageOfAMeterThatIsNew) {
  World world;
  tell(world, "mark");
  for (const logs::Event& event : world.events()) EXPECT_NE(event.cause, "Outage");
}

// By hand: a record of n columns takes 44 + 12 n bytes, an event 100.
// Covers: MEM-001, MEM-002, MEM-003, LOG-017, TIR-020, TIR-021, TIR-022
TEST(Logs, TellWhatTheyTakeOfWhatTheTierHas) {
  World world;
  const auto memory = world.gate().memory({"USER1", control::Face::ion});
  ASSERT_TRUE(memory);
  const control::LogMemory billing = memory_of(world, "DR1");
  EXPECT_EQ(billing.log, "Billing Log");
  EXPECT_EQ(billing.columns, 4u);
  EXPECT_EQ(billing.storage_bytes, 3'360 * (44 + 12 * 4));
  EXPECT_GT(billing.buffer_bytes, 3'360 * 4 * 12);
  EXPECT_EQ(memory_of(world, "ELC1").storage_bytes, 5'000 * 100);
  std::int64_t storage = 0, buffers = 0, channels = 0;
  for (const control::LogMemory& log : memory->logs) {
    storage += log.storage_bytes;
    buffers += log.buffer_bytes;
    channels += static_cast<std::int64_t>(log.columns);
  }
  EXPECT_EQ(memory->storage_bytes, storage);
  EXPECT_EQ(memory->buffer_bytes, buffers);
  EXPECT_EQ(memory->channels, channels);
  EXPECT_EQ(memory->recorders_max, 10);
  EXPECT_EQ(memory->channels_max, 500);
  EXPECT_EQ(memory->storage_bytes_max, 64 << 20);
  EXPECT_EQ(memory->system_bytes, 8 << 20);
  EXPECT_EQ(memory->buffer_bytes_max, 10 << 20);
  EXPECT_EQ(meter::storage_bytes_of("standard"), 512 << 20);
  EXPECT_EQ(meter::storage_bytes_of("Advanced"), 512 << 20);
}

// Covers: PQ-007, MEM-004, MEM-010
TEST(Logs, RefuseADepthThatNoMemoryIsThereForAndSayWhy) {
  World world;
  const Caller admin = world.login("USER1");
  const auto fits = [&](const char* target, std::int64_t depth) {
    return world.write(admin, target, std::to_string(depth));
  };
  const control::LogMemory loss = memory_of(world, "DR9");
  const auto memory = *world.gate().memory(admin);
  const std::int64_t free_bytes =
      memory.storage_bytes_max - memory.system_bytes - memory.storage_bytes + loss.storage_bytes;
  const std::int64_t depth_max = free_bytes / (44 + 12 * static_cast<std::int64_t>(loss.columns));

  const auto refused = fits("DR9.Depth", depth_max + 1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::invalid_config);
  for (const char* word : {"insufficient memory", "56.0 MB", "DR9", "reduce"})
    EXPECT_NE(refused.error().message.find(word), std::string::npos) << refused.error().message;
  EXPECT_EQ(memory_of(world, "DR9").depth, loss.depth) << "nothing changed";
  EXPECT_TRUE(fits("DR9.Depth", depth_max));
  EXPECT_FALSE(fits("ELC1.EvLog Depth", 5'100)) << "it is all taken";
  EXPECT_TRUE(fits("DR9.Depth", 100)) << "what takes less is always possible";
  EXPECT_TRUE(fits("ELC1.EvLog Depth", 5'100));
}

// Covers: MEM-010
TEST(Logs, DoNotTakeTwoChangesAtOnceThatFitOnlyEachByItself) {
  World world;
  const Caller admin = world.login("USER1");
  const auto first = std::make_shared<std::promise<Result<void>>>();
  std::future<Result<void>> changed = first->get_future();
  world.gate().change(admin, write_of("DR9.Depth", "250000"),
                      [first](Result<void> result) { first->set_value(std::move(result)); });
  Result<void> meanwhile;  // answered at once: the first waits for samples
  world.gate().change(admin, write_of("DR10.Depth", "250000"),
                      [&](const Result<void>& result) { meanwhile = result; });
  ASSERT_FALSE(meanwhile);
  EXPECT_EQ(meanwhile.error().code, ErrorCode::limit);
  while (changed.wait_for(std::chrono::seconds(0)) != std::future_status::ready) world.second();
  ASSERT_TRUE(changed.get());
  const auto second = world.write(admin, "DR10.Depth", "250000");
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, ErrorCode::invalid_config) << second.error().message;
}

// Covers: MEM-009, MEM-011, MEM-012, MEM-013
TEST(Logs, RefuseBuffersBeyondTenMegabytesInAll) {
  World world;
  const Caller admin = world.login("USER1");
  ASSERT_TRUE(world.write(admin, "DR10.Depth", "90000"));
  const auto refused = world.write(admin, "DR10.Buffer Depth", "90000");
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("of 10.0 MB"), std::string::npos)
      << refused.error().message;
  EXPECT_TRUE(world.write(admin, "DR10.Buffer Depth", "3000")) << "partly buffered";
  EXPECT_EQ(memory_of(world, "DR10").buffer_bytes % 3'000, 0);
  EXPECT_TRUE(world.write(admin, "DR10.Depth", "3000")) << "buffered in full";
}

// Covers: TIR-020, TIR-022, LOG-010
TEST(Logs, OfATemplateMustBeWithinTheLimitsOfItsTier) {
  control::MemoryStatus memory;
  memory.recorders_max = 10;
  memory.channels_max = 500;
  EXPECT_TRUE(meter::check_log_memory(memory));
  memory.recorders = 11;
  const auto recorders = meter::check_log_memory(memory);
  ASSERT_FALSE(recorders);
  EXPECT_NE(recorders.error().message.find("11 data recorders are more than the 10"),
            std::string::npos);
  memory.recorders = 10;
  memory.channels = 501;
  EXPECT_FALSE(meter::check_log_memory(memory));
  const auto made = World::make([](graph::Template& device) {
    for (int i = 20; i < 30; ++i) {
      graph::TemplateModule& recorder = device.modules.emplace_back();
      recorder.type = "Data Recorder";
      recorder.name = "DR" + std::to_string(i);
    }
  });
  ASSERT_FALSE(made);
  EXPECT_NE(made.error().message.find("data recorders are more than the 10"), std::string::npos)
      << made.error().text();
}

// Covers: EVT-012, EVT-014, EVT-015
TEST(Logs, EventsAreUnreadUntilTheDesignatedReaderReadsThem) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  const Caller admin{"USER1", control::Face::ion}, viewer{"USER2", control::Face::web};
  const auto unread = [&] { return world.gate().status().events_unread; };
  EXPECT_EQ(unread(), 0) << "nobody is to read them";
  tell(world, "first");
  ASSERT_TRUE(world.write(admin, "ELC1.Designated Reader", "USER2"));
  ASSERT_FALSE(events_with(world, "ELC1 Designated Reader: setup changed").empty());
  const std::int64_t all = world.events().back().number;
  EXPECT_EQ(unread(), all) << "another one's reading does not count";

  logs::Range newest;
  newest.newest_first = true;
  newest.limit = 1;
  ASSERT_TRUE(world.gate().events(viewer, newest));
  EXPECT_EQ(unread(), all) << "older ones were not looked at";
  logs::Range oldest;
  oldest.limit = 1;
  ASSERT_TRUE(world.gate().events(viewer, oldest));
  EXPECT_EQ(unread(), all - 1);
  ASSERT_TRUE(world.gate().events(viewer, {}));
  EXPECT_EQ(unread(), 0);
  world.restart();
  tell(world, "second");
  EXPECT_EQ(unread(), world.events().back().number - all);
}

// Covers: EVT-016
TEST(Logs, SayWhenUnreadEventsWillSoonBeReplaced) {
  World world;
  const Caller admin{"USER1", control::Face::ion};
  ASSERT_TRUE(world.write(admin, "ELC1.EvLog Depth", "40"));
  ASSERT_TRUE(world.write(admin, "ELC1.Designated Reader", "USER2"));
  tell(world, "early");
  for (const logs::Event& event : world.events()) EXPECT_NE(event.cause, "Unread events");
  for (int i = 0; i < 40; ++i) tell(world, "more");
  const auto told = events_with(world, "Unread events");
  ASSERT_EQ(told.size(), 1u);
  EXPECT_EQ(told[0].cause_value.substr(3), "of 40");
}

}  // namespace
}  // namespace polyphase::testing
