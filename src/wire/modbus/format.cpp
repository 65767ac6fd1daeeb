#include "wire/modbus/format.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::wire::modbus {
namespace {

constexpr double m10k = 10'000;
constexpr std::uint32_t not_a_float = 0xFFC00000;

void put(std::uint64_t bits, std::span<std::uint8_t> out) {
  for (std::size_t i = out.size(); i-- > 0; bits >>= 8) out[i] = static_cast<std::uint8_t>(bits);
}

std::uint64_t get(std::span<const std::uint8_t> bytes) {
  std::uint64_t bits = 0;
  for (const std::uint8_t byte : bytes) bits = bits << 8 | byte;
  return bits;
}

/// All ones is "not available"; one less is the most.
std::uint64_t unsigned_bits(double number, double most) {
  if (std::isnan(number)) return std::numeric_limits<std::uint64_t>::max();
  return static_cast<std::uint64_t>(std::clamp(std::round(number), 0.0, most));
}

/// Only the sign bit is "not available"; one more is the least.
std::uint64_t signed_bits(double number, unsigned width) {
  const std::uint64_t sign = std::uint64_t{1} << (width - 1);
  if (std::isnan(number)) return sign;
  // The largest double below 2^63, where the width is 64.
  const double most = width == 64 ? 9'223'372'036'854'774'784.0 : static_cast<double>(sign) - 1;
  return static_cast<std::uint64_t>(
      static_cast<std::int64_t>(std::clamp(std::round(number), -most, most)));
}

std::uint64_t m10k_bits(double number, bool with_sign) {
  if (std::isnan(number)) return with_sign ? 0x80000000 : 0xFFFFFFFF;
  // Beyond what fits, the first register alone at its most.
  const double first_max = with_sign ? 0x7FFF : 0xFFFF;
  const double size = std::min(std::round(std::abs(number)), first_max * m10k);
  if (number < 0 && !with_sign) return 0;
  const auto first = static_cast<std::uint64_t>(size / m10k);
  const auto second = static_cast<std::uint64_t>(size) % static_cast<std::uint64_t>(m10k);
  // A negative zero would read as "not available".
  const std::uint64_t sign = number < 0 && size > 0 ? 0x80000000 : 0;
  return sign | first << 16 | second;
}

double from_m10k(std::uint32_t bits, bool with_sign) {
  if (bits == (with_sign ? 0x80000000 : 0xFFFFFFFF))
    return std::numeric_limits<double>::quiet_NaN();
  const std::uint32_t first = bits >> 16 & (with_sign ? 0x7FFF : 0xFFFF);
  const double size = first * m10k + (bits & 0xFFFF);
  return with_sign && (bits & 0x80000000) != 0 ? -size : size;
}

double from_signed(std::uint64_t bits, unsigned width) {
  if (bits == std::uint64_t{1} << (width - 1)) return std::numeric_limits<double>::quiet_NaN();
  return static_cast<double>(static_cast<std::int64_t>(bits << (64 - width)) >> (64 - width));
}

}  // namespace

std::optional<Format> format_named(std::string_view name) {
  for (std::size_t i = 0; i < format_count; ++i)
    if (name == format_names[i]) return static_cast<Format>(i);
  return std::nullopt;
}

std::size_t registers_of(Format format) {
  switch (format) {
    case Format::uint32:
    case Format::int32:
    case Format::uint32_m10k:
    case Format::int32_m10k:
    case Format::float32:
      return 2;
    case Format::int64:
      return 4;
    default:
      return 1;
  }
}

void encode(Format format, double number, std::span<std::uint8_t> out) {
  EXPECTS(out.size() == 2 * registers_of(format));
  switch (format) {
    case Format::uint16:
    case Format::uint16_write:
    case Format::packed_inputs:
    case Format::packed_coils:
      return put(unsigned_bits(number, 0xFFFE), out);
    case Format::int16:
      return put(signed_bits(number, 16), out);
    case Format::uint32:
      return put(unsigned_bits(number, 0xFFFFFFFE), out);
    case Format::int32:
      return put(signed_bits(number, 32), out);
    case Format::uint32_m10k:
      return put(m10k_bits(number, false), out);
    case Format::int32_m10k:
      return put(m10k_bits(number, true), out);
    case Format::float32: {
      constexpr double most = std::numeric_limits<float>::max();
      return put(std::isnan(number) ? not_a_float
                                    : std::bit_cast<std::uint32_t>(
                                          static_cast<float>(std::clamp(number, -most, most))),
                 out);
    }
    case Format::int64:
      return put(signed_bits(number, 64), out);
    case Format::utf8:
      break;
  }
  EXPECTS(!"a format of numbers");
}

double decode(Format format, std::span<const std::uint8_t> bytes) {
  EXPECTS(bytes.size() == 2 * registers_of(format));
  const std::uint64_t bits = get(bytes);
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  switch (format) {
    case Format::uint16:
    case Format::uint16_write:
      return bits == 0xFFFF ? none : static_cast<double>(bits);
    case Format::packed_inputs:
    case Format::packed_coils:
      return static_cast<double>(bits);
    case Format::int16:
      return from_signed(bits, 16);
    case Format::uint32:
      return bits == 0xFFFFFFFF ? none : static_cast<double>(bits);
    case Format::int32:
      return from_signed(bits, 32);
    case Format::uint32_m10k:
      return from_m10k(static_cast<std::uint32_t>(bits), false);
    case Format::int32_m10k:
      return from_m10k(static_cast<std::uint32_t>(bits), true);
    case Format::float32:
      return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(bits)));
    case Format::int64:
      return from_signed(bits, 64);
    case Format::utf8:
      break;
  }
  EXPECTS(!"a format of numbers");
  return none;
}

}  // namespace polyphase::wire::modbus
