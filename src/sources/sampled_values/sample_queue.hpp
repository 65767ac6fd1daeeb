#pragma once

#include <algorithm>
#include <atomic>
#include <bit>
#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <vector>

#include "sources/sv_channels.hpp"

namespace polyphase::sources::sampled_values {

/// From the receiving thread to the one that reads the source: one producer, one consumer, bounded.
/// Neither waits for the other; a push into a full queue says no.
class SampleQueue {
 public:
  explicit SampleQueue(std::size_t capacity)
      : slots_(std::bit_ceil(std::max<std::size_t>(capacity, 2))) {}

  /// Producer. False: it is full.
  bool push(const SvSample& sample) {
    const std::size_t end = end_.load(std::memory_order_relaxed);
    if (end - begin_seen_ == slots_.size()) {
      begin_seen_ = begin_.load(std::memory_order_acquire);
      if (end - begin_seen_ == slots_.size()) return false;
    }
    slots_[end & (slots_.size() - 1)] = sample;
    end_.store(end + 1, std::memory_order_release);
    return true;
  }

  /// Producer, after a batch: wakes the consumer if it waits and what it waits for is there.
  void notify() {
    // Both sides change waits_: who comes second sees what the other did before, so no wake is
    // missed.
    const std::size_t wanted = waits_.fetch_add(0, std::memory_order_acq_rel);
    if (wanted == 0 || size() < wanted) return;
    // The consumer has not looked yet, or waits; it wakes with the lock free.
    { const std::scoped_lock lock(mutex_); }
    filled_.notify_one();
  }

  /// Consumer. False: it is empty.
  bool pop(SvSample& sample) {
    const std::size_t begin = begin_.load(std::memory_order_relaxed);
    if (begin == end_seen_) {
      end_seen_ = end_.load(std::memory_order_acquire);
      if (begin == end_seen_) return false;
    }
    sample = slots_[begin & (slots_.size() - 1)];
    begin_.store(begin + 1, std::memory_order_release);
    return true;
  }

  /// Consumer, until `wanted` samples are there (at least 1; at most half the capacity counts).
  /// False: fewer came in that time.
  bool wait(std::chrono::milliseconds at_most, std::size_t wanted = 1) {
    wanted = std::clamp<std::size_t>(wanted, 1, slots_.size() / 2);
    std::unique_lock lock(mutex_);
    waits_.exchange(wanted, std::memory_order_acq_rel);
    const bool enough = filled_.wait_for(lock, at_most, [&] { return size() >= wanted; });
    waits_.store(0, std::memory_order_relaxed);
    return enough;
  }

  std::size_t size() const {
    return end_.load(std::memory_order_acquire) - begin_.load(std::memory_order_acquire);
  }
  std::size_t capacity() const { return slots_.size(); }

 private:
  std::vector<SvSample> slots_;
  alignas(64) std::atomic<std::size_t> begin_{0};  ///< written by the consumer
  std::size_t end_seen_ = 0;
  alignas(64) std::atomic<std::size_t> end_{0};  ///< written by the producer
  std::size_t begin_seen_ = 0;
  alignas(64) std::atomic<std::size_t> waits_{0};  ///< for so many; 0: nobody waits
  std::mutex mutex_;
  std::condition_variable filled_;
};

}  // namespace polyphase::sources::sampled_values
