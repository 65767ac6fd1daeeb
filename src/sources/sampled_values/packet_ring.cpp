#include "sources/sampled_values/packet_ring.hpp"

#include <linux/filter.h>
#include <linux/if_ether.h>
#include <linux/if_packet.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <atomic>

#include "sources/sampled_values/packet_socket.hpp"
#include "wire/sv/sv.hpp"

namespace polyphase::sources::sampled_values {
namespace {

constexpr std::size_t ring_bytes = std::size_t{PacketRing::block_bytes} * PacketRing::blocks;

// The EtherType behind no tag, one or two: the kernel takes out the outer tag or leaves it.
constexpr sock_filter load_half(unsigned at) { return BPF_STMT(BPF_LD | BPF_H | BPF_ABS, at); }
constexpr sock_filter jump_equal(unsigned value, std::uint8_t yes, std::uint8_t no) {
  return BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, value, yes, no);
}
std::array<sock_filter, 12> sampled_values_filter() {
  return {load_half(12),
          jump_equal(wire::sv::ethertype, 9, 0),
          jump_equal(0x8100, 1, 0),
          jump_equal(0x88A8, 0, 6),
          load_half(16),
          jump_equal(wire::sv::ethertype, 5, 0),
          jump_equal(0x8100, 1, 0),
          jump_equal(0x88A8, 0, 2),
          load_half(20),
          jump_equal(wire::sv::ethertype, 1, 0),
          BPF_STMT(BPF_RET | BPF_K, 0),
          BPF_STMT(BPF_RET | BPF_K, PacketRing::frame_bytes_max)};
}

template <class T>
bool set(int socket, int option, const T& value, int level = SOL_PACKET) {
  return ::setsockopt(socket, level, option, &value, sizeof value) == 0;
}

tpacket_block_desc& block_at(std::uint8_t* memory, unsigned index) {
  return *reinterpret_cast<tpacket_block_desc*>(memory +
                                                std::size_t{index} * PacketRing::block_bytes);
}

}  // namespace

Result<PacketRing> PacketRing::open(const std::string& interface) {
  auto socket = open_packet_socket(interface);
  if (!socket) return tl::unexpected(socket.error());
  PacketRing ring;
  ring.socket_ = socket->descriptor;
  const int version = TPACKET_V3;
  if (!set(ring.socket_, PACKET_VERSION, version))
    return system_failure(interface, "the kernel has no TPACKET_V3");
  auto filter = sampled_values_filter();
  const sock_fprog program{static_cast<unsigned short>(filter.size()), filter.data()};
  if (!set(ring.socket_, SO_ATTACH_FILTER, program, SOL_SOCKET))
    return system_failure(interface, "the kernel refuses the filter");
  tpacket_req3 request{};
  request.tp_block_size = block_bytes;
  request.tp_block_nr = blocks;
  request.tp_frame_size = frame_bytes_max;
  request.tp_frame_nr = block_bytes / frame_bytes_max * blocks;
  request.tp_retire_blk_tov = block_timeout_ms;
  if (!set(ring.socket_, PACKET_RX_RING, request))
    return system_failure(interface, "the kernel has no memory for the ring");
  void* memory = ::mmap(nullptr, ring_bytes, PROT_READ | PROT_WRITE, MAP_SHARED, ring.socket_, 0);
  if (memory == MAP_FAILED) return system_failure(interface, "the ring cannot be mapped");
  ring.memory_ = static_cast<std::uint8_t*>(memory);
  const int on = 1;
  set(ring.socket_, PACKET_IGNORE_OUTGOING, on);  // what we publish; older kernels show it too
  // Group addresses of other numbers, and VLANs that the interface does not belong to.
  packet_mreq all{};
  all.mr_ifindex = socket->interface_index;
  all.mr_type = PACKET_MR_PROMISC;
  if (!set(ring.socket_, PACKET_ADD_MEMBERSHIP, all))
    return system_failure(interface, "it cannot be made to receive every frame");
  if (auto bound = bind_packet_socket(*socket, ETH_P_ALL, interface); !bound)
    return tl::unexpected(bound.error());
  return ring;
}

PacketRing::PacketRing(PacketRing&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      memory_(std::exchange(other.memory_, nullptr)),
      next_(other.next_) {}

PacketRing::~PacketRing() {
  if (memory_ != nullptr) ::munmap(memory_, ring_bytes);
  if (socket_ >= 0) ::close(socket_);
}

bool PacketRing::read(const std::function<void(const RingPacket&)>& take) {
  tpacket_block_desc& block = block_at(memory_, next_);
  std::atomic_ref<std::uint32_t> status(block.hdr.bh1.block_status);
  if ((status.load(std::memory_order_acquire) & TP_STATUS_USER) == 0) return false;
  const std::uint8_t* at =
      reinterpret_cast<const std::uint8_t*>(&block) + block.hdr.bh1.offset_to_first_pkt;
  for (std::uint32_t left = block.hdr.bh1.num_pkts; left > 0; --left) {
    const auto& header = *reinterpret_cast<const tpacket3_hdr*>(at);
    RingPacket packet;
    packet.bytes = {at + header.tp_mac, header.tp_snaplen};
    if ((header.tp_status & TP_STATUS_VLAN_VALID) != 0)
      packet.vlan = static_cast<std::uint16_t>(header.hv1.tp_vlan_tci);
    packet.arrival = {std::int64_t{header.tp_sec} * 1'000'000'000 + header.tp_nsec};
    take(packet);
    at += header.tp_next_offset;
  }
  status.store(TP_STATUS_KERNEL, std::memory_order_release);
  next_ = (next_ + 1) % blocks;
  return true;
}

std::uint64_t PacketRing::take_dropped() {
  tpacket_stats_v3 stats{};
  socklen_t length = sizeof stats;
  if (::getsockopt(socket_, SOL_PACKET, PACKET_STATISTICS, &stats, &length) != 0) return 0;
  return stats.tp_drops;
}

bool PacketRing::take_failure() { return take_socket_error(socket_); }

}  // namespace polyphase::sources::sampled_values
