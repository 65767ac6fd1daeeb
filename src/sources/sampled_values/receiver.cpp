#include "sources/sampled_values/receiver.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace polyphase::sources::sampled_values {

Result<std::shared_ptr<Receiver>> Receiver::open(const std::string& interface) {
  auto ring = PacketRing::open(interface);
  if (!ring) return tl::unexpected(ring.error());
  const int stop = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (stop < 0) return fail(ErrorCode::io, std::strerror(errno), interface);
  return std::shared_ptr<Receiver>(new Receiver(interface, std::move(*ring), stop));
}

Receiver::Receiver(std::string interface, PacketRing ring, int stop)
    : interface_(std::move(interface)), ring_(std::move(ring)), stop_(stop) {
  thread_ = std::thread([this] { run(); });
}

Receiver::~Receiver() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stop_, &one, sizeof one);
  thread_.join();
  ::close(stop_);
}

void Receiver::run() {
  const auto take = [this](const RingPacket& packet) {
    table_.take(packet.bytes, packet.vlan, packet.arrival);
  };
  for (;;) {
    // The lock is held for one block at a time: who asks for counts waits some 100 us at most.
    for (bool more = true; more;) {
      {
        const std::scoped_lock lock(mutex_);
        more = ring_.read(take);
        table_.notify();
        if (!more) dropped_by_kernel_ += ring_.take_dropped();
      }
      batch_.notify_all();
    }
    std::array<pollfd, 2> waited{pollfd{ring_.descriptor(), POLLIN | POLLERR, 0},
                                 pollfd{stop_, POLLIN, 0}};
    if (::poll(waited.data(), waited.size(), -1) < 0 && errno != EINTR) return;
    if (waited[1].revents != 0) return;
    // An interface that went down comes up again; its error is read, or poll() would not wait.
    if ((waited[0].revents & POLLERR) != 0) ring_.take_failure();
  }
}

std::vector<StreamInfo> Receiver::streams() const {
  const std::scoped_lock lock(mutex_);
  return {table_.streams().begin(), table_.streams().end()};
}

InterfaceBalance Receiver::counts() const {
  const std::scoped_lock lock(mutex_);
  InterfaceBalance counts = table_.counts();
  counts.dropped_by_kernel = dropped_by_kernel_;
  return counts;
}

void Receiver::watch(std::chrono::milliseconds at_most,
                     const std::function<bool(const std::deque<StreamInfo>&)>& look) {
  std::unique_lock lock(mutex_);
  batch_.wait_for(lock, at_most, [&] { return look(table_.streams()); });
}

Result<void> Receiver::attach(std::size_t stream, std::shared_ptr<Tap> tap) {
  const std::scoped_lock lock(mutex_);
  return table_.attach(stream, std::move(tap));
}

void Receiver::detach(const Tap* tap) {
  const std::scoped_lock lock(mutex_);
  table_.detach(tap);
}

}  // namespace polyphase::sources::sampled_values
