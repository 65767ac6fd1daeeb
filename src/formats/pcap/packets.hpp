#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/time.hpp"

namespace polyphase::formats::pcap {

struct Packet {
  Instant time;
  std::string_view bytes;  ///< as captured, from the Ethernet header on
};

/// The packets of a capture: pcap of either byte order, in microseconds or nanoseconds, and pcapng
/// (enhanced packet blocks; the time resolution of the interface is honoured). Ethernet only.
class Capture {
 public:
  static constexpr std::uint32_t packet_size_max = 65'535;

  /// `file` must outlive it. errors  invalid_input: no capture, or not of Ethernet
  static Result<Capture> open(std::string_view file, std::string_view name);

  /// False at the end; problem() says why where that is too early.
  bool next(Packet& packet);
  const std::string& problem() const { return problem_; }
  static bool looks_like(std::string_view file);

 private:
  bool next_classic(Packet& packet);
  bool next_block(Packet& packet);
  std::uint32_t u32(std::size_t at) const;
  std::uint16_t u16(std::size_t at) const;
  void take_interface(std::size_t body, std::size_t size);

  std::string_view file_;
  std::size_t at_ = 0;
  bool blocks_ = false, swapped_ = false, nanoseconds_ = false;
  double ticks_per_s_ = 1e6;
  std::string problem_;
};

}  // namespace polyphase::formats::pcap
