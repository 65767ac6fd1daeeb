#include "store/codec.hpp"

#include <gtest/gtest.h>

#include <cmath>

namespace polyphase::store {
namespace {

using Bytes = std::vector<std::uint8_t>;

// The examples of docs/formats/store.md.
const Bytes two_fields{0x00, 0x00, 0x00, 0x00, 0x00, 0xD0, 0x6C, 0x40, 0x00, 0x00,
                       0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0xF8, 0x7F, 0x02, 0x00};
const Bytes two_names{'a', 'b', 0, 'c', 0};
const Bytes two_values{0, 0, 0, 0, 0, 0, 0xF8, 0x3F, 0, 0, 0, 0, 0, 0, 0, 0xC0};

TEST(Codec, WritesFieldsAsDocumented) {
  Quality clipped;
  clipped.add(Quality::clipped);
  Bytes bytes{7};
  encode_fields(std::vector<Field>{{230.5, {}}, {-std::nan("7"), clipped}}, bytes);
  EXPECT_EQ(bytes, two_fields);
  const auto fields = decode_fields(bytes);
  ASSERT_TRUE(fields);
  EXPECT_EQ(fields->at(0).value, 230.5);
  EXPECT_TRUE(std::isnan(fields->at(1).value));
  EXPECT_EQ(fields->at(1).quality, clipped);
}

TEST(Codec, WritesRetainedNumbersAsDocumented) {
  const std::vector<NamedNumber> numbers{{"ab", 1.5}, {"c", -2}};
  Bytes names, values;
  encode_names(numbers, names);
  encode_values(numbers, values);
  EXPECT_EQ(names, two_names);
  EXPECT_EQ(values, two_values);
  const auto read = decode_numbers(names, values);
  ASSERT_TRUE(read);
  ASSERT_EQ(read->size(), 2u);
  EXPECT_EQ(read->at(1).name, "c");
  EXPECT_EQ(read->at(1).value, -2);
}

TEST(Codec, KnowsNamesWithoutEncodingThem) {
  const auto are = [](std::vector<NamedNumber> numbers) { return are_names(numbers, two_names); };
  EXPECT_TRUE(are({{"ab", 1}, {"c", 2}}));
  EXPECT_FALSE(are({{"ab", 1}}));
  EXPECT_FALSE(are({{"ab", 1}, {"c", 2}, {"d", 3}}));
  EXPECT_FALSE(are({{"ab", 1}, {"d", 2}}));
  EXPECT_FALSE(are({{"abc", 1}, {"c", 2}}));
  EXPECT_FALSE(are({{"a", 1}, {"c", 2}}));
  EXPECT_TRUE(are_names({}, {}));
}

TEST(Codec, RefusesBytesOfAnotherLength) {
  EXPECT_FALSE(decode_fields(std::span(two_fields).first(19)));
  EXPECT_TRUE(decode_fields({})->empty());
  EXPECT_FALSE(decode_numbers(two_names, std::span(two_values).first(15)));
  EXPECT_FALSE(decode_numbers(two_names, std::span(two_values).first(8)));
  EXPECT_FALSE(decode_numbers(std::span(two_names).first(4), two_values));
  EXPECT_FALSE(decode_numbers({}, two_values));
  EXPECT_TRUE(decode_numbers({}, {})->empty());
}

}  // namespace
}  // namespace polyphase::store
