#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/samples.hpp"
#include "wire/sv/sv.hpp"

namespace polyphase::lab {

/// How samples are put into frames of Sampled Values.
struct SvFramesConfig {
  std::string sv_id = "POLYPHASE";  ///< of several streams: with 01, 02, … behind
  std::uint16_t app_id = 0x4000;    ///< of the first stream; the others follow
  std::size_t streams = 1;
  std::optional<std::uint16_t> vlan;  ///< number
  std::uint8_t synchronised = 1;      ///< smpSynch
  ChannelMask present = 0xff;
  std::array<std::uint8_t, 6> source{};
};

/// A sample that is to be sent.
struct SvOut {
  Frame frame;
  std::uint16_t count = 0;  ///< smpCnt
};

/// Writes the frames of 9-2 LE: Ia Ib Ic In Va Vb Vc Vn, 1 mA and 10 mV a step. In and Vn are I4
/// and V4 where they are present, else the sum of the phases, marked as derived. A value beyond
/// INT32 is held there and marked as overflow.
class SvFrames {
 public:
  static constexpr std::size_t streams_max = 256;
  explicit SvFrames(SvFramesConfig config);

  /// A frame for each stream, all with these samples. needs  1 to wire::sv::asdus_max samples
  std::span<const std::vector<std::uint8_t>> of(std::span<const SvOut> samples);

  std::string name(std::size_t stream) const;

 private:
  /// Frames that want nothing but counters and data, by the number of ASDUs.
  struct Form {
    std::vector<std::vector<std::uint8_t>> frames;
    std::vector<std::array<std::size_t, wire::sv::asdus_max>> count_at, data_at;
  };
  void make(std::size_t asdus, Form& form) const;
  void write_data(const Frame& frame);

  SvFramesConfig config_;
  std::array<Form, wire::sv::asdus_max> forms_;
  std::vector<std::uint8_t> data_;
};

}  // namespace polyphase::lab
