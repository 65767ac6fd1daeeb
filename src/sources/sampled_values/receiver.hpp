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
/// An interface that goes down or away is looked for until it is back.
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

  /// Why nothing is received: the interface is down or away, or back but nothing came yet; else
  /// empty.
  std::string trouble() const;

  /// Looks at the streams after each batch, until `look` is true or the time is over.
  void watch(std::chrono::milliseconds at_most,
             const std::function<bool(const std::deque<StreamInfo>&)>& look);

  /// errors  limit; not_found: it was forgotten or learned anew meanwhile
  Result<void> attach(const StreamInfo& stream, std::shared_ptr<Tap> tap);
  void detach(const Tap* tap);

 private:
  Receiver(std::string interface, PacketRing ring, int stop);
  void run();
  void read_all();
  bool open_again();

  const std::string interface_;
  std::optional<PacketRing> ring_;  ///< of the thread; none: the interface is away
  const int stop_;                  ///< eventfd: readable when the thread shall end
  mutable std::mutex mutex_;
  std::condition_variable batch_;
  StreamTable table_;
  std::uint64_t dropped_by_kernel_ = 0, reopened_ = 0;
  std::string trouble_;
  std::thread thread_;
};

}  // namespace polyphase::sources::sampled_values
