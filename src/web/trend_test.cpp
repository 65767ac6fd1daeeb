#include "web/trend.hpp"

#include <gtest/gtest.h>

#include "fake_meter.hpp"
#include "text/json_reader.hpp"

namespace polyphase::web {
namespace {

class TrendOf : public ::testing::Test {
 protected:
  TrendOf() {
    meter.module("PM1", "Power Meter");
    meter.output("kW tot", 0);
    meter.output("Freq", 50);
  }
  void at(double second, double kw) {
    meter.set("kW tot", {kw, {}, Instant{}.plus_s(1'000 + second)});
    meter.set("Freq", {50, {}, Instant{}.plus_s(1'000 + second)});
    meter.publish();
    trend.tick();
  }
  /// The series of kW tot, oldest first; -1: not available.
  std::vector<double> series(std::size_t seconds) {
    text::JsonWriter json;
    const auto written = trend.write(json, {"kW tot"}, seconds);
    EXPECT_TRUE(written) << written.error().text();
    const auto answer = text::parse_json(json.take());
    std::vector<double> values;
    for (const text::JsonValue& value : answer->find("values")->items[0].items)
      values.push_back(value.is(text::JsonValue::Kind::null) ? -1 : value.number);
    return values;
  }

  testing::FakeMeter meter;
  Trend trend{meter};
};

using Series = std::vector<double>;

TEST_F(TrendOf, KeepsAValueASecondAndNothingWhereNoneWasMeasured) {
  at(0, 1);
  at(1, 2);
  at(1, 9);
  at(4, 5);
  EXPECT_EQ(series(100), (Series{1, 2, -1, -1, 5}));
  EXPECT_EQ(series(2), (Series{-1, 5}));
}

TEST_F(TrendOf, GoesBackAnHourAndNoFurther) {
  const auto count = static_cast<int>(Trend::seconds_max);
  for (int s = 0; s < count + 10; ++s) at(s, s);
  const Series hour = series(2 * Trend::seconds_max);
  ASSERT_EQ(hour.size(), Trend::seconds_max);
  EXPECT_EQ(hour.front(), 10);
  EXPECT_EQ(hour.back(), count + 9);
}

TEST_F(TrendOf, BeginsAnewWhereTheClockWasSetBack) {
  at(10, 1);
  at(11, 2);
  at(5, 3);
  EXPECT_EQ(series(100), Series{3});
}

TEST_F(TrendOf, KnowsTheQuantitiesThatPeopleLookBackAtAndNoOther) {
  at(0, 1);
  text::JsonWriter json;
  EXPECT_TRUE(trend.write(json, {"Freq"}, 1));
  EXPECT_FALSE(trend.write(json, {"kWh del"}, 1));
}

}  // namespace
}  // namespace polyphase::web
