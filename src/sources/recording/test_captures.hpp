#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "wire/sv/sv.hpp"

/// For tests: a capture of Sampled Values, made packet by packet.
namespace polyphase::sources::recording {

class Capture {
 public:
  std::string sv_id = "MU01";
  std::uint8_t synchronised = 2;
  double rate_hz = 4'000;
  double latency_s = 0.0007;
  std::uint32_t quality_va = 0;
  std::optional<std::uint16_t> sample_rate, sample_mode;
  /// When sample 0 was taken.
  Instant begin = Instant{1'700'000'000'000'000'000};

  /// Sends sample n: Ia carries n mA, Va n times 10 mV. It arrives `late_s` after its time.
  void send(std::int64_t n, double late_s = 0) { send_together({n}, late_s); }

  void send_together(std::vector<std::int64_t> samples, double late_s = 0) {
    wire::sv::Frame frame;
    frame.app_id = 0x4000;
    frame.asdu_count = samples.size();
    std::vector<std::vector<std::uint8_t>> data(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
      for (std::size_t c = 0; c < 8; ++c)
        wire::sv::append_channel(c % 4 == 0 ? static_cast<std::int32_t>(samples[i]) : 0,
                                 c == 4 ? quality_va : 0, data[i]);
      wire::sv::Asdu& asdu = frame.asdu[i];
      asdu.sv_id = sv_id;
      asdu.synchronised = synchronised;
      asdu.sample_count =
          static_cast<std::uint16_t>(samples[i] % static_cast<std::int64_t>(rate_hz));
      asdu.sample_rate = sample_rate;
      asdu.sample_mode = sample_mode;
      asdu.data = data[i];
    }
    std::vector<std::uint8_t> bytes;
    wire::sv::encode(frame, bytes);
    const Instant time =
        begin.plus_s(static_cast<double>(samples.back()) / rate_hz + latency_s + late_s);
    u32(static_cast<std::uint32_t>(time.ns / 1'000'000'000));
    u32(static_cast<std::uint32_t>(time.ns % 1'000'000'000));
    u32(static_cast<std::uint32_t>(bytes.size()));
    u32(static_cast<std::uint32_t>(bytes.size()));
    packets_.append(bytes.begin(), bytes.end());
  }

  /// A pcap file in nanoseconds.
  std::string file() {
    const std::string packets = std::exchange(packets_, {});
    for (const std::uint32_t word : {0xA1B23C4Du, 0x00040002u, 0u, 0u, 65'535u, 1u}) u32(word);
    return std::exchange(packets_, packets) + packets;
  }

 private:
  void u32(std::uint32_t value) {
    for (unsigned i = 0; i < 4; ++i) packets_.push_back(static_cast<char>(value >> (8 * i)));
  }
  std::string packets_;
};

}  // namespace polyphase::sources::recording
