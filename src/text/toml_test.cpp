#include "text/toml.hpp"

#include <gtest/gtest.h>

namespace polyphase::text {
namespace {

TEST(Toml, KeepsTheOrderOfTheFile) {
  const auto document = parse_toml("z = 1\na = 'two'\n[m]\ny = true\nb = [1.5, 2]\n", "x.toml");
  ASSERT_TRUE(document);
  ASSERT_EQ(document->members.size(), 3u);
  EXPECT_EQ(document->members[0].first, "z");
  EXPECT_EQ(document->members[1].second.string, "two");
  const TomlValue* table = document->find("m");
  ASSERT_NE(table, nullptr);
  EXPECT_EQ(table->members[0].first, "y");
  EXPECT_EQ(table->find("b")->items[0].number, 1.5);
  EXPECT_EQ(table->find("b")->line, 5);
}

TEST(Toml, NamesTheLineOfAMistake) {
  const auto document = parse_toml("a = 1\nb = = 2\n", "x.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().where, "x.toml:2");
}

TEST(Toml, RefusesWhatIsNestedTooDeep) {
  EXPECT_FALSE(parse_toml("a = " + std::string(200, '[') + std::string(200, ']'), "x.toml"));
}

TEST(Toml, RefusesAKeyOfTooManyParts) {
  std::string key = "a";
  for (int i = 0; i < 4'000'000; ++i) key += ".a";
  const auto document = parse_toml("b = 1\n" + key + " = 1\n", "x.toml");
  ASSERT_FALSE(document);
  EXPECT_EQ(document.error().where, "x.toml:2");
}

TEST(Toml, TakesDotsInTextAndCommentsAsTheyAre) {
  const std::string dots(100, '.');
  const auto document =
      parse_toml("# " + dots + "\na = \"" + dots + "\\\"" + dots + "\"\nb = '''\n" + dots +
                     "''' # " + dots + "\n\"c\".d = '" + dots + "'\n",
                 "x.toml");
  ASSERT_TRUE(document) << document.error().text();
  EXPECT_EQ(document->find("c")->find("d")->string, dots);
  EXPECT_EQ(document->find("c")->find("d")->line, 5);
}

TEST(Toml, RefusesWhatTheLibraryAsserts) {
  for (const char* text : {"a = 1\n[b]\n[!c]\nd = 2\n", "a = 1\n\n[!c]"}) {
    const auto document = parse_toml(text, "x.toml");
    ASSERT_FALSE(document);
    EXPECT_EQ(document.error().where, "x.toml:3");
  }
}

TEST(Toml, TakesLettersBeyondAscii) {
  const auto document = parse_toml("# µΩ\na = \"é µ\" # ü\n\"ключ\" = 1\n", "x.toml");
  ASSERT_TRUE(document) << document.error().text();
  EXPECT_EQ(document->find("a")->string, "é µ");
  EXPECT_FALSE(parse_toml("a = 5.5é\n", "x.toml"));
  EXPECT_FALSE(parse_toml("a é = 5\n", "x.toml"));
}

TEST(Toml, RefusesInvalidUtf8) { EXPECT_FALSE(parse_toml("a = \"\xff\xfe\"", "x.toml")); }

}  // namespace
}  // namespace polyphase::text
