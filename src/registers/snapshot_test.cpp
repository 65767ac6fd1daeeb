#include "registers/snapshot.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace polyphase::registers {
namespace {

RegisterTable table_of(std::size_t count) {
  RegisterTable table;
  for (std::size_t i = 0; i < count; ++i) {
    RegisterInfo info;
    info.handle = static_cast<Handle>(i);
    info.module = "M";
    info.name = std::to_string(i);
    EXPECT_TRUE(table.add(info));
  }
  return table;
}

TEST(Snapshot, ShowsNothingBeforeTheFirstStep) {
  Snapshot snapshot({0, 1});
  std::vector<Value> values;
  EXPECT_EQ(snapshot.read(values), 0u);
  EXPECT_FALSE(available(values[0].number));
}

TEST(Snapshot, NeverShowsAMixtureOfTwoSteps) {
  constexpr std::size_t count = 64;
  constexpr int steps = 20'000;
  RegisterTable table = table_of(count);
  std::vector<Index> indices(count);
  for (Index i = 0; i < count; ++i) indices[i] = i;
  Snapshot snapshot(indices);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (int step = 1; step <= steps; ++step) {
      for (Index i = 0; i < count; ++i) table.value(i).number = step;
      snapshot.publish(table);
    }
    done = true;
  });
  std::vector<Value> values;
  std::uint64_t last = 0;
  while (!done) {
    const std::uint64_t sequence = snapshot.read(values);
    EXPECT_GE(sequence, last);
    last = sequence;
    for (const Value& value : values)
      ASSERT_TRUE(sequence == 0 || value.number == static_cast<double>(sequence));
  }
  writer.join();
}

TEST(RegisterTable, KeepsWhatACopyGetsToItself) {
  RegisterInfo info;
  info.module = "PM1";
  info.name = "Vln a";
  RegisterTable table;
  ASSERT_TRUE(table.add(info));
  RegisterTable copy = table;
  info.name = "Vln b";
  info.handle = 1;
  ASSERT_TRUE(copy.add(info));
  EXPECT_EQ(copy.find("PM1.Vln a"), 0u);
  EXPECT_EQ(copy.find("PM1.Vln b"), 1u);
  EXPECT_FALSE(table.find("PM1.Vln b"));
  EXPECT_FALSE(table.find(1u));
}

TEST(RegisterTable, FindsByLabelAndByModuleWithoutRegardToCase) {
  RegisterTable table;
  RegisterInfo info;
  info.module = "PM1";
  info.name = "Vln a";
  info.label = "Vln a";
  ASSERT_TRUE(table.add(info));
  EXPECT_EQ(table.find("Vln a"), 0u);
  EXPECT_EQ(table.find("pm1.vln A"), 0u);
  EXPECT_FALSE(table.find("Vln b"));
  EXPECT_EQ(table.nearest("Vln b", 3), std::vector<std::string>{"Vln a"});
  EXPECT_FALSE(table.add(info)) << "a handle names one register for good";
}

}  // namespace
}  // namespace polyphase::registers
