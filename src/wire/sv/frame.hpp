#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace polyphase::wire::sv {

inline constexpr std::size_t channels_max = 24, asdus_max = 16;
inline constexpr std::uint32_t quality_invalid_mask = 0x3;  ///< 1 invalid, 3 questionable; lowest bits (unconfirmed)

/// One set of samples of one stream.
struct Asdu {
  std::string_view stream;  ///< svID
  std::uint16_t sample_count = 0;
  std::uint32_t configuration_revision = 0;
  std::uint8_t synchronised = 0;  ///< smpSynch: 0 none, 1 local, 2 global
  std::optional<std::uint16_t> sample_rate;
  std::size_t channels = 0;
  std::array<std::int32_t, channels_max> value{};
  std::array<std::uint32_t, channels_max> quality{};
};

struct Frame {
  std::uint16_t application_id = 0;
  std::size_t asdus = 0;
  std::array<Asdu, asdus_max> asdu{};
};

/// Reads an Ethernet frame of Sampled Values (IEC 61850-9-2, 9-2 LE and 61869-9 data sets of INT32 value
/// and quality pairs), with or without VLAN tags. nullptr: it is one; else what is wrong.
/// source  IEC 61850-9-2; clause text not read, fields from captures
const char* decode(std::string_view ethernet, Frame& frame);

/// False: another EtherType, no Sampled Values.
bool is_sampled_values(std::string_view ethernet);

/// An Ethernet frame for ASDUs, for publishing and tests: no VLAN tag, INT32 and quality pairs.
std::string encode(const Frame& frame, const std::array<std::uint8_t, 6>& destination, const std::array<std::uint8_t, 6>& source);

}  // namespace polyphase::wire::sv
