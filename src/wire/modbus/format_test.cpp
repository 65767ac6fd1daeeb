#include "wire/modbus/format.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace polyphase::wire::modbus {
namespace {

constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// The registers of a number, as one hexadecimal number.
std::uint64_t registers(Format format, double number) {
  std::vector<std::uint8_t> bytes(2 * registers_of(format));
  encode(format, number, bytes);
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : bytes) bits = bits << 8 | byte;
  return bits;
}
double number(Format format, std::uint64_t bits) {
  std::vector<std::uint8_t> bytes(2 * registers_of(format));
  for (std::size_t i = bytes.size(); i-- > 0; bits >>= 8)
    bytes[i] = static_cast<std::uint8_t>(bits);
  return decode(format, bytes);
}

// Covers: MOD-016, MOD-017
TEST(Format, PutsTheMostSignificantWordAndByteFirst) {
  EXPECT_EQ(registers(Format::uint16, 0x1234), 0x1234u);
  EXPECT_EQ(registers(Format::uint16_write, 0x1234), 0x1234u);
  EXPECT_EQ(registers(Format::int16, -2), 0xFFFEu);
  EXPECT_EQ(registers(Format::uint32, 0x12345678), 0x12345678u);
  EXPECT_EQ(registers(Format::int32, -2), 0xFFFFFFFEu);
  EXPECT_EQ(registers(Format::float32, 230.5), 0x43668000u);
  EXPECT_EQ(registers(Format::int64, -2), 0xFFFFFFFFFFFFFFFEu);
  EXPECT_EQ(registers(Format::int64, 1'234'567'890'123.0), 0x0000011F71FB04CBu);
  EXPECT_EQ(registers(Format::packed_inputs, 5), 5u);
  EXPECT_EQ(registers(Format::packed_coils, 5), 5u);
}

TEST(Format, SplitsByTenThousands) {
  EXPECT_EQ(registers(Format::uint32_m10k, 12'345'678), 1'234u << 16 | 5'678u);
  EXPECT_EQ(registers(Format::int32_m10k, -12'345'678), (0x8000u | 1'234u) << 16 | 5'678u);
  EXPECT_EQ(number(Format::int32_m10k, (0x8000u | 1'234u) << 16 | 5'678u), -12'345'678);
  EXPECT_EQ(registers(Format::int32_m10k, -0.4), 0u);
  EXPECT_EQ(registers(Format::int32_m10k, 1e12), 0x7FFF0000u);
  EXPECT_EQ(registers(Format::int32_m10k, -1e12), 0xFFFF0000u);
}

TEST(Format, RoundsToTheNearest) {
  EXPECT_EQ(registers(Format::uint16, 2.5), 3u);
  EXPECT_EQ(registers(Format::int16, -2.5), 0xFFFDu);
}

TEST(Format, HasOneValueThatMeansNotAvailable) {
  EXPECT_EQ(registers(Format::int16, none), 0x8000u);
  EXPECT_EQ(registers(Format::uint16, none), 0xFFFFu);
  EXPECT_EQ(registers(Format::int32, none), 0x80000000u);
  EXPECT_EQ(registers(Format::uint32, none), 0xFFFFFFFFu);
  EXPECT_EQ(registers(Format::int64, none), 0x8000000000000000u);
  EXPECT_EQ(registers(Format::float32, none), 0xFFC00000u);
  for (const Format format :
       {Format::int16, Format::uint16, Format::int32, Format::uint32, Format::int64,
        Format::float32, Format::uint32_m10k, Format::int32_m10k})
    EXPECT_TRUE(std::isnan(number(format, registers(format, none))));
}

TEST(Format, StopsShortOfItWhereANumberIsTooLarge) {
  EXPECT_EQ(registers(Format::int16, -1e9), 0x8001u);
  EXPECT_EQ(registers(Format::int16, 1e9), 0x7FFFu);
  EXPECT_EQ(registers(Format::uint16, 1e9), 0xFFFEu);
  EXPECT_EQ(registers(Format::uint16, -1), 0u);
  EXPECT_EQ(registers(Format::uint32, 1e12), 0xFFFFFFFEu);
  EXPECT_EQ(registers(Format::int32, -1e12), 0x80000001u);
  EXPECT_EQ(registers(Format::float32, 1e300), 0x7F7FFFFFu);
  EXPECT_LT(number(Format::int64, registers(Format::int64, -1e30)), -9.2e18);
  EXPECT_GT(number(Format::int64, registers(Format::int64, 1e30)), 9.2e18);
}

TEST(Format, GivesBackWhatWasPutIn) {
  for (const double value : {0.0, 1.0, 255.0, 4'711.0, 65'000.0})
    for (std::size_t f = 0; f + 1 < format_count; ++f) {
      const auto format = static_cast<Format>(f);
      if (format == Format::int16 && value > 32'767) continue;
      EXPECT_EQ(number(format, registers(format, value)), value) << format_names[f];
    }
}

TEST(Format, IsKnownByName) {
  for (std::size_t f = 0; f < format_count; ++f)
    EXPECT_EQ(format_named(format_names[f]), static_cast<Format>(f));
  EXPECT_FALSE(format_named("float"));
}

}  // namespace
}  // namespace polyphase::wire::modbus
