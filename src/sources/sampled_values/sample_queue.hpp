#pragma once

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
  explicit SampleQueue(std::size_t capacity) : slots_(std::bit_ceil(capacity)) {}

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

  /// Producer, after a batch: wakes the consumer if it waits.
  void notify() {
    // Both sides exchange: who comes second sees what the other did before, so no wake is missed.
    if (!waits_.exchange(false, std::memory_order_acq_rel)) return;
    const std::scoped_lock lock(mutex_);
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

  /// Consumer. False: nothing came in that time.
  bool wait(std::chrono::milliseconds at_most) {
    std::unique_lock lock(mutex_);
    waits_.exchange(true, std::memory_order_acq_rel);
    const bool filled = filled_.wait_for(lock, at_most, [&] {
      return end_.load(std::memory_order_acquire) != begin_.load(std::memory_order_relaxed);
    });
    waits_.store(false, std::memory_order_relaxed);
    return filled;
  }

  std::size_t capacity() const { return slots_.size(); }

 private:
  std::vector<SvSample> slots_;
  alignas(64) std::atomic<std::size_t> begin_{0};  ///< written by the consumer
  std::size_t end_seen_ = 0;
  alignas(64) std::atomic<std::size_t> end_{0};  ///< written by the producer
  std::size_t begin_seen_ = 0;
  alignas(64) std::atomic<bool> waits_{false};
  std::mutex mutex_;
  std::condition_variable filled_;
};

}  // namespace polyphase::sources::sampled_values
