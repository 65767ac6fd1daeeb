#pragma once

#include <chrono>
#include <cstdint>

#include "lab/output.hpp"

namespace polyphase::lab {

/// Tells on one line, at most twice a second, how far a long piece of work is; gone when it is
/// done.
class Progress {
 public:
  Progress(bool wanted, const Output& output) : wanted_(wanted), output_(output) {}
  ~Progress();
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  /// `expected` 0: unknown.
  void tell(std::uint64_t frames_done, std::uint64_t frames_expected, double sample_rate_hz);

 private:
  bool wanted_;
  const Output& output_;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point told_ = start_;
};

}  // namespace polyphase::lab
