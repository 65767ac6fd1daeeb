#pragma once

#include <cstdint>
#include <string>

namespace polyphase::formats::wav {

/// Header of a RIFF WAVE file of 32-bit floats (format 3), followed by frames of interleaved
/// samples. Files of 4 GiB and more say 0xffffffff, as is the custom.
std::string float_header(std::uint16_t channels, std::uint32_t sample_rate_hz,
                         std::uint64_t frames);

}  // namespace polyphase::formats::wav
