#include "formats/comtrade/config.hpp"

#include <gtest/gtest.h>

#include <fstream>

namespace polyphase::formats::comtrade {
namespace {

const std::string plain =
    "STATION,IED,1999\r\n3,2A,1D\r\n"
    "1,IA,A,,A,0.5,1,0,-32767,32767,100,5,S\r\n2,VA,A,,kV,2,0,3,-32767,32767,1,1,P\r\n1,TRIP,,,"
    "0\r\n"
    "50\r\n1\r\n1200,2\r\n12/01/2011,05:55:30.075011\r\n12/01/"
    "2011,05:55:30.078261\r\nASCII\r\n1\r\n";

std::string with(std::string text, const std::string& what, const std::string& instead) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), instead);
}

Config parsed(const std::string& text) {
  auto config = parse_config(text, "x.cfg");
  EXPECT_TRUE(config) << (config ? "" : config.error().text());
  return config ? *config : Config{};
}

std::string refused(const std::string& text) {
  auto config = parse_config(text, "x.cfg");
  return config ? "" : config.error().text();
}

TEST(ComtradeConfig, ReadsEveryField) {
  const Config c = parsed(plain);
  EXPECT_EQ(c.station, "STATION");
  EXPECT_EQ(c.device, "IED");
  EXPECT_EQ(c.revision, 1999);
  ASSERT_EQ(c.analogs.size(), 2u);
  EXPECT_EQ(c.analogs[0].name, "IA");
  EXPECT_TRUE(c.analogs[0].in_secondary);
  EXPECT_EQ(c.analogs[0].primary / c.analogs[0].secondary, 20);
  EXPECT_EQ(c.analogs[1].unit, "kV");
  EXPECT_EQ(c.analogs[1].skew_us, 3);
  EXPECT_FALSE(c.analogs[1].in_secondary);
  ASSERT_EQ(c.digitals.size(), 1u);
  EXPECT_EQ(c.line_frequency_hz, 50);
  EXPECT_EQ(c.sections[0].rate_hz, 1200);
  EXPECT_EQ(c.declared_rows(), 2u);
  EXPECT_EQ(to_iso8601(*c.start), "2011-01-12T05:55:30.075011Z");
  EXPECT_EQ(c.kind, DataKind::ascii);
  EXPECT_TRUE(c.warnings.empty());
}

TEST(ComtradeConfig, ReadsTheZoneOfTheEditionOf2013) {
  EXPECT_EQ(parsed(with(plain, "1999", "2013") + "-5h30,-5h30\r\nB,3\r\n").utc_offset_s,
            -(5 * 3600 + 30 * 60));
  EXPECT_EQ(parsed(with(plain, "1999", "2013") + "+2,+2\r\nB,3").utc_offset_s, 7200);
  EXPECT_FALSE(parsed(with(plain, "1999", "2013") + "x,x\r\n").utc_offset_s);
}

TEST(ComtradeConfig, ReadsTheQualityOfTheClock) {
  const auto with_quality = [](const char* line) {
    return parsed(with(plain, "1999", "2013") + "0,0\r\n" + line + "\r\n");
  };
  EXPECT_EQ(with_quality("0,3").clock_error_s(), 0);
  EXPECT_DOUBLE_EQ(*with_quality("1,0").clock_error_s(), 1e-9);
  EXPECT_DOUBLE_EQ(*with_quality("8,3").clock_error_s(), 0.01);
  EXPECT_DOUBLE_EQ(*with_quality("b,3").clock_error_s(), 10);
  EXPECT_FALSE(with_quality("F,3").clock_error_s());
  EXPECT_EQ(with_quality("0,1").clock_error_s(), 1) << "a leap second was inserted";
  EXPECT_EQ(with_quality("4,2").clock_error_s(), 1) << "a leap second was left out";
  EXPECT_EQ(parsed(plain).clock_error_s(), 0) << "1999 does not say";
  const Config odd = with_quality("C,3");
  EXPECT_EQ(odd.clock_error_s(), 0);
  ASSERT_EQ(odd.warnings.size(), 1u);
  EXPECT_NE(odd.warnings[0].find("'C' is no time quality"), std::string::npos);
}

TEST(ComtradeConfig, WritesTheQualityOfTheClock) {
  Config config = parsed(with(plain, "1999", "2013") + "0,0\r\nB,3\r\n");
  EXPECT_EQ(parsed(write_config(config)).time_quality, 11);
  config.time_quality.reset();
  EXPECT_EQ(parsed(write_config(config)).time_quality, 0);
}

TEST(ComtradeConfig, TakesMonthsFirstInTheEditionOf1991) {
  const Config c = parsed(with(with(plain, ",1999", ""), "12/01/2011", "01/31/94"));
  EXPECT_EQ(to_iso8601(*c.start).substr(0, 10), "1994-01-31");
}

TEST(ComtradeConfig, SwapsDayAndMonthWhereOnlyThatIsADate) {
  const Config c = parsed(with(plain, "12/01/2011", "01/31/2011"));
  EXPECT_EQ(to_iso8601(*c.start).substr(0, 10), "2011-01-31");
  EXPECT_EQ(c.warnings.size(), 1u);
}

TEST(ComtradeConfig, CountsStampsInNanosecondsWhereTheDateHasNineDigits) {
  EXPECT_FALSE(parsed(plain).nanosecond_stamps);
  EXPECT_TRUE(parsed(with(plain, "30.075011", "30.075011123")).nanosecond_stamps);
}

TEST(ComtradeConfig, ReadsAnalogueLinesOf1991WithoutARatio) {
  const Config c =
      parsed(with(plain, "1,IA,A,,A,0.5,1,0,-32767,32767,100,5,S", "1,IA,A,,A,0.5,1,0,-2048,2047"));
  EXPECT_FALSE(c.analogs[0].in_secondary);
  EXPECT_EQ(c.analogs[0].code_max, 2047);
}

TEST(ComtradeConfig, PassesOverBlankLinesAndEndMarks) {
  EXPECT_EQ(parsed(with(plain, "50\r\n", "\r\n \r\n50\r\n") + "\x1a\x1a").line_frequency_hz, 50);
  std::string bare;
  for (const char c : plain)
    if (c != '\n') bare += c;
  EXPECT_EQ(parsed(bare).analogs.size(), 2u) << "carriage returns alone";
}

TEST(ComtradeConfig, UnderstandsWrongTotals) {
  const Config c = parsed(with(plain, "3,2A,1D", "9,4A,5D"));
  EXPECT_EQ(c.analogs.size(), 2u);
  EXPECT_EQ(c.digitals.size(), 1u);
  EXPECT_EQ(c.warnings.size(), 1u);
}

TEST(ComtradeConfig, ManagesWithoutALineFrequency) {
  const Config c = parsed(with(plain, "50\r\n1\r\n", "1\r\n"));
  EXPECT_EQ(c.line_frequency_hz, 0);
  EXPECT_EQ(c.sections[0].rate_hz, 1200);
}

TEST(ComtradeConfig, LeavesTheRateToTheStampsWhereItIsZero) {
  EXPECT_FALSE(parsed(with(plain, "1\r\n1200,2", "0\r\n0,2")).rates_known());
  EXPECT_EQ(parsed(with(plain, "1\r\n1200,2", "0\r\n0,2")).declared_rows(), 2u);
  EXPECT_FALSE(parsed(with(plain, "1\r\n1200,2\r\n", "0\r\n")).rates_known())
      << "some leave the line out";
}

TEST(ComtradeConfig, ReadsManySections) {
  const Config c = parsed(with(plain, "1\r\n1200,2", "3\r\n1200,10\r\n600,20\r\n1200,30"));
  ASSERT_EQ(c.sections.size(), 3u);
  EXPECT_EQ(c.sections[1].rate_hz, 600);
  EXPECT_EQ(c.declared_rows(), 30u);
}

TEST(ComtradeConfig, KeepsCommasOfAStationsName) {
  const Config c = parsed(with(plain, "STATION,IED", "Substation 7, bay 2,IED"));
  EXPECT_EQ(c.station, "Substation 7,bay 2");
  EXPECT_EQ(c.device, "IED");
}

TEST(ComtradeConfig, NamesTheLineThatCannotBeRead) {
  EXPECT_EQ(refused(with(plain, "0.5,1,0", "x,1,0")).substr(0, 8), "x.cfg:3:");
  EXPECT_NE(refused(with(plain, "ASCII", "PAPER")).find("x.cfg:11: 'PAPER' is no kind of data"),
            std::string::npos);
  EXPECT_NE(refused(with(plain, "3,2A,1D", "three")).find("x.cfg:2"), std::string::npos);
  EXPECT_NE(refused(with(plain, "3,2A,1D", "3,99999A,1D")), "");
  EXPECT_NE(refused(plain.substr(0, 80)), "");
  EXPECT_NE(refused(""), "");
}

TEST(ComtradeConfig, MakesUtf8OfOlderEncodings) {
  EXPECT_EQ(parsed(with(plain, "STATION", "Esta\xe7\xe3o de Medi\xe7\xe3o")).station,
            "Estação de Medição");
  EXPECT_EQ(parsed(with(plain, "STATION", "\xcf\xf3\xf1\xea 1")).station, "Пуск 1");
  EXPECT_EQ(parsed(with(plain, "STATION", "Größe")).station, "Größe");
}

TEST(ComtradeConfig, IsReadAsItWasWritten) {
  Config c = parsed(plain);
  c.kind = DataKind::binary32;
  c.utc_offset_s = 5 * 3600 + 45 * 60;
  c.time_multiplier = 10;
  c.sections = {{4800, 96}, {1234.5678901234, 200}};
  c.analogs[0].a = 0.1234567890123;
  c.analogs[0].name = "U, A";
  const Config again = parsed(write_config(c));
  EXPECT_EQ(again.revision, 2013);
  EXPECT_EQ(again.kind, c.kind);
  EXPECT_EQ(again.start, c.start);
  EXPECT_EQ(again.utc_offset_s, c.utc_offset_s);
  EXPECT_EQ(again.time_multiplier, 10);
  EXPECT_EQ(again.sections[1].rate_hz, c.sections[1].rate_hz);
  EXPECT_EQ(again.analogs[0].a, c.analogs[0].a);
  EXPECT_EQ(again.analogs[0].name, "U  A") << "no separator may be in a name";
  EXPECT_TRUE(again.analogs[0].in_secondary);
  EXPECT_EQ(again.analogs[1].skew_us, 3);
  EXPECT_TRUE(again.warnings.empty());
}

}  // namespace
}  // namespace polyphase::formats::comtrade
