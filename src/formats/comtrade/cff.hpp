#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "formats/comtrade/config.hpp"

namespace polyphase::formats::comtrade {

/// The parts of a combined file (revision 2013), as views into its bytes.
struct Combined {
  std::string_view config, information, header;
  std::optional<DataKind> kind;  ///< as the mark before the data says; the configuration may differ
  std::span<const std::uint8_t> data;
};

/// True when the bytes begin like a combined file.
bool is_combined(std::span<const std::uint8_t> file);

/// Cuts a .cff file at its lines `--- file type: … ---`. The number of bytes that the mark of
/// binary data names is taken where it fits, else everything to the end. errors  invalid_input when
/// the configuration or the data is missing
Result<Combined> split_combined(std::span<const std::uint8_t> bytes, std::string_view file);

}  // namespace polyphase::formats::comtrade
