#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <span>
#include <string>
#include <thread>
#include <vector>

#include "store/store.hpp"

namespace polyphase::meter {

/// Writes to the store on a thread of its own, so that nobody else waits for a disk.
class Keeper {
 public:
  using Work = std::function<Result<void>(store::Batch&)>;
  using Done = std::function<void(Result<void>)>;
  /// `often`: what else is to be done a few times a second, and a last time at the end.
  Keeper(store::Store& store, std::function<void(bool last)> often);
  ~Keeper();

  /// Does the work in a batch and answers when it is on the disk, or why it is not. Never waits.
  void post(Work work, Done done);
  /// Writes what there is and ends.
  void stop();
  /// What is wrong with the store; empty: nothing.
  std::string trouble() const;

 private:
  struct Task {
    Work work;
    Done done;
  };
  void run();
  void serve(std::vector<Task> tasks);
  Result<void> write(std::span<Task> tasks);

  store::Store& store_;
  std::function<void(bool)> often_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> tasks_;
  std::string trouble_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace polyphase::meter
