#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "meter/runner.hpp"
#include "store/store.hpp"

namespace polyphase::meter {

/// Writes to the store on a thread of its own, so that nobody else waits for a disk: what was asked
/// for at once, and the checkpoint once a second.
class Keeper {
 public:
  using Work = std::function<Result<void>(store::Batch&)>;
  using Done = std::function<void(Result<void>)>;
  /// `each_second`: what else is to be done about once a second, such as draining records.
  Keeper(store::Store& store, std::function<void()> each_second);
  ~Keeper();

  /// Does the work in a batch and answers when it is on the disk, or why it is not. Never waits.
  void post(Work work, Done done);
  /// Numbers that a power cut must not take; the newest replace those not yet written.
  void checkpoint(RetainedNumbers numbers);
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
  void serve(std::vector<Task> tasks, std::optional<RetainedNumbers> numbers);
  Result<void> write(std::vector<Task>& tasks, const std::optional<RetainedNumbers>& numbers);

  store::Store& store_;
  std::function<void()> each_second_;
  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Task> tasks_;
  std::optional<RetainedNumbers> numbers_;
  std::string trouble_;
  bool stop_ = false;
  std::thread thread_;
};

}  // namespace polyphase::meter
