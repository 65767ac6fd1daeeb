#include "pq/en50160.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <string>

namespace polyphase::pq::en50160 {
namespace {

std::string dip(double percent, double seconds) {
  const auto cell = dip_cell(percent, seconds);
  return cell ? dip_cell_names[*cell] : "-";
}
std::string swell(double percent, double seconds) {
  const auto cell = swell_cell(percent, seconds);
  return cell ? swell_cell_names[*cell] : "-";
}

TEST(En50160, SortsDipsIntoItsTable) {
  EXPECT_EQ(dip(89.9, 0.01), "A1");
  EXPECT_EQ(dip(80, 0.2), "A1") << "lower and right edges belong to a cell";
  EXPECT_EQ(dip(79.99, 0.2001), "B2");
  EXPECT_EQ(dip(70, 0.5), "B2");
  EXPECT_EQ(dip(69.9, 1), "C3");
  EXPECT_EQ(dip(40, 5), "C4");
  EXPECT_EQ(dip(39.9, 60), "D5");
  EXPECT_EQ(dip(5, 60), "D5");
  EXPECT_EQ(dip(4.9, 0.02), "X1");
  EXPECT_EQ(dip(0, 60), "X5");
  EXPECT_EQ(dip(90, 1), "-") << "is no dip";
  EXPECT_EQ(dip(50, 60.1), "-") << "is longer than the table";
  EXPECT_EQ(dip(std::nan(""), 1), "-");
}

TEST(En50160, SortsSwellsIntoItsTable) {
  EXPECT_EQ(swell(120, 0.5), "S1");
  EXPECT_EQ(swell(140, 0.51), "S2");
  EXPECT_EQ(swell(119.9, 60), "T3");
  EXPECT_EQ(swell(110.1, 61), "T4");
  EXPECT_EQ(swell(130, 1e6), "S4");
  EXPECT_EQ(swell(110, 1), "-");
}

TEST(En50160, TellsShortAndLongInterruptionsApart) {
  EXPECT_EQ(interruption_class(0.99), 0u);
  EXPECT_EQ(interruption_class(1), 1u);
  EXPECT_EQ(interruption_class(179.9), 1u);
  EXPECT_EQ(interruption_class(180), 2u);
}

TEST(En50160, HasTheLimitsOfItsTables) {
  EXPECT_EQ(frequency(false).usual.beyond_percent_max, 0.5);
  EXPECT_TRUE(frequency(false).usual.beyond(98.9));
  EXPECT_FALSE(frequency(true).usual.beyond(98.9));
  EXPECT_TRUE(frequency(false).always->beyond(104.1));
  EXPECT_FALSE(frequency(false).always->beyond(94));
  EXPECT_EQ(supply_voltage(Network::low_voltage).usual.beyond_percent_max, 5);
  EXPECT_EQ(supply_voltage(Network::medium_voltage).usual.beyond_percent_max, 1);
  EXPECT_TRUE(supply_voltage(Network::low_voltage).always->beyond(111));
  EXPECT_FALSE(supply_voltage(Network::medium_voltage).always->beyond(111));
  double squares = 0;
  for (unsigned h = 2; h <= 40; ++h)
    if (const double limit = harmonic_limit(h); !std::isnan(limit)) squares += limit * limit;
  // Sum over the printed row: 5 7 11 13 17 19 23 25, 3 9 15 21, 2 4, ten even ones from 6 to 24.
  EXPECT_NEAR(squares,
              36 + 25 + 12.25 + 9 + 4 + 3 * 2.25 + 25 + 2.25 + 2 * 0.25 + 4 + 1 + 10 * 0.25, 1e-12);
  EXPECT_TRUE(std::isnan(harmonic_limit(26)));
  EXPECT_TRUE(std::isnan(harmonic_limit(27)));
}

TEST(En50160, CompliesUpToTheShareThatMayBeBeyond) {
  const Limit usual = supply_voltage(Network::low_voltage).usual;
  EXPECT_TRUE(usual.complies({1'000, 0, 50}));
  EXPECT_FALSE(usual.complies({1'000, 0, 51}));
  EXPECT_FALSE(usual.complies({0, 1'008, 0})) << "nothing was shown";
}

TEST(En50160, InterpolatesTheSignallingCurveInLogarithms) {
  EXPECT_NEAR(signalling_limit(317), 9, 1e-12);
  EXPECT_NEAR(signalling_limit(std::sqrt(500.0 * 1'000)), std::sqrt(9.0 * 5), 1e-12);
  EXPECT_NEAR(signalling_limit(3'000), 5, 1e-12);
  EXPECT_NEAR(signalling_limit(100'000), 1, 1e-12);
  EXPECT_TRUE(std::isnan(signalling_limit(99)));
}

}  // namespace
}  // namespace polyphase::pq::en50160
