#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace polyphase::wire::modbus {

/// How a value stands in registers: most significant word first, most significant byte first. The
/// order is that of the choices of a setup register and so for good.
enum class Format : std::uint8_t {
  uint16,
  int16,
  uint32,
  int32,
  uint32_m10k,  ///< first register times 10000 plus the second
  int32_m10k,   ///< the same, with the sign in the topmost bit
  float32,
  packed_inputs,  ///< 16 Booleans in one register, the first in the lowest bit; also by function 2
  packed_coils,   ///< the same, by function 1
  uint16_write,   ///< unsigned, which a client may also write
  int64,
  utf8,  ///< two characters a register, padded with zeros
};
inline constexpr std::size_t format_count = 12;
inline constexpr std::array<const char*, format_count> format_names{
    "UINT16",  "INT16",       "UINT32",     "INT32",     "UINT32 M10K", "INT32 M10K",
    "FLOAT32", "BOOL INPUTS", "BOOL COILS", "UINT16 RW", "INT64",       "UTF8"};

std::optional<Format> format_named(std::string_view name);

/// Registers of one value; of utf8 1, as many of which as the map says.
std::size_t registers_of(Format format);

/// Writes a number into the 2 * registers_of(format) bytes of `out`. NaN becomes the value that
/// stands for "not available"; what the format cannot hold becomes its end nearest to it, one
/// before the value that stands for "not available". needs  a format of numbers
void encode(Format format, double number, std::span<std::uint8_t> out);

/// The number that registers hold, NaN for what stands for "not available".
double decode(Format format, std::span<const std::uint8_t> bytes);

inline constexpr std::uint16_t unmapped_register = 0x8000;  ///< what reads where nothing is

}  // namespace polyphase::wire::modbus
