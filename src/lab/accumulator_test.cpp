#include "lab/accumulator.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace polyphase::lab {
namespace {

using registers::Aggregation;
using registers::available;
using registers::not_available;

constexpr Instant at_ms(std::int64_t ms) { return {ms * 1'000'000}; }

Accumulator of(std::initializer_list<std::pair<double, double>> values) {
  Accumulator accumulator;
  for (const auto& [value, duration_s] : values) accumulator.add(value, duration_s);
  return accumulator;
}

TEST(Accumulator, WeighsMeansWithTheDuration) {
  EXPECT_DOUBLE_EQ(of({{1, 1}, {4, 3}}).value(Aggregation::mean), 13.0 / 4.0);
}

TEST(Accumulator, TakesTheRootOfTheMeanOfSquares) {
  EXPECT_DOUBLE_EQ(of({{1, 1}, {3, 3}}).value(Aggregation::rms), std::sqrt(28.0 / 4.0));
}

TEST(Accumulator, KeepsExtremesAndTheLast) {
  const Accumulator accumulator = of({{2, 1}, {-5, 1}, {3, 1}});
  EXPECT_EQ(accumulator.value(Aggregation::minimum), -5);
  EXPECT_EQ(accumulator.value(Aggregation::maximum), 3);
  EXPECT_EQ(accumulator.value(Aggregation::last), 3);
}

TEST(Accumulator, LeavesOutWhatIsNotAvailable) {
  const Accumulator accumulator = of({{not_available, 9}, {4, 1}, {not_available, 9}});
  EXPECT_EQ(accumulator.value(Aggregation::mean), 4);
  EXPECT_EQ(accumulator.value(Aggregation::last), 4);
}

TEST(Accumulator, OfNothingIsNotAvailable) {
  for (const auto kind : {Aggregation::mean, Aggregation::rms, Aggregation::minimum,
                          Aggregation::maximum, Aggregation::last})
    EXPECT_FALSE(available(of({{not_available, 1}}).value(kind)));
}

TEST(Gathering, KeepsWhatLiesBeyondTheCutForTheNextInterval) {
  Gathering gathering;
  for (int i = 1; i <= 6; ++i) gathering.add(i, at_ms(10 * i), 0.01);
  EXPECT_DOUBLE_EQ(gathering.take(at_ms(40), Aggregation::mean, 0), 2.5);
  EXPECT_DOUBLE_EQ(gathering.take(at_ms(80), Aggregation::mean, 0), 5.5);
  EXPECT_FALSE(available(gathering.take(at_ms(120), Aggregation::mean, 0)));
}

TEST(Gathering, ToleratesAnEndThatIsALittleLate) {
  Gathering gathering;
  gathering.add(7, at_ms(101), 0.01);
  EXPECT_FALSE(available(gathering.take(at_ms(100), Aggregation::last, 0)));
  EXPECT_EQ(gathering.take(at_ms(100), Aggregation::last, 0.25), 7);
}

TEST(Gathering, HoldsAnyNumberOfValues) {
  Gathering gathering;
  for (int i = 1; i <= 1'000; ++i) gathering.add(i, at_ms(10 * i), 0.01);
  EXPECT_NEAR(gathering.take(at_ms(9'950), Aggregation::mean, 0), 996.0 / 2.0, 1e-9);
  EXPECT_DOUBLE_EQ(gathering.take(at_ms(10'000), Aggregation::mean, 0), 998.0);
}

TEST(Accumulator, TakesAllThatAnotherHasTaken) {
  Accumulator all, one, other;
  for (const auto& [value, duration_s] : {std::pair{3.0, 1.0}, {5.0, 2.0}, {1.0, 0.5}}) {
    all.add(value, duration_s);
    (value == 3 ? one : other).add(value, duration_s);
  }
  one.add(other);
  one.add(Accumulator{});
  for (const auto kind :
       {registers::Aggregation::mean, registers::Aggregation::rms, registers::Aggregation::minimum,
        registers::Aggregation::maximum, registers::Aggregation::last})
    EXPECT_DOUBLE_EQ(one.value(kind), all.value(kind));
}

}  // namespace
}  // namespace polyphase::lab
