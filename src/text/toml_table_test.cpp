#include "text/toml_table.hpp"

#include <gtest/gtest.h>

#include <array>

namespace polyphase::text {
namespace {

using Read = void (*)(TomlTable&);

/// What is wrong with a document, by a reader of its top table; empty: nothing.
std::string mistake_in(std::string_view document, Read read) {
  const auto parsed = parse_toml(document, "x.toml");
  if (!parsed) return parsed.error().text();
  TomlMistake mistake("x.toml");
  TomlTable table(*parsed, "the file", mistake);
  read(table);
  table.finish();
  return mistake.first() ? mistake.first()->text() : "";
}

void read_a(TomlTable& table) {
  double a = 0;
  table.number("a", 1, 10, a);
}

TEST(TomlTable, LeavesWhatIsAbsentAsItIs) {
  const auto parsed = parse_toml("b = 2", "x.toml");
  TomlMistake mistake("x.toml");
  TomlTable table(*parsed, "the file", mistake);
  double a = 7, b = 0;
  table.number("a", 1, 10, a);
  table.number("b", 1, 10, b);
  EXPECT_EQ(a, 7);
  EXPECT_EQ(b, 2);
}

TEST(TomlTable, NamesValueBoundsAndLine) {
  EXPECT_EQ(mistake_in("\na = 11", read_a), "x.toml:2: a of the file is 11; 1 to 10 is possible");
  EXPECT_NE(mistake_in("a = nan", read_a), "");
  EXPECT_NE(mistake_in("a = 'one'", read_a), "");
  EXPECT_EQ(mistake_in("a = 10", read_a), "");
}

TEST(TomlTable, RefusesKeysThatNobodyAskedFor) {
  EXPECT_EQ(mistake_in("a = 1\naa = 2", read_a),
            "x.toml:2: the file has no key 'aa'; it may have a");
}

TEST(TomlTable, KeepsTheFirstMistake) {
  EXPECT_EQ(mistake_in("a = 0\nb = 1", read_a).substr(0, 8), "x.toml:1");
}

TEST(TomlTable, NamesTheChoices) {
  const auto read = [](TomlTable& table) {
    static constexpr std::array<std::string_view, 2> choices{"sine", "square"};
    std::size_t which = 0;
    table.choice("shape", choices, which);
  };
  EXPECT_EQ(mistake_in("shape = 'saw'", read),
            "x.toml:1: shape of the file is 'saw'; possible are sine, square");
}

}  // namespace
}  // namespace polyphase::text
