#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace polyphase::sources::sampled_values {

/// Puts Ethernet frames on an interface as they are.
class PacketSender {
 public:
  /// errors  not_found, refused, io as PacketRing::open()
  static Result<PacketSender> open(const std::string& interface);
  PacketSender(PacketSender&& other) noexcept;
  PacketSender& operator=(PacketSender&&) = delete;
  ~PacketSender();

  const std::array<std::uint8_t, 6>& address() const { return address_; }  ///< of the interface

  /// Sends the frames in their order. Returns how many the kernel took; the others are gone.
  std::size_t send(std::span<const std::vector<std::uint8_t>> frames);

 private:
  PacketSender() = default;
  int socket_ = -1;
  std::array<std::uint8_t, 6> address_{};
};

}  // namespace polyphase::sources::sampled_values
