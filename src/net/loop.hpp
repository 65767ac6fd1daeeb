#pragma once

#include <chrono>
#include <functional>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace polyphase::net {

/// A thread with an event loop. Everything that belongs to it runs there, one thing after another.
class Loop {
 public:
  Loop();
  ~Loop();
  Loop(const Loop&) = delete;
  Loop& operator=(const Loop&) = delete;

  /// Runs `work` on the loop's thread, soon. Any thread. After stop() it is dropped.
  void post(std::function<void()> work);

  /// Runs `work` on the loop's thread and waits for it; at once where the caller is that thread or
  /// the loop has stopped.
  void call(const std::function<void()>& work);

  /// Runs `work` on the loop's thread again and again until it returns false or the loop stops.
  void every(std::chrono::milliseconds period, std::function<bool()> work);

  /// What runs is completed, what waits is dropped; returns when the thread has ended. Not from the
  /// loop's own thread.
  void stop();

  /// For the other sources of this layer.
  boost::asio::io_context& context();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace polyphase::net
