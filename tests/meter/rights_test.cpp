#include <gtest/gtest.h>

#include <functional>

#include "temporary_folder.hpp"
#include "world.hpp"

namespace polyphase::testing {
namespace {

using control::Caller;
using control::Command;
using control::Face;
using control::Right;

Result<void> without_value(const auto& result) {
  if (!result) return tl::unexpected(result.error());
  return {};
}

Command command_of(Command::Kind kind, std::string target, std::string value = {}) {
  Command command = write_of(std::move(target), std::move(value));
  command.kind = kind;
  return command;
}

Result<void> read(World& world, const Caller& caller, std::string_view label) {
  const auto index = world.gate().catalogue()->registers.find(label);
  registers::Value value;
  return world.gate().values(caller, std::span(&*index, 1), std::span(&value, 1));
}

Result<void> read_text(World& world, const Caller& caller, std::string_view label) {
  return without_value(world.gate().text(caller, *world.gate().catalogue()->registers.find(label)));
}

struct Operation {
  const char* name;
  std::vector<Right> needs;
  std::function<Result<void>(World&, const Caller&)> attempt;
  bool billing = false;  ///< the revenue lock protects it
};

const std::vector<Operation>& operations() {
  using Kind = Command::Kind;
  static const std::vector<Operation> list{
      {"read a value",
       {Right::read},
       [](World& w, const Caller& c) { return read(w, c, "Vln a"); }},
      {"read a setting",
       {Right::read},
       [](World& w, const Caller& c) { return read(w, c, "PM1.PT Prim"); }},
      {"read a security setting",
       {Right::read, Right::security_config},
       [](World& w, const Caller& c) { return read(w, c, "SO1.Enable Web"); }},
      {"read a text",
       {Right::read},
       [](World& w, const Caller& c) { return read_text(w, c, "FAC1.Owner"); }},
      {"see the waveform",
       {Right::read},
       [](World& w, const Caller& c) { return without_value(w.gate().waveform(c, 0.1)); }},
      {"list the logs",
       {Right::read},
       [](World& w, const Caller& c) { return without_value(w.gate().logs(c)); }},
      {"read a log",
       {Right::read},
       [](World& w, const Caller& c) {
         return without_value(w.gate().records(c, logs::Log{1}, {}));
       }},
      {"read the events",
       {Right::read},
       [](World& w, const Caller& c) { return without_value(w.gate().events(c, {})); }},
      {"see what the logs take",
       {Right::read},
       [](World& w, const Caller& c) { return without_value(w.gate().memory(c)); }},
      {"set the meter up",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "FAC1.Owner", c.user); }},
      {"link",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) {
         return w.change(c, command_of(Kind::link, "MXD1.Source", "SWD1.SWinDemand"));
       },
       true},
      {"link what is no billing",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) {
         return w.change(c, command_of(Kind::link, "MXT1.Source", "I1 THD"));
       }},
      {"set a ratio",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "PM1.PT Prim", "1"); },
       true},
      {"set the wiring",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "PM1.Volts Mode", "4W-WYE"); },
       true},
      {"set an energy",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "INT1.Int Mode", "forward"); },
       true},
      {"set a demand interval",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "SWD1.Sub Intvl", "900"); },
       true},
      {"set the lockout of peak demands",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "MXD1.Reset Lockout", "25"); },
       true},
      {"set the Billing Log",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "DR1.Depth", "3360"); },
       true},
      {"set when the Billing Log records",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "PT1.Period", "900"); },
       true},
      {"set up a minimum",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "MN1.Reset Lockout", "0"); }},
      {"set up the event log",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "ELC1.Priority Cutoff", "5"); }},
      {"set security up",
       {Right::read, Right::security_config},
       [](World& w, const Caller& c) { return w.write(c, "SU40.Test Mode Access", "off"); }},
      {"set the time zone",
       {Right::read, Right::time_sync},
       [](World& w, const Caller& c) { return w.write(c, "CL1.TZ Offset", "3600"); }},
      {"set the clock",
       {Right::read, Right::time_sync},
       [](World& w, const Caller& c) {
         return w.change(c, command_of(Kind::clock_step, "", "0"));
       }},
      {"reset peak demand by name",
       {Right::peak_demand_reset},
       [](World& w, const Caller& c) { return w.reset(c, "peak-demand"); },
       true},
      {"reset peak demand by its register",
       {Right::read, Right::peak_demand_reset},
       [](World& w, const Caller& c) { return w.change(c, command_of(Kind::pulse, "Peak Reset")); },
       true},
      {"reset minima and maxima",
       {Right::full_config},
       [](World& w, const Caller& c) { return w.reset(c, "min-max"); }},
      {"reset everything",
       {Right::full_config},
       [](World& w, const Caller& c) { return w.reset(c, "master"); },
       true},
      {"list the users",
       {Right::security_config},
       [](World& w, const Caller& c) { return without_value(w.gate().users(c)); }},
      {"set somebody else's password",
       {Right::security_config},
       [](World& w, const Caller& c) {
         return w.gate().set_password(c, "USER41", "", "secret" + c.user);
       }},
  };
  return list;
}

std::string lacking(Right right) { return "USER" + std::to_string(10 + static_cast<int>(right)); }

// USER10 to USER16 have every right but one each.
void make_users(World& world) {
  const Caller admin = world.login("USER1");
  for (std::size_t lacks = 0; lacks < control::right_count; ++lacks) {
    const std::string module = "SU" + std::to_string(10 + lacks);
    ASSERT_TRUE(world.write(admin, module + ".Enabled", "on"));
    for (std::size_t right = 0; right < control::right_count; ++right)
      ASSERT_TRUE(world.write(admin, module + "." + control::right_names[right],
                              right == lacks ? "off" : "on"));
  }
}

// Covers: USR-003, USR-005
TEST(Rights, EveryOperationNeedsItsOwnAndNoOther) {
  World world;
  make_users(world);
  for (const Operation& operation : operations()) {
    for (std::size_t r = 0; r < control::right_count; ++r) {
      const Right right = static_cast<Right>(r);
      const Caller caller{lacking(right), Face::ion};
      const auto done = operation.attempt(world, caller);
      // Without Read Access nothing else works.
      const bool needed = right == Right::read ||
                          std::count(operation.needs.begin(), operation.needs.end(), right) != 0;
      EXPECT_EQ(done.has_value(), !needed)
          << operation.name << " without " << control::right_names[r] << ": "
          << (done ? "allowed" : done.error().text());
      if (!done) {
        EXPECT_EQ(done.error().code, ErrorCode::refused) << operation.name;
      }
    }
  }
}

// Covers: REV-002, REV-005, REV-007, REV-008, REV-011, RST-002
TEST(Rights, UnderTheRevenueLockNobodyChangesBilling) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  world.second();
  world.lock_switch = true;
  EXPECT_FALSE(world.gate().status().revenue_locked);
  EXPECT_TRUE(world.gate().status().revenue_lock_pending) << "until the next start";
  EXPECT_TRUE(world.write({"USER1", Face::ion}, "PM1.PT Prim", "2"));
  world.restart();
  EXPECT_TRUE(world.gate().status().revenue_locked);
  EXPECT_FALSE(world.gate().status().revenue_lock_pending);
  for (const Operation& operation : operations()) {
    const auto done = operation.attempt(world, {"USER1", Face::ion});
    EXPECT_EQ(done.has_value(), !operation.billing)
        << operation.name << ": " << (done ? "allowed" : done.error().text());
    if (done) continue;
    EXPECT_EQ(done.error().code, ErrorCode::refused) << operation.name;
    EXPECT_NE(done.error().message.find("revenue lock"), std::string::npos) << operation.name;
  }
  EXPECT_EQ(world.value("PM1.PT Prim"), 2);
  world.lock_switch = false;
  EXPECT_FALSE(world.write({"USER1", Face::ion}, "PM1.PT Prim", "1")) << "still locked";
  world.restart();
  EXPECT_TRUE(world.write({"USER1", Face::ion}, "PM1.PT Prim", "1"));
}

// Covers: REV-003
TEST(Rights, EachTurnOfTheRevenueLockIsInTheEventLog) {
  const TemporaryFolder folder;
  World world(folder.file("meter.db"));
  const auto turns = [&] {
    std::vector<std::string> found;
    for (const logs::Event& event : world.events())
      if (event.effect == "Revenue lock") found.push_back(event.effect_value);
    return found;
  };
  for (const bool on : {true, true, false}) {
    world.lock_switch = on;
    world.restart();
    world.second();
  }
  world.restart();
  EXPECT_EQ(turns(), (std::vector<std::string>{"on", "off"}));
}

TEST(Rights, NobodyAndThoseWhoAreNotEnabledMayDoNothing) {
  World world;
  const std::vector<Caller> nobodies{{"", Face::panel},     {"", Face::web},
                                     {"", Face::ion},       {"USER3", Face::ion},
                                     {"USER51", Face::ion}, {"root", Face::ion}};
  for (const Operation& operation : operations())
    for (const Caller& caller : nobodies)
      EXPECT_FALSE(operation.attempt(world, caller)) << operation.name << " as " << caller.user;
}

// Covers: SOP-004, DFL-013, MOD-028
TEST(Rights, OfModbusFollowItsSetting) {
  World world;
  const Caller admin = world.login("USER1"), master = world.gate().anonymous(Face::modbus);
  EXPECT_TRUE(read(world, master, "Vln a"));
  EXPECT_FALSE(world.write(master, "PM1.PT Prim", "20"));
  ASSERT_TRUE(world.write(admin, "SO1.Modbus Access", "READ-WRITE"));
  EXPECT_TRUE(world.write(master, "PM1.PT Prim", "20"));
  EXPECT_FALSE(world.write(master, "SO1.Modbus Access", "NONE"));
  ASSERT_TRUE(world.write(admin, "SO1.Modbus Access", "NONE"));
  EXPECT_FALSE(read(world, master, "Vln a"));
}

// Covers: SOP-001, DFL-010, DFL-033
TEST(Rights, NobodyComesByTheWebWhereItIsOff) {
  World world;
  const Caller admin = world.login("USER1");
  const auto token = world.gate().log_in(Face::web, "USER1", "0");
  ASSERT_TRUE(token) << "on as supplied";
  EXPECT_TRUE(world.gate().session(*token));
  ASSERT_TRUE(world.write(admin, "SO1.Enable Web", "off"));
  EXPECT_FALSE(world.gate().web_enabled());
  EXPECT_FALSE(world.gate().session(*token));
  EXPECT_FALSE(world.gate().log_in(Face::web, "USER1", "0"));
  EXPECT_TRUE(world.gate().log_in(Face::ion, "USER1", "0"));
}

// Covers: SOP-002, DFL-012
TEST(Rights, SetupByWebIsOffUntilItIsAllowedAndByPanelOn) {
  World world;
  const Caller admin = world.login("USER1"), web{"USER1", Face::web}, panel{"USER1", Face::panel};
  EXPECT_FALSE(world.write(web, "FAC1.Owner", "web"));
  EXPECT_TRUE(world.reset(web, "min-max"));
  EXPECT_TRUE(world.write(panel, "FAC1.Owner", "panel"));
  ASSERT_TRUE(world.write(admin, "SO1.Web Programming", "on"));
  ASSERT_TRUE(world.write(admin, "SO1.Front Panel Programming", "off"));
  EXPECT_TRUE(world.write(web, "FAC1.Owner", "web"));
  EXPECT_FALSE(world.write(panel, "FAC1.Owner", "panel"));
}

}  // namespace
}  // namespace polyphase::testing
