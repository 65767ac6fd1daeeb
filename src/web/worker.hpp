#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

namespace polyphase::web {

/// One thread for what takes long: hashing passwords, reading logs. Bounded: who comes when the
/// queue is full is told to try again.
class Worker {
 public:
  explicit Worker(std::size_t queue_max);
  /// After the job at hand; those that wait are dropped.
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  /// Any thread. False: the queue is full.
  bool submit(std::function<void()> job);

 private:
  void run();

  std::size_t queue_max_;
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> queue_;
  bool stopping_ = false;
  std::thread thread_;
};

}  // namespace polyphase::web
