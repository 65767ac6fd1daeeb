#include "formats/csv/table.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace polyphase::formats::csv {
namespace {

struct Rows {
  std::vector<double> times;
  std::vector<std::vector<double>> values;
  std::string problem;
  explicit Rows(std::string_view text) {
    auto table = Table::open(text, "x.csv");
    EXPECT_TRUE(table) << table.error().text();
    std::vector<double> row(table->columns().size());
    for (double t = 0; table->next(t, row);) {
      times.push_back(t);
      values.push_back(row);
    }
    problem = table->problem();
  }
};

TEST(CsvTable, TakesTimeApartAndUnitsOffTheNames) {
  const auto table = Table::open("time_s,Va [kV],Ib (A),UA_V\n0,1,2,3\n", "x.csv");
  ASSERT_TRUE(table);
  EXPECT_TRUE(table->has_time());
  ASSERT_EQ(table->columns().size(), 3u);
  EXPECT_EQ(table->columns()[0].unit, "kV");
  EXPECT_EQ(table->columns()[1].name, "Ib");
  EXPECT_EQ(table->columns()[2].unit, "V");
}

TEST(CsvTable, ReadsDecimalCommasBetweenSemicolons) {
  const Rows rows("t;V1\r\n0,5;1,25\r\n");
  EXPECT_EQ(rows.times[0], 0.5);
  EXPECT_EQ(rows.values[0][0], 1.25);
}

TEST(CsvTable, ReadsMillisecondsAndIsoTimes) {
  EXPECT_DOUBLE_EQ(Rows("time [ms],V1\n250,1\n").times[0], 0.25);
  EXPECT_DOUBLE_EQ(Rows("time,V1\n1970-01-01T00:00:02.5Z,1\n").times[0], 2.5);
}

TEST(CsvTable, TakesAnEmptyFieldAsMissing) { EXPECT_TRUE(std::isnan(Rows("t,V1,V2\n0,,1\n").values[0][0])); }

TEST(CsvTable, StopsAtARowItCannotRead) {
  const Rows rows("t,V1\n0,1\n1,one\n2,3\n");
  EXPECT_EQ(rows.values.size(), 1u);
  EXPECT_EQ(rows.problem, "'one' is not a number");
}

TEST(CsvTable, RefusesAFileWithoutNames) {
  EXPECT_FALSE(Table::open("0,1,2\n1,2,3\n", "x.csv"));
  EXPECT_FALSE(Table::open("", "x.csv"));
  EXPECT_FALSE(Table::open("time\n1\n", "x.csv"));
}

}  // namespace
}  // namespace polyphase::formats::csv
