#include "lab/session.hpp"

#include <gtest/gtest.h>

namespace polyphase::lab {
namespace {

std::string setting(const MeterOptions& options, std::string_view name) {
  Findings findings;
  auto engine = make_engine(options, findings);
  if (!engine) return engine.error().text();
  const registers::RegisterTable& table = (*engine)->registers();
  const auto index = table.find(name);
  return index ? std::to_string(static_cast<int>(table.value(*index).number)) : "no such register";
}

TEST(Session, EveryOptionReachesItsRegister) {
  MeterOptions options;
  options.nominal_voltage_v = 230;
  options.nominal_current_a = 100;
  options.nominal_frequency_hz = 60;
  options.wiring = "delta";
  options.pt = Ratio{20'000, 100};
  options.ct = Ratio{400, 5};
  options.sag = 85;
  options.swell = 115;
  options.interruption = 10;
  options.hysteresis = 3;
  options.rvc = 4;
  options.sets = {"PM1.PhaseOrder=ACB"};
  EXPECT_EQ(setting(options, "FAC1.Nominal Voltage"), "230");
  EXPECT_EQ(setting(options, "FAC1.Nominal Current"), "100");
  EXPECT_EQ(setting(options, "FAC1.Nominal Frequency"), "60");
  EXPECT_EQ(setting(options, "PM1.Volts Mode"), "1");
  EXPECT_EQ(setting(options, "PM1.PT Prim"), "20000");
  EXPECT_EQ(setting(options, "PM1.PT Sec"), "100");
  EXPECT_EQ(setting(options, "PM1.CT Prim"), "400");
  EXPECT_EQ(setting(options, "PM1.CT Sec"), "5");
  EXPECT_EQ(setting(options, "SS1.Sag Lim"), "85");
  EXPECT_EQ(setting(options, "SS1.Swell Lim"), "115");
  EXPECT_EQ(setting(options, "SS1.Interruption Lim"), "10");
  EXPECT_EQ(setting(options, "SS1.Hysteresis"), "3");
  EXPECT_EQ(setting(options, "SS1.RVC Lim"), "4");
  EXPECT_EQ(setting(options, "PM1.PhaseOrder"), "1");
}

TEST(Session, EveryTierMakesAMeter) {
  for (const char* tier : {"essential", "standard", "advanced"}) {
    MeterOptions options;
    options.tier = tier;
    EXPECT_EQ(setting(options, "FAC1.Nominal Frequency"), "50") << tier;
  }
}

TEST(Session, RefusesAValueOutOfBoundsWithTheBounds) {
  MeterOptions options;
  options.sag = 120;
  EXPECT_EQ(setting(options, "SS1.Sag Lim"),
            "'120' is not a value of SS1.Sag Lim: write 0 to 100 %");
}

TEST(Session, RefusesASettingThatIsNoAssignment) {
  MeterOptions options;
  options.sets = {"PM1.PhaseOrder"};
  EXPECT_NE(setting(options, "").find("module.register=value"), std::string::npos);
}

TEST(Session, RefusesToSetWhatIsMeasured) {
  MeterOptions options;
  options.sets = {"PM1.Vln a=230"};
  EXPECT_NE(setting(options, "").find("measured, not set"), std::string::npos);
}

TEST(Ratio, ReadsTwoNumbers) {
  const auto ratio = parse_ratio("20000:100");
  ASSERT_TRUE(ratio);
  EXPECT_EQ(ratio->primary, 20'000);
  EXPECT_EQ(ratio->secondary, 100);
}

TEST(Ratio, RefusesEverythingElse) {
  for (const char* text : {"", "100", ":", "100:", ":5", "0:5", "100:0", "-1:5", "1e400:1", "nan:1",
                           "inf:1", "100:5x", "100 :5"})
    EXPECT_FALSE(parse_ratio(text)) << text;
}

}  // namespace
}  // namespace polyphase::lab
