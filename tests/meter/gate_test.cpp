#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "temporary_folder.hpp"
#include "world.hpp"

namespace polyphase::testing {
namespace {

using control::Caller;
using control::Command;
using control::Face;

std::size_t count_events(World& world, std::string_view effect, std::string_view actor) {
  // What is told is kept in order: once this is there, everything before it is.
  static int marks = 0;
  logs::Event mark;
  mark.priority = 255;
  mark.effect = "mark " + std::to_string(++marks);
  world.gate().note_event(mark);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  for (std::vector<logs::Event> seen; std::chrono::steady_clock::now() < end;) {
    seen = world.events();
    if (seen.empty() || seen.back().effect != mark.effect) {
      world.second();
      continue;
    }
    std::size_t count = 0;
    for (const logs::Event& event : seen)
      count += event.effect == effect && event.actor == actor ? 1u : 0u;
    return count;
  }
  ADD_FAILURE() << "the event was not kept";
  return 0;
}

TEST(Gate, ShowsWhatIsMeasured) {
  World world;
  world.second();
  world.second();
  EXPECT_NEAR(world.value("Vln a"), 230, 0.01);
  EXPECT_NEAR(world.value("kW tot"), 6.9, 0.001);
  EXPECT_NEAR(world.value("Freq"), 50, 0.001);
  EXPECT_EQ(world.value("PM1.PT Prim"), 1);
}

TEST(Gate, LetsSamplesGatherUnlessSomebodyLooksAtHalfCycles) {
  World world;
  world.second();
  EXPECT_EQ(world.feeder().wanted(), 100u) << "100 ms";
  EXPECT_NEAR(world.value("Vln a"), 230, 0.01);
  world.second();
  EXPECT_EQ(world.feeder().wanted(), 100u) << "each second is no half cycle";
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (world.feeder().wanted() == 100 && std::chrono::steady_clock::now() < end) {
    EXPECT_NEAR(world.value("HS Vln a"), 230, 0.01);
    world.feeder().feed(0.02);
    std::this_thread::yield();
  }
  EXPECT_LE(world.feeder().wanted(), 20u) << "a half cycle, and what its end needs";
}

// Covers: PWD-001, USR-011
TEST(Gate, StartsWithTheAccountsAsPrinted) {
  World world;
  EXPECT_EQ(world.gate().rights_of(world.login("USER1")), control::Rights::all());
  EXPECT_EQ(world.gate().rights_of(world.login("USER2")),
            control::Rights::only(control::Right::read));
  EXPECT_FALSE(world.gate().log_in(Face::web, "USER3", "0"));
  EXPECT_FALSE(world.gate().log_in(Face::web, "USER3", ""));
  EXPECT_TRUE(world.gate().loopback_only());
}

TEST(Gate, AWriteHoldsWhenItIsAnsweredAndAfterARestart) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  const Caller admin = world.login("USER1");
  ASSERT_TRUE(world.write(admin, "PM1.PT Prim", "120"));
  EXPECT_EQ(world.value("PM1.PT Prim"), 120);
  ASSERT_TRUE(world.write(admin, "FAC1.Owner", "the mill"));
  ASSERT_TRUE(world.change(admin, [] {
    Command command = write_of("MXD1.Source", "");
    command.kind = Command::Kind::link;
    return command;
  }()));
  world.restart();
  EXPECT_EQ(world.value("PM1.PT Prim"), 120);
  const auto now = world.gate().catalogue();
  EXPECT_EQ(world.gate().text(admin, *now->registers.find("FAC1.Owner")), "the mill");
  EXPECT_EQ(now->find_module("MXD1")->inputs[0].source, registers::no_register);
}

TEST(Gate, EnergyGoesOnAfterARestart) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  for (int i = 0; i < 4; ++i) world.second();
  const double before_kwh = world.value("kWh del");
  ASSERT_GT(before_kwh, 0);
  world.restart();
  world.second();
  EXPECT_GE(world.value("kWh del"), before_kwh);
}

TEST(Gate, ASourceThatFallsSilentShowsAsSilent) {
  World world;
  world.second();
  EXPECT_TRUE(world.gate().status().source_running);
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (world.gate().status().source_running && std::chrono::steady_clock::now() < end)
    std::this_thread::yield();
  EXPECT_FALSE(world.gate().status().source_running);
  EXPECT_NE(world.gate().status().source_note.find("silent"), std::string::npos);
  world.second();
  EXPECT_TRUE(world.gate().status().source_running);
}

TEST(Gate, RefusesWhatCannotBeAndSaysWhatCan) {
  World world;
  const Caller admin = world.login("USER1");
  const auto range = world.write(admin, "PM1.PT Prim", "-1");
  ASSERT_FALSE(range);
  EXPECT_EQ(range.error().code, ErrorCode::invalid_config);
  const auto unknown = world.write(admin, "PM1.PT Prime", "1");
  ASSERT_FALSE(unknown);
  EXPECT_EQ(unknown.error().code, ErrorCode::not_found);
  EXPECT_NE(unknown.error().message.find("PT Prim"), std::string::npos);
  EXPECT_FALSE(world.write(admin, "PM1.Vln a", "230"));
  EXPECT_FALSE(world.reset(admin, "everything"));
}

// Covers: LCK-001, AEV-001, AEV-002
TEST(Gate, LocksOutAfterEightWrongLoginsAndWritesItDown) {
  World world;
  for (int i = 0; i < 8; ++i)
    EXPECT_EQ(world.gate().log_in(Face::web, "USER1", "1").error().code, ErrorCode::refused);
  const auto locked = world.gate().log_in(Face::web, "USER1", "0");
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().code, ErrorCode::limit);
  EXPECT_TRUE(world.gate().log_in(Face::ion, "USER1", "0")) << "another protocol still works";
  EXPECT_EQ(count_events(world, "Invalid login", "USER1"), 8u);
  EXPECT_EQ(count_events(world, "Locked out", "USER1"), 1u);
  EXPECT_EQ(count_events(world, "Valid login", "USER1"), 0u) << "priority 0 is not written down";
  world.now = world.now.plus_s(1'440 * 60);
  EXPECT_TRUE(world.gate().log_in(Face::web, "USER1", "0"));
}

// Covers: AEV-002, AEV-005, EVT-009, EVT-010
TEST(Gate, TellsWhoDidWhat) {
  World world;
  const Caller admin = world.login("USER1");
  ASSERT_TRUE(world.write(admin, "SO1.Valid Login Priority", "10"));
  world.login("USER2");
  ASSERT_TRUE(world.reset(admin, "peak-demand"));
  EXPECT_EQ(count_events(world, "Valid login", "USER2"), 1u);
  EXPECT_EQ(count_events(world, "Reset", "USER1"), 1u);
  EXPECT_EQ(count_events(world, "SO1 Valid Login Priority: setup changed", "USER1"), 1u);
}

TEST(Gate, AuditsAResetByItsNameHoweverItWasAskedFor) {
  World world;
  const Caller admin = world.login("USER1");
  Command pulse;
  pulse.kind = Command::Kind::pulse;
  pulse.target = "MinMax Reset";
  ASSERT_TRUE(world.change({"USER1", Face::web}, pulse));
  pulse.target = "RST1.Trigger";
  ASSERT_TRUE(world.change(admin, pulse));
  ASSERT_TRUE(world.write(admin, "SO1.Modbus Access", "READ-WRITE"));
  pulse.target = "MinMax Reset";
  ASSERT_TRUE(world.change(world.gate().anonymous(Face::modbus), pulse));
  EXPECT_EQ(count_events(world, "Reset", "USER1"), 2u);
  EXPECT_EQ(count_events(world, "Reset", "Modbus"), 1u);
  std::vector<std::string> names;
  for (const logs::Event& event : world.events())
    if (event.effect == "Reset") names.push_back(event.effect_value);
  EXPECT_EQ(names, (std::vector<std::string>{"Min/Max", "Peak Demand", "Min/Max"}));
}

TEST(Gate, ChangesAPasswordAndOpensUpThen) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  const Caller admin = world.login("USER1"), viewer = world.login("USER2");
  EXPECT_FALSE(world.gate().set_password(viewer, "USER1", "0", "mine"));
  EXPECT_FALSE(world.gate().set_password(admin, "USER1", "wrong", "fresh-1"));
  EXPECT_FALSE(world.gate().set_password(admin, "USER1", "0", "0"));
  EXPECT_FALSE(world.gate().set_password(admin, "USER1", "0", "seventeen letters"));
  ASSERT_TRUE(world.gate().set_password(admin, "USER1", "0", "fresh-1"));
  EXPECT_FALSE(world.gate().loopback_only());
  EXPECT_FALSE(world.gate().log_in(Face::web, "USER1", "0"));
  world.restart();
  EXPECT_TRUE(world.gate().log_in(Face::web, "USER1", "fresh-1"));
  EXPECT_FALSE(world.gate().loopback_only());
  EXPECT_EQ(count_events(world, "Password changed", "USER1"), 1u);
}

TEST(Gate, ASessionEndsByLoggingOutAndByItself) {
  World world;
  auto token = world.gate().log_in(Face::web, "USER2", "0");
  ASSERT_TRUE(token);
  const auto session = world.gate().session(*token);
  ASSERT_TRUE(session);
  EXPECT_TRUE(session->default_password);
  EXPECT_EQ(session->idle_s_max, 300);
  world.gate().log_out(*token);
  EXPECT_FALSE(world.gate().session(*token));
  token = world.gate().log_in(Face::web, "USER2", "0");
  for (int i = 0; i < 5; ++i) {
    world.now = world.now.plus_s(299);
    EXPECT_TRUE(world.gate().session(*token)) << "each use begins the idle time anew";
  }
  world.now = world.now.plus_s(301);
  EXPECT_FALSE(world.gate().session(*token));
}

TEST(Gate, ARightThatIsTakenAwayIsGoneAtOnce) {
  World world;
  const Caller admin = world.login("USER1"), viewer = world.login("USER2");
  EXPECT_TRUE(world.gate().events(viewer, {}));
  ASSERT_TRUE(world.write(admin, "SU2.Read Access", "off"));
  EXPECT_FALSE(world.gate().events(viewer, {}));
}

TEST(Gate, GivesTheWaveformThatIsMeasured) {
  World world;
  world.second();
  const Caller admin = world.login("USER1");
  (void)world.gate().waveform(admin, 0.1);  // somebody looks: from now on it is kept
  control::Waveform seen;
  for (int i = 0; i < 100 && seen.frames.empty(); ++i) {
    world.second();
    seen = *world.gate().waveform(admin, 0.1);
  }
  ASSERT_EQ(seen.frames.size(), 100u);
  EXPECT_EQ(seen.sample_rate_hz, 1'000);
  double sum = 0;
  for (const Frame& frame : seen.frames)
    sum += static_cast<double>(frame.value[0]) * static_cast<double>(frame.value[0]);
  EXPECT_NEAR(sum / 100, 230 * 230, 10);
}

}  // namespace
}  // namespace polyphase::testing
