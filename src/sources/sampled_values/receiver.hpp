#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "sources/sampled_values/packet_ring.hpp"
#include "sources/sampled_values/stream_table.hpp"

namespace polyphase::sources::sampled_values {

/// Receives all Sampled Values of one interface on a thread of its own, for any number of sources.
class Receiver {
 public:
  /// errors  those of PacketRing::open()
  static Result<std::shared_ptr<Receiver>> open(const std::string& interface);
  ~Receiver();
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  const std::string& interface() const { return interface_; }
  std::vector<StreamInfo> streams() const;
  InterfaceBalance counts() const;

  /// Looks at the streams after each batch, until `look` is true or the time is over.
  void watch(std::chrono::milliseconds at_most,
             const std::function<bool(const std::deque<StreamInfo>&)>& look);

  /// `stream`: its place in streams(), which never changes. errors  limit
  Result<void> attach(std::size_t stream, std::shared_ptr<Tap> tap);
  void detach(const Tap* tap);

 private:
  Receiver(std::string interface, PacketRing ring, int stop);
  void run();

  const std::string interface_;
  PacketRing ring_;
  const int stop_;  ///< eventfd: readable when the thread shall end
  mutable std::mutex mutex_;
  std::condition_variable batch_;
  StreamTable table_;
  std::uint64_t dropped_by_kernel_ = 0;
  std::thread thread_;
};

}  // namespace polyphase::sources::sampled_values
