#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace polyphase::sources::sampled_values {

/// A frame as the kernel left it in the ring; valid until the next call of read().
struct RingPacket {
  std::span<const std::uint8_t> bytes;
  std::optional<std::uint16_t> vlan;  ///< tag control, where the kernel took the tag out
  Instant arrival;                    ///< by the clock of this machine
};

/// Sampled Values (EtherType 88BA, with up to two VLAN tags) of one interface, which the kernel
/// writes into memory that we share with it (AF_PACKET, TPACKET_V3): no copy and no call for a
/// frame. Other traffic is left out by a filter in the kernel.
class PacketRing {
 public:
  // Blocks are handed over when they are full or block_timeout_ms old, so that many small ones
  // bridge a longer time in which nobody reads than few large ones.
  static constexpr unsigned block_bytes = 64 * 1024;
  static constexpr unsigned blocks = 256;  ///< 16 MiB: 60 000 frames, or 256 ms at a low rate
  static constexpr unsigned block_timeout_ms = 1;
  static constexpr unsigned frame_bytes_max = 2'048;

  /// errors  not_found: no such interface; refused: CAP_NET_RAW is missing; io: it is down, or the
  /// kernel says no
  static Result<PacketRing> open(const std::string& interface);
  PacketRing(PacketRing&& other) noexcept;
  PacketRing& operator=(PacketRing&&) = delete;
  ~PacketRing();

  int descriptor() const { return socket_; }  ///< for poll(): readable when a block is there
  /// Hands out the packets of the next block. False: none is there yet.
  bool read(const std::function<void(const RingPacket&)>& take);
  /// Frames that found the ring full since the last call.
  std::uint64_t take_dropped();
  /// True once: the interface went down or away since the last call.
  bool take_failure();

 private:
  PacketRing() = default;
  int socket_ = -1;
  std::uint8_t* memory_ = nullptr;
  unsigned next_ = 0;
};

}  // namespace polyphase::sources::sampled_values
