#include "pq/ieee519.hpp"

#include <gtest/gtest.h>

namespace polyphase::pq::ieee519 {
namespace {

TEST(Ieee519, LimitsVoltagesByTheBus) {
  EXPECT_EQ(voltage_limits(Edition::of_2014, BusVoltage::to_1_kv).order[5], 5);
  EXPECT_EQ(voltage_limits(Edition::of_2014, BusVoltage::to_1_kv).total, 8);
  EXPECT_EQ(voltage_limits(Edition::of_2022, BusVoltage::to_69_kv).order[50], 3);
  EXPECT_EQ(voltage_limits(Edition::of_2022, BusVoltage::to_161_kv).total, 2.5);
  EXPECT_EQ(voltage_limits(Edition::of_2022, BusVoltage::above_161_kv).order[2], 1);
  EXPECT_EQ(voltage_limits(Edition::of_1992, BusVoltage::to_1_kv).total, 5)
      << "has no row for low voltage";
}

TEST(Ieee519, LimitsCurrentsByTheStrengthOfTheNetwork) {
  const auto at = [](double ratio) {
    return current_limits(Edition::of_2014, BusVoltage::to_69_kv, ratio);
  };
  EXPECT_EQ(at(19.9).order[5], 4);
  EXPECT_EQ(at(20).order[5], 7);
  EXPECT_EQ(at(50).total, 12);
  EXPECT_EQ(at(100).total, 15);
  EXPECT_EQ(at(5'000).order[3], 15);
  EXPECT_EQ(current_limits(Edition::of_2014, BusVoltage::to_161_kv, 30).order[5], 3.5);
  EXPECT_EQ(current_limits(Edition::of_2014, BusVoltage::above_161_kv, 24).total, 1.5);
  EXPECT_EQ(current_limits(Edition::of_1992, BusVoltage::above_161_kv, 24).total, 2.5);
}

TEST(Ieee519, ChangesTheLimitAtTheOrdersOfItsBands) {
  const Limits limits = current_limits(Edition::of_2014, BusVoltage::to_69_kv, 10);
  EXPECT_EQ(limits.order[9], 4);
  EXPECT_EQ(limits.order[11], 2);
  EXPECT_EQ(limits.order[17], 1.5);
  EXPECT_EQ(limits.order[23], 0.6);
  EXPECT_EQ(limits.order[33], 0.6);
  EXPECT_EQ(limits.order[35], 0.3);
  EXPECT_EQ(limits.order[49], 0.3);
}

TEST(Ieee519, LimitsEvenOrdersByTheEdition) {
  const Limits old = current_limits(Edition::of_2014, BusVoltage::to_69_kv, 10);
  EXPECT_EQ(old.order[2], 1);
  EXPECT_EQ(old.order[12], 0.5);
  const Limits now = current_limits(Edition::of_2022, BusVoltage::to_69_kv, 10);
  EXPECT_EQ(now.order[2], 2);
  EXPECT_EQ(now.order[6], 2);
  EXPECT_EQ(now.order[8], 4);
  EXPECT_EQ(now.order[12], 2);
}

}  // namespace
}  // namespace polyphase::pq::ieee519
