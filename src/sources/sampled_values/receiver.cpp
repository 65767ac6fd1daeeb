#include "sources/sampled_values/receiver.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
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
  constexpr int look_again_ms = 200;
  constexpr int last_block_ms = 10;  // within which the kernel hands over what it has begun
  // Who receives goes before those who measure, whose queues hold a second and not a quarter. Where
  // that is not permitted it goes as they do.
  constexpr int niceness = -10;
  (void)::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), niceness);
  for (;;) {
    if (ring_ || open_again()) read_all();
    pollfd stop{stop_, POLLIN, 0};
    std::array<pollfd, 2> waited{stop, pollfd{ring_ ? ring_->descriptor() : -1, POLLIN, 0}};
    if (::poll(waited.data(), waited.size(), ring_ ? -1 : look_again_ms) < 0 && errno != EINTR)
      return;
    if (waited[0].revents != 0) return;
    if ((waited[1].revents & POLLERR) == 0) continue;
    ring_->take_failure();
    ::poll(&waited[1], 1, last_block_ms);
    read_all();
    ring_.reset();
  }
}

void Receiver::read_all() {
  const auto take = [this](const RingPacket& packet) {
    table_.take(packet.bytes, packet.vlan, packet.arrival);
  };
  // The lock is held for one block at a time: who asks for counts waits some 100 us at most.
  for (bool more = true; more;) {
    {
      const std::scoped_lock lock(mutex_);
      more = ring_->read(take);
      if (more) trouble_.clear();
      table_.notify();
      if (!more) dropped_by_kernel_ += ring_->take_dropped();
    }
    batch_.notify_all();
  }
}

// An interface that was made again is another one of the same name, so the old ring is of no use.
bool Receiver::open_again() {
  auto ring = PacketRing::open(interface_);
  const std::scoped_lock lock(mutex_);
  trouble_ = ring ? interface_ + ": the interface is back, Sampled Values are not yet"
                  : ring.error().text();
  if (!ring) return false;
  ring_.emplace(std::move(*ring));
  ++reopened_;
  return true;
}

std::string Receiver::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

std::vector<StreamInfo> Receiver::streams() const {
  const std::scoped_lock lock(mutex_);
  return {table_.streams().begin(), table_.streams().end()};
}

InterfaceBalance Receiver::counts() const {
  const std::scoped_lock lock(mutex_);
  InterfaceBalance counts = table_.counts();
  counts.dropped_by_kernel = dropped_by_kernel_;
  counts.reopened = reopened_;
  return counts;
}

void Receiver::watch(std::chrono::milliseconds at_most,
                     const std::function<bool(const std::deque<StreamInfo>&)>& look) {
  std::unique_lock lock(mutex_);
  batch_.wait_for(lock, at_most, [&] { return look(table_.streams()); });
}

Result<void> Receiver::attach(const StreamInfo& stream, std::shared_ptr<Tap> tap) {
  const std::scoped_lock lock(mutex_);
  const auto& streams = table_.streams();
  const auto known = std::find_if(streams.begin(), streams.end(), [&](const auto& s) {
    return s.is(stream) && s.changes == stream.changes;
  });
  if (known == streams.end())
    return fail(ErrorCode::not_found, stream.title() + " has gone or changed just now", interface_);
  return table_.attach(static_cast<std::size_t>(known - streams.begin()), std::move(tap));
}

void Receiver::detach(const Tap* tap) {
  const std::scoped_lock lock(mutex_);
  table_.detach(tap);
}

}  // namespace polyphase::sources::sampled_values
