#include "formats/csv/csv.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cmath>

namespace polyphase::formats::csv {
namespace {

std::span<const std::uint8_t> octets(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

struct Read {
  Table table;
  std::string error;
  std::vector<std::vector<float>> rows;  ///< all columns, time included
  Times times;

  explicit Read(const std::string& text) {
    auto parsed = parse(octets(text), "x.csv");
    if (!parsed) {
      error = parsed.error().text();
      return;
    }
    table = *parsed;
    RowReader reader(table);
    std::vector<Pick> picks;
    for (std::size_t i = 0; i < table.columns.size(); ++i) picks.push_back({i, i, 1});
    reader.choose(picks);
    std::vector<Frame> frames(3);
    bool missing = false;
    for (std::size_t count; (count = reader.read(frames, missing)) > 0;)
      for (std::size_t n = 0; n < count; ++n)
        rows.emplace_back(
            frames[n].value.begin(),
            frames[n].value.begin() + static_cast<std::ptrdiff_t>(table.columns.size()));
    EXPECT_EQ(rows.size(), table.row_count);
    if (table.time_kind == TimeKind::none) return;
    if (auto read = read_times(table))
      times = *read;
    else
      error = read.error().text();
  }
  std::string names() const {
    std::string out;
    for (const auto& column : table.columns) out += column.name + "|" + column.unit + " ";
    return out;
  }
};

TEST(Csv, TakesUnitsOffTheNames) {
  EXPECT_EQ(Read("t_s,Va [kV],Ib (A),UA_V,UB kV,I1/A\n0,1,2,3,4,5\n1,1,2,3,4,5\n").names(),
            "t|s Va|kV Ib|A UA|V UB|kV I1|A ");
}

TEST(Csv, TakesALetterAfterAVoltageForAPhase) {
  EXPECT_EQ(Read("V_A,I_A\n1,2\n").names(), "V_A| I_A| ");
}

TEST(Csv, ReadsEveryDelimiter) {
  for (const char* text :
       {"a,b\n1.5,-2\n3,4e1\n", "a;b\n1.5;-2\n3;4e1\n", "a\tb\n1.5\t-2\n3\t4e1\n",
        "a;b\r\n1,5;-2\r\n3;4e1\r\n", "\xEF\xBB\xBFsep=;\na;b\n1,5;-2\n3;4e1\n",
        "a | b\n1,5 | -2\n3 | 4e1\n", "\"a\",\"b\"\n\"1.5\", -2 \n+3,4e1"}) {
    const Read read(text);
    ASSERT_EQ(read.rows.size(), 2u) << text << read.error;
    EXPECT_EQ(read.rows[0], (std::vector<float>{1.5f, -2})) << text;
    EXPECT_EQ(read.rows[1], (std::vector<float>{3, 40})) << text;
    EXPECT_EQ(read.table.columns[1].name, "b") << text;
  }
}

TEST(Csv, FindsTheTimeByItsName) {
  const Read read("V1,Time [ms]\n1,250\n2,250.5\n");
  EXPECT_EQ(read.table.time_column, 1u);
  EXPECT_DOUBLE_EQ(read.times.seconds[1], 0.2505);
  EXPECT_NEAR(read.times.resolution_s, 1e-4, 1e-12);
}

TEST(Csv, ReadsIsoTimesFromTheFirstOn) {
  const Read read("time,V1\n2026-01-01T00:00:02.5Z,1\n2026-01-01 00:00:02.7501Z,1\n");
  EXPECT_EQ(to_iso8601(*read.times.origin), "2026-01-01T00:00:02.500000Z");
  EXPECT_NEAR(read.times.seconds[1], 0.2501, 1e-9);
  EXPECT_TRUE(read.table.zoned);
  EXPECT_FALSE(Read("time,V1\n2026-01-01T00:00:02,1\n2026-01-01T00:00:03,1\n").table.zoned);
  EXPECT_TRUE(Read("time,V1\n2026-01-01T00:00:02-05:00,1\n").table.zoned);
}

// 2026-03-01T07:26:40Z and a quarter of a millisecond, in every unit, named and not.
TEST(Csv, DatesTimesThatCountSince1970) {
  for (const auto& [unit, first, second] :
       {std::array{"s", "1772350000.0", "1772350000.00025"},
        std::array{"ms", "1772350000000", "1772350000000.25"},
        std::array{"us", "1772350000000000", "1772350000000250"},
        std::array{"ns", "1772350000000000000", "1772350000000250000"}})
    for (const bool named : {true, false}) {
      const std::string header = named ? std::string("time [") + unit + "],V1\n" : "time,V1\n";
      const Read read(header + first + ",1\n" + second + ",2\n");
      ASSERT_EQ(read.error, "") << unit;
      ASSERT_TRUE(read.times.origin) << unit;
      EXPECT_EQ(to_iso8601(*read.times.origin), "2026-03-01T07:26:40.000000Z") << unit;
      EXPECT_NEAR(read.times.seconds[1], 0.00025, 1e-12) << unit;
    }
  const Read decimal_comma("Zeit;U1\n1772350000,5;1,0\n1772350000,50025;1,0\n");
  EXPECT_EQ(to_iso8601(*decimal_comma.times.origin), "2026-03-01T07:26:40.500000Z");
  EXPECT_NEAR(decimal_comma.times.seconds[1], 0.00025, 1e-12);
}

TEST(Csv, FindsTimesSince1970WithoutNames) {
  std::string text;
  for (int n = 0; n < 5; ++n) text += "1772350000." + std::to_string(10'000 + n * 2) + ",5\n";
  const Read read(text);
  EXPECT_EQ(read.table.time_kind, TimeKind::seconds);
  EXPECT_EQ(to_iso8601(*read.times.origin), "2026-03-01T07:26:40.100000Z");
}

TEST(Csv, TakesTimesOfLessThanThreeYearsForRelative) {
  const Read read("t,V1\n-86400.5,1\n-86400.25,1\n99999999,2\n");
  EXPECT_EQ(read.error, "");
  EXPECT_FALSE(read.times.origin);
  EXPECT_EQ(read.times.seconds[0], -86'400.5);
  EXPECT_EQ(read.times.seconds[1], -86'400.25);
  EXPECT_TRUE(std::isnan(read.times.seconds[2])) << "more than three years behind the first";
}

TEST(Csv, RefusesTimesThatCannotBeTold) {
  for (const char* begin : {"3855194800", "794042800", "133534736000000000", "-1772350000"})
    EXPECT_NE(Read(std::string("time,V1\n") + begin + ",1\n" + begin + ".001,2\n")
                  .error.find("write them as"),
              std::string::npos)
        << begin << ": LabVIEW counts from 1904, Apple from 2001, Windows 100 ns from 1601";
  EXPECT_NE(Read("time [s],V1\n1772350000000,1\n1772350000001,2\n")
                .error.find("the unit that the header names"),
            std::string::npos);
}

TEST(Csv, ReadsALineOfUnitsBelowTheNames) {
  EXPECT_EQ(Read("Time,Channel A\n(ms),(V)\n\n0.1,5\n0.2,6\n").names(), "Time|ms Channel A|V ");
}

TEST(Csv, PassesOverTitlesAndReadsTheRateOfAComment) {
  const Read read("Exported by a scope\n# sample_rate_hz = 10240\nV1,I1\n1,2\n3,4\n");
  EXPECT_EQ(read.names(), "V1| I1| ");
  EXPECT_EQ(read.table.sample_rate_hz, 10'240);
}

TEST(Csv, TakesAFirstColumnThatRisesEvenlyForTheTime) {
  EXPECT_EQ(Read("0,5\n0.001,6\n0.002,5\n0.003,1\n").table.time_kind, TimeKind::seconds);
  EXPECT_EQ(Read("1,5\n4,6\n9,5\n16,1\n").table.time_kind, TimeKind::none);
}

TEST(Csv, KnowsWhatIsMissing) {
  const Read read("t,V1,V2\n0,,1\n1,nan,1\n2,one,1\n3,1\n4,1,N/A\n");
  ASSERT_EQ(read.rows.size(), 5u);
  for (std::size_t row : {0u, 1u, 2u}) EXPECT_TRUE(std::isnan(read.rows[row][1])) << row;
  EXPECT_TRUE(std::isnan(read.rows[3][2])) << "the row is too short";
  EXPECT_TRUE(std::isnan(read.rows[4][2]));
}

TEST(Csv, LeavesOutALastRowThatBreaksOff) { EXPECT_EQ(Read("t,V1\n0,1\n1,2\n2").rows.size(), 2u); }

TEST(Csv, RefusesWhatHoldsNoNumbers) {
  EXPECT_EQ(Read("").error.substr(0, 8), "x.csv:1:");
  EXPECT_NE(Read("a,b\nc,d\n").error.find("no row of numbers"), std::string::npos);
}

TEST(Csv, IsReadAsItWasWritten) {
  const std::vector<Column> columns{{"V1", "V"}, {"I1", "kA"}};
  for (const WriteFormat format :
       {WriteFormat{}, WriteFormat{';', true, false}, WriteFormat{'\t', false, true}}) {
    std::string text = write_header(format, columns);
    append_rows(format, 2, std::vector<float>{325.26912f, -1e-3f, std::nanf(""), 7}, 0.5, 10'240,
                *parse_iso8601("2026-01-01"), text);
    const Read read(text);
    ASSERT_EQ(read.rows.size(), 2u) << text << read.error;
    EXPECT_EQ(read.table.columns[2].unit, "kA");
    EXPECT_EQ(read.rows[0][1], 325.26912f);
    EXPECT_EQ(read.rows[0][2], -1e-3f);
    EXPECT_TRUE(std::isnan(read.rows[1][1]));
    EXPECT_NEAR(read.times.seconds[1] - read.times.seconds[0], 1 / 10'240.0, 1e-9);
    if (!format.iso_time) continue;
    EXPECT_EQ(to_iso8601(*read.times.origin), "2026-01-01T00:00:00.500000Z");
  }
}

}  // namespace
}  // namespace polyphase::formats::csv
