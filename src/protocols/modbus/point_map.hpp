#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "control/catalogue.hpp"
#include "wire/modbus/map.hpp"

namespace polyphase::protocols::modbus {

using control::Index;
using registers::no_register;
using wire::modbus::Format;

inline constexpr std::size_t packed_sources = 16;

/// One value in its registers: register = value * scale + offset, kept between low and high.
struct Point {
  std::uint32_t first = 0;  ///< register number, from 1
  std::uint16_t registers = 1;
  Format format = Format::uint16;
  Index source = no_register;  ///< no_register: reserved, reads as not available
  bool writable = false;
  double scale = 1, offset = 0;
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  std::array<Index, packed_sources> bits{};  ///< of packed formats, instead of `source`
};

/// A Boolean by functions 1 and 2: a bit of a packed register, with a number of its own.
struct Bit {
  std::uint32_t number = 0;  ///< from 1
  std::uint32_t register_number = 0;
  std::uint8_t bit = 0;  ///< 0: the lowest
};

/// What a meter's modules Data Mapping and Modbus Slave say, looked up.
struct PointMap {
  std::vector<Point> points;
  std::vector<Bit> coils, inputs;             ///< by number
  std::vector<std::string> remarks;           ///< what is not mapped, and what to do about it
  std::string mode;                           ///< "MODIFIED"; empty: the meter has no such setting
  std::uint32_t own_first = 0, own_last = 0;  ///< registers of Modbus Slave modules; 0: none
  std::uint32_t own_registers = 0;
};

inline constexpr std::size_t points_max = 16'384;
inline constexpr std::size_t remarks_max = 8;

/// The Map Mode says whether the Data Mapping and the Modbus Slave modules count.
/// Where two modules claim a register, the fixed map wins, then the module made first.
PointMap point_map_of(const control::Catalogue& catalogue);

}  // namespace polyphase::protocols::modbus
