#include "sources/sampled_values/packet_sender.hpp"

#include <net/if.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "sources/sampled_values/packet_socket.hpp"

namespace polyphase::sources::sampled_values {

Result<PacketSender> PacketSender::open(const std::string& interface) {
  auto socket = open_packet_socket(interface);
  if (!socket) return tl::unexpected(socket.error());
  PacketSender sender;
  sender.socket_ = socket->descriptor;
  if (auto bound = bind_packet_socket(*socket, 0, interface); !bound)
    return tl::unexpected(bound.error());
  ifreq request{};
  interface.copy(request.ifr_name, IFNAMSIZ - 1);
  if (::ioctl(sender.socket_, SIOCGIFHWADDR, &request) != 0)
    return system_failure(interface, "it has no address");
  std::copy_n(request.ifr_hwaddr.sa_data, sender.address_.size(), sender.address_.begin());
  return sender;
}

PacketSender::PacketSender(PacketSender&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)), address_(other.address_) {}

PacketSender::~PacketSender() {
  if (socket_ >= 0) ::close(socket_);
}

std::size_t PacketSender::send(std::span<const std::vector<std::uint8_t>> frames) {
  constexpr std::size_t batch = 64;
  std::size_t taken = 0;
  while (!frames.empty()) {
    std::array<mmsghdr, batch> messages{};
    std::array<iovec, batch> parts{};
    const std::size_t count = std::min(frames.size(), batch);
    for (std::size_t i = 0; i < count; ++i) {
      parts[i] = {const_cast<std::uint8_t*>(frames[i].data()), frames[i].size()};
      messages[i].msg_hdr.msg_iov = &parts[i];
      messages[i].msg_hdr.msg_iovlen = 1;
    }
    const int sent = ::sendmmsg(socket_, messages.data(), static_cast<unsigned>(count), 0);
    taken += sent > 0 ? static_cast<std::size_t>(sent) : 0;
    // The one that was refused is left out: a frame that is late is worth nothing.
    frames = frames.subspan(std::min(frames.size(), static_cast<std::size_t>(std::max(sent, 0)) +
                                                        (sent < static_cast<int>(count) ? 1 : 0)));
  }
  return taken;
}

}  // namespace polyphase::sources::sampled_values
