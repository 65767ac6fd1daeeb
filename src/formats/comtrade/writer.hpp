#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "formats/comtrade/config.hpp"

namespace polyphase::formats::comtrade {

/// The largest code that a writer uses for `peak`: the rest of the 16 bits is left free, so that a
/// reader does not take the highest sample for a clipped one.
inline constexpr double binary_code_at_peak = 32'000;

/// Sets a, b and the range of codes of `channel` so that values up to ±peak fit the kind of data.
void scale_channel(AnalogChannel& channel, DataKind kind, double peak);

/// A multiplier with which the stamp of the last row fits 32 bits (C37.111-2013; text not read).
double time_multiplier_for(double duration_s);

/// Appends rows to a data file.
///
/// in      values    in the units of the channels, shape {rows, analogs}, row by row; NaN: missing
///         states    0 or 1, shape {rows, digitals}; empty: all in their normal state
///         first_row number of the first row, from 1
/// needs   the sections of `config` to name rates: the stamps come from them
void append_rows(const Config& config, std::uint64_t first_row, std::span<const float> values,
                 std::span<const std::uint8_t> states, std::vector<std::uint8_t>& out);

}  // namespace polyphase::formats::comtrade
