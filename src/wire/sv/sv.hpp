#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Sampled Values: IEC 61850-9-2 in its light edition, and IEC 61869-9. The clause texts were not
/// read; the layout is that of docs/formats/sampled-values-pcap.md, checked against captures.
namespace polyphase::wire::sv {

inline constexpr std::size_t asdus_max = 8;      ///< of one frame; the profiles use 1, 2, 6 and 8
inline constexpr std::size_t channels_max = 64;  ///< of one ASDU
inline constexpr std::size_t vlan_tags_max = 2;
inline constexpr std::uint16_t ethertype = 0x88BA;
inline constexpr double current_a_per_code = 1e-3;  ///< 1 mA (9-2 LE, and the default of 61869-9)
inline constexpr double voltage_v_per_code = 1e-2;  ///< 10 mV

/// Bits of a channel's quality.
inline constexpr std::uint32_t quality_validity = 0x3;      ///< 0 good, 1 invalid, 3 questionable
inline constexpr std::uint32_t quality_overflow = 1u << 2;  ///< the value could not be told
inline constexpr std::uint32_t quality_out_of_range = 1u << 3;  ///< of what the sender measures
inline constexpr std::uint32_t quality_test = 1u << 11;
inline constexpr std::uint32_t quality_derived = 1u << 13;

/// The samples of one instant. Views point into the frame that was decoded.
struct Asdu {
  std::string_view sv_id, data_set;
  std::uint16_t sample_count = 0;  ///< smpCnt: since the top of the second
  std::uint32_t config_revision = 0;
  std::uint8_t synchronised = 0;  ///< smpSynch: 0 no, 1 by a local clock, 2 by a global one
  std::optional<std::uint64_t> refresh_time;  ///< as eight bytes of UtcTime
  std::optional<std::uint16_t> sample_rate;   ///< smpRate
  std::optional<std::uint16_t>
      sample_mode;                     ///< smpMod: 0 per period, 1 per second, 2 seconds per sample
  std::span<const std::uint8_t> data;  ///< channels of {INT32 value, 32 bits of quality}

  std::size_t channels() const { return data.size() / 8; }
  std::int32_t value(std::size_t channel) const;
  std::uint32_t quality(std::size_t channel) const;
};

struct Frame {
  std::array<std::uint8_t, 6> destination{}, source{};
  std::optional<std::uint16_t> vlan;  ///< tag control of the inner tag: priority and number
  std::uint16_t app_id = 0;
  bool simulated = false;
  std::array<Asdu, asdus_max> asdu;
  std::size_t asdu_count = 0;
};

enum class Verdict { ok, other_protocol, truncated, bad_length, bad_tag, missing_field, too_many };
std::string_view text(Verdict verdict);

/// Decodes an Ethernet frame. `frame` is only complete when the verdict is ok.
Verdict decode(std::span<const std::uint8_t> ethernet, Frame& frame);

/// Appends an Ethernet frame without padding and check sequence. The fields data_set, refresh_time,
/// sample_rate and sample_mode are written where they are set.
/// needs  asdu_count 1 to asdus_max; each ASDU at most channels_max channels, names at most 100
/// bytes
void encode(const Frame& frame, std::vector<std::uint8_t>& out);

/// Appends one channel to the bytes that Asdu::data shows.
void append_channel(std::int32_t value, std::uint32_t quality, std::vector<std::uint8_t>& data);

}  // namespace polyphase::wire::sv
