#include <gtest/gtest.h>

#include <cstring>

#include "formats/comtrade/configuration.hpp"
#include "formats/comtrade/records.hpp"
#include "formats/comtrade/write_recording.hpp"

namespace polyphase::formats::comtrade {
namespace {

const std::string plain =
    "STATION,IED,1999\r\n3,2A,1D\r\n"
    "1,IA,A,,A,0.5,1,0,-32767,32767,100,5,S\r\n2,VA,A,,kV,2,0,0,-32767,32767,1,1,P\r\n1,TRIP,,,0\r\n"
    "50\r\n1\r\n1200,2\r\n12/01/2011,05:55:30.075011\r\n12/01/2011,05:55:30.078261\r\nASCII\r\n1\r\n";

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  EXPECT_NE(at, std::string::npos) << what;
  return text.replace(at, what.size(), with);
}

std::vector<Record> all(const Configuration& c, std::string_view data, std::string* problem = nullptr) {
  const std::array<int, 2> channels{0, 1};
  RecordReader reader(c, data, channels);
  std::vector<Record> records;
  for (Record r; reader.next(r);) records.push_back(r);
  if (problem != nullptr) *problem = reader.problem();
  return records;
}

TEST(ComtradeConfiguration, ReadsEveryField) {
  const auto c = parse_configuration(plain, "x.cfg");
  ASSERT_TRUE(c) << c.error().text();
  EXPECT_EQ(c->revision_year, 1999);
  ASSERT_EQ(c->analogs.size(), 2u);
  EXPECT_EQ(c->analogs[0].name, "IA");
  EXPECT_TRUE(c->analogs[0].secondary);
  EXPECT_EQ(c->analogs[0].primary_rating / c->analogs[0].secondary_rating, 20);
  EXPECT_EQ(c->analogs[1].unit, "kV");
  EXPECT_EQ(c->line_frequency_hz, 50);
  EXPECT_EQ(c->sections[0].sample_rate_hz, 1200);
  EXPECT_EQ(to_iso8601(*c->start), "2011-01-12T05:55:30.075011Z");
  EXPECT_EQ(c->record_size(), 8u + 4 * 2 + 2);
}

TEST(ComtradeConfiguration, ReadsTheZoneOfTheEditionOf2013) {
  const auto c = parse_configuration(replaced(plain, "1999", "2013") + "-5h30,-5h30\r\nB,3\r\n", "x.cfg");
  ASSERT_TRUE(c);
  EXPECT_EQ(c->utc_offset_s, -(5 * 3600 + 30 * 60));
}

TEST(ComtradeConfiguration, TakesMonthsFirstInTheEditionOf1991) {
  const auto c = parse_configuration(replaced(replaced(plain, ",1999", ""), "12/01/2011", "01/31/94"), "x.cfg");
  ASSERT_TRUE(c);
  EXPECT_EQ(to_iso8601(*c->start).substr(0, 10), "1994-01-31");
}

TEST(ComtradeConfiguration, PassesOverBlankLines) {
  EXPECT_TRUE(parse_configuration(replaced(plain, "50\r\n", "\r\n\r\n50\r\n"), "x.cfg"));
}

TEST(ComtradeConfiguration, NamesTheLineThatCannotBeRead) {
  const auto bad = parse_configuration(replaced(plain, "0.5,1,0", "x,1,0"), "x.cfg");
  ASSERT_FALSE(bad);
  EXPECT_EQ(bad.error().where, "x.cfg:3");
  EXPECT_FALSE(parse_configuration("", "x.cfg"));
  EXPECT_FALSE(parse_configuration(replaced(plain, "ASCII", "PAPER"), "x.cfg"));
  EXPECT_FALSE(parse_configuration(replaced(plain, "3,2A,1D", "3,99999A,1D"), "x.cfg"));
  EXPECT_FALSE(parse_configuration(plain.substr(0, 80), "x.cfg"));
}

TEST(ComtradeConfiguration, MakesUtf8OfLatin1) {
  EXPECT_EQ(to_utf8("Gr\xfc\xdf"
                    "e"),
            "Gr\xc3\xbc\xc3\x9f"
            "e");
  EXPECT_EQ(to_utf8("Gr\xc3\xbc\xc3\x9f"), "Gr\xc3\xbc\xc3\x9f");
}

TEST(ComtradeRecords, ScalesAsciiAndKnowsWhatIsMissing) {
  const auto c = parse_configuration(plain, "x.cfg");
  const auto records = all(*c, "1,0,-83,10,0\r\n\r\n2,833,99999,,1\r\n");
  ASSERT_EQ(records.size(), 2u);
  EXPECT_DOUBLE_EQ(records[0].value[0], 0.5 * -83 + 1);
  EXPECT_DOUBLE_EQ(records[0].value[1], 20);
  EXPECT_EQ(records[1].time_stamp_us, 833);
  EXPECT_TRUE(records[1].missing);
  EXPECT_EQ(RecordReader::count(*c, "1,0,-83,10,0\r\n\r\n2,833,99999,,1\r\n"), 2u);
}

TEST(ComtradeRecords, ReadAsFarAsTheDataGoes) {
  const auto c = parse_configuration(plain, "x.cfg");
  std::string problem;
  EXPECT_EQ(all(*c, "1,0,1,2,0\r\n2,833,xyz,2,0\r\n3,1,1,1,1\r\n", &problem).size(), 1u);
  EXPECT_NE(problem.find("line 2"), std::string::npos);
}

TEST(ComtradeRecords, ReadBinaryOfEveryWidth) {
  auto c = parse_configuration(replaced(plain, "ASCII", "BINARY"), "x.cfg");
  const auto put = [](std::string& data, auto value) { data.append(reinterpret_cast<const char*>(&value), sizeof value); };
  std::string data;
  put(data, std::uint32_t{1});
  put(data, std::uint32_t{0xffffffff});
  put(data, std::int16_t{-100});
  put(data, std::int16_t{-32768});
  put(data, std::uint16_t{1});
  std::string problem;
  auto records = all(*c, data + "rest", &problem);
  ASSERT_EQ(records.size(), 1u);
  EXPECT_FALSE(records[0].time_stamp_us);
  EXPECT_DOUBLE_EQ(records[0].value[0], -49);
  EXPECT_TRUE(records[0].missing);
  EXPECT_NE(problem.find("ends within a record"), std::string::npos);

  c = parse_configuration(replaced(plain, "ASCII", "BINARY32"), "x.cfg");
  data.clear();
  put(data, std::uint32_t{1});
  put(data, std::uint32_t{7});
  put(data, std::int32_t{100'000});
  put(data, std::int32_t{3});
  put(data, std::uint16_t{0});
  EXPECT_DOUBLE_EQ(all(*c, data)[0].value[0], 50'001);
}

TEST(ComtradeRecords, AreReadAsTheyWereWritten) {
  const std::vector<WrittenChannel> channels{{"V1", "A", "V"}, {"I1", "A", "A"}};
  const Instant start = *parse_iso8601("2026-01-02T03:04:05.678901Z");
  const auto c = parse_configuration(configuration_text("S", channels, 50, 4800, 2, start), "w.cfg");
  ASSERT_TRUE(c) << c.error().text();
  EXPECT_EQ(c->start, start);
  EXPECT_EQ(c->type, DataType::float32);
  std::string data;
  const std::array<float, 2> first{1.25f, -3.5f}, second{325.27f, 0};
  append_record(data, 1, 0, first.data(), 2);
  append_record(data, 2, 208.33, second.data(), 2);
  const auto records = all(*c, data);
  ASSERT_EQ(records.size(), 2u);
  EXPECT_EQ(records[0].value[1], -3.5);
  EXPECT_EQ(static_cast<float>(records[1].value[0]), 325.27f);
  EXPECT_EQ(records[1].time_stamp_us, 208);
}

TEST(ComtradeCombined, IsCutAtItsMarkers) {
  const std::string file = "--- file type: CFG ---\r\n" + plain + "--- file type: DAT ASCII ---\r\n1,0,1,2,0\r\n";
  const auto parts = split_combined(file, "x.cff");
  ASSERT_TRUE(parts);
  EXPECT_EQ(parts->configuration, plain);
  EXPECT_EQ(parts->data, "1,0,1,2,0\r\n");
  const auto binary = split_combined("--- file type: CFG ---\nA\n--- file type: DAT BINARY: 4 ---\nabcdXX", "x.cff");
  ASSERT_TRUE(binary);
  EXPECT_EQ(binary->data, "abcd");
  EXPECT_FALSE(split_combined("nothing", "x.cff"));
}

}  // namespace
}  // namespace polyphase::formats::comtrade
