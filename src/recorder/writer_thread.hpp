#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <thread>

#include "recorder/recorder.hpp"

namespace polyphase::recorder {

/// Drains a recorder into a store until it is destroyed, which drains the rest.
class WriterThread {
 public:
  static constexpr std::chrono::milliseconds period_default{250};

  /// With Until::checkpoint what was told waits for the checkpoint after it.
  WriterThread(Recorder& recorder, store::Store& store, Until until,
               std::chrono::milliseconds period = period_default);
  ~WriterThread();
  WriterThread(const WriterThread&) = delete;
  WriterThread& operator=(const WriterThread&) = delete;

  /// Waits until everything that was told before is filed, or the store has said no.
  void flush();

 private:
  void run();

  Recorder& recorder_;
  store::Store& store_;
  const Until until_;
  const std::chrono::milliseconds period_;
  std::mutex mutex_;
  std::condition_variable wake_, done_;
  std::uint64_t asked_ = 0, served_ = 0;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace polyphase::recorder
