#include "sources/sampled_values/packet_socket.hpp"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_packet.h>
#include <net/if.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstring>

namespace polyphase::sources::sampled_values {

tl::unexpected<Error> system_failure(const std::string& interface, const char* what) {
  return fail(ErrorCode::io, fmt::format("{}: {}", what, std::strerror(errno)), interface);
}

Result<PacketSocket> open_packet_socket(const std::string& interface) {
  const unsigned index = ::if_nametoindex(interface.c_str());
  if (index == 0)
    return fail(ErrorCode::not_found, "there is no such network interface; see `ip link`",
                interface);
  const int descriptor = ::socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor >= 0) return PacketSocket{descriptor, static_cast<int>(index)};
  if (errno != EPERM && errno != EACCES) return system_failure(interface, "no raw socket");
  return fail(ErrorCode::refused,
              "raw frames need the capability CAP_NET_RAW: run as root, or `setcap cap_net_raw+ep` "
              "the program",
              interface);
}

Result<void> bind_packet_socket(const PacketSocket& socket, unsigned short protocol,
                                const std::string& interface) {
  sockaddr_ll address{};
  address.sll_family = AF_PACKET;
  address.sll_protocol = htons(protocol);
  address.sll_ifindex = socket.interface_index;
  if (::bind(socket.descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
    return system_failure(interface, "it cannot be bound to");
  if (take_socket_error(socket.descriptor))
    return fail(ErrorCode::io, "is down; `ip link set " + interface + " up`", interface);
  return {};
}

bool take_socket_error(int descriptor) {
  int error = 0;
  socklen_t length = sizeof error;
  return ::getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &length) == 0 && error != 0;
}

}  // namespace polyphase::sources::sampled_values
