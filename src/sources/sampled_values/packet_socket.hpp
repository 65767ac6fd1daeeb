#pragma once

#include <string>

#include "base/result.hpp"

namespace polyphase::sources::sampled_values {

/// A raw socket and the index of its interface; nothing comes to it before it is bound.
struct PacketSocket {
  int descriptor = -1;
  int interface_index = 0;
};

/// errors  not_found: no such interface; refused: CAP_NET_RAW is missing; io
Result<PacketSocket> open_packet_socket(const std::string& interface);

/// Binds the socket to its interface; `protocol` 0: for sending only. errors  io: it is down, or
/// the kernel says no
Result<void> bind_packet_socket(const PacketSocket& socket, unsigned short protocol,
                                const std::string& interface);

/// The error of the system's last call. errors  io
tl::unexpected<Error> system_failure(const std::string& interface, const char* what);

/// True once: the interface went down or away.
bool take_socket_error(int descriptor);

}  // namespace polyphase::sources::sampled_values
