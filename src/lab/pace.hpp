#pragma once

#include <atomic>
#include <chrono>
#include <memory>

#include "base/samples.hpp"

namespace polyphase::lab {

/// Live pace: nothing is there before it was taken.
class Pace {
 public:
  explicit Pace(double speed) : speed_(speed) {}  ///< times real time; 0: flat out
  /// Waits until so many seconds of life are over, or `stop` is set.
  void wait_until(double life_s, const std::atomic<bool>& stop) const;

 private:
  double speed_;
  std::chrono::steady_clock::time_point began_ = std::chrono::steady_clock::now();
};

/// Samples that were made in advance, handed out when each block is complete.
class PacedSource final : public SampleSource {
 public:
  PacedSource(std::unique_ptr<SampleSource> source, double speed, const std::atomic<bool>& stop)
      : source_(std::move(source)), pace_(speed), stop_(stop) {}
  const SourceInfo& info() const override { return source_->info(); }
  Result<bool> next(SampleBlock& block) override;
  void gather(std::size_t frames) override { wanted_ = frames; }

 private:
  std::unique_ptr<SampleSource> source_;
  Pace pace_;
  const std::atomic<bool>& stop_;
  SampleBlock rest_;        ///< of what the source gave last
  std::size_t wanted_ = 0;  ///< by gather(); 0: nothing was asked for
  std::uint64_t frames_ = 0;
};

}  // namespace polyphase::lab
