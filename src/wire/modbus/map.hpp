#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "wire/modbus/format.hpp"

namespace polyphase::wire::modbus {

/// Published register numbers count from 1; the address in a PDU is one less.
inline constexpr std::uint32_t register_max = 65'535;
inline constexpr std::size_t map_entries_max = 8'192;  ///< of one text
inline constexpr std::size_t text_registers_max = 40;  ///< of one UTF8 value

/// One value of a register map.
struct MapEntry {
  std::uint32_t first = 0;  ///< register number
  std::uint16_t registers = 0;
  Format format = Format::uint16;
  double scale = 1;   ///< register = value * scale
  std::string label;  ///< or module.register
  bool may_lack =
      false;  ///< marked by a ?: a meter without that label keeps the registers reserved
};

/// Reads a map, a line each:
///
///     register,format,labels[,scale]
///
/// `register` is a number; `number+step` gives the following labels (between semicolons) numbers
/// that are `step` apart instead of side by side; `number+stepxcount` stands for `count` lines in
/// which {n} of the one label counts from 1. `format` is one of format_names that one value can
/// stand in, UTF8 with its length: UTF8*20. A ? behind a label says that the meter may
/// lack it. Empty lines and what follows a # are left out.
///
/// errors  invalid_config, naming line and register: unknown format, number out of bounds,
/// registers
///         that two values claim
Result<std::vector<MapEntry>> parse_map(std::string_view text);

}  // namespace polyphase::wire::modbus
