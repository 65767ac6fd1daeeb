#include "text/csv.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace polyphase::text {
namespace {

TEST(Csv, LeavesPlainTextAsItIs) { EXPECT_EQ(csv_field("Vln a"), "Vln a"); }

TEST(Csv, QuotesWhatWouldBreakTheLine) {
  EXPECT_EQ(csv_field("a,b"), "\"a,b\"");
  EXPECT_EQ(csv_field("say \"so\""), "\"say \"\"so\"\"\"");
  EXPECT_EQ(csv_field("two\nlines"), "\"two\nlines\"");
}

TEST(Csv, JoinsFieldsToALine) {
  EXPECT_EQ(csv_line(std::vector<std::string>{"time", "a,b", ""}), "time,\"a,b\",");
}

}  // namespace
}  // namespace polyphase::text
