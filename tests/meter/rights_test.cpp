#include <gtest/gtest.h>

#include <functional>

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
      {"set the meter up",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) { return w.write(c, "FAC1.Owner", c.user); }},
      {"link",
       {Right::read, Right::full_config},
       [](World& w, const Caller& c) {
         return w.change(c, command_of(Kind::link, "MXD1.Source", "SWD1.SWinDemand"));
       }},
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
       [](World& w, const Caller& c) { return w.reset(c, "peak-demand"); }},
      {"reset peak demand by its register",
       {Right::read, Right::peak_demand_reset},
       [](World& w, const Caller& c) {
         return w.change(c, command_of(Kind::pulse, "Peak Reset"));
       }},
      {"reset minima and maxima",
       {Right::full_config},
       [](World& w, const Caller& c) { return w.reset(c, "min-max"); }},
      {"reset everything",
       {Right::full_config},
       [](World& w, const Caller& c) { return w.reset(c, "master"); }},
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

TEST(Rights, NobodyAndThoseWhoAreNotEnabledMayDoNothing) {
  World world;
  const std::vector<Caller> nobodies{{"", Face::panel},     {"", Face::web},
                                     {"", Face::ion},       {"USER3", Face::ion},
                                     {"USER51", Face::ion}, {"root", Face::ion}};
  for (const Operation& operation : operations())
    for (const Caller& caller : nobodies)
      EXPECT_FALSE(operation.attempt(world, caller)) << operation.name << " as " << caller.user;
}

// Covers: SOP-004, DFL-013
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
