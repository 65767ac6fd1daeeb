#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "wire/sv/sv.hpp"

/// For tests: frames of one stream of 9-2 LE.
namespace polyphase::sources::sampled_values {

struct TestStream {
  std::string sv_id = "MU01";
  std::uint16_t app_id = 0x4000;
  std::uint8_t sender = 1;  ///< last byte of its address
  std::optional<std::uint16_t> vlan;
  std::size_t channels = 8;
  std::uint32_t config_revision = 1;
  std::uint32_t rate = 4'000;
  bool tells_rate = false;
  std::uint32_t quality_va = 0;

  /// Samples n of the stream in one frame: Ia carries n mA, Va n times 10 mV.
  std::vector<std::uint8_t> frame(const std::vector<std::int64_t>& samples) const {
    wire::sv::Frame out;
    out.source = {2, 0, 0, 0, 0, sender};
    out.destination = {1, 0x0C, 0xCD, 4, 0, 1};
    out.vlan = vlan;
    out.app_id = app_id;
    out.asdu_count = samples.size();
    std::vector<std::vector<std::uint8_t>> data(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      for (std::size_t c = 0; c < channels; ++c)
        wire::sv::append_channel(c % 4 == 0 ? static_cast<std::int32_t>(samples[i]) : 0,
                                 c == 4 ? quality_va : 0, data[i]);
      wire::sv::Asdu& asdu = out.asdu[i];
      asdu.sv_id = sv_id;
      asdu.synchronised = 2;
      asdu.config_revision = config_revision;
      asdu.sample_count = static_cast<std::uint16_t>(samples[i] % rate);
      if (tells_rate) {
        asdu.sample_rate = static_cast<std::uint16_t>(rate);
        asdu.sample_mode = 1;
      }
      asdu.data = data[i];
    }
    std::vector<std::uint8_t> bytes;
    wire::sv::encode(out, bytes);
    return bytes;
  }
  std::vector<std::uint8_t> frame(std::int64_t n) const { return frame(std::vector{n}); }
};

}  // namespace polyphase::sources::sampled_values
