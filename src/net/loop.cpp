#include "net/loop.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <future>
#include <mutex>
#include <thread>

#include "base/contract.hpp"

namespace polyphase::net {

namespace asio = boost::asio;

struct Loop::State {
  asio::io_context context{1};
  asio::executor_work_guard<asio::io_context::executor_type> work{context.get_executor()};
  std::mutex mutex;  // of stopped: what call() posts is either run or not posted
  bool stopped = false;
  std::thread thread;
  std::thread::id id;  // of the thread, also while it is joined
};

namespace {

struct Repetition : std::enable_shared_from_this<Repetition> {
  Repetition(asio::io_context& context, std::chrono::milliseconds time, std::function<bool()> what)
      : timer(context), period(time), work(std::move(what)) {}

  void wait() {
    timer.expires_after(period);
    timer.async_wait([self = shared_from_this()](const boost::system::error_code& error) {
      if (!error && self->work()) self->wait();
    });
  }

  asio::steady_timer timer;
  std::chrono::milliseconds period;
  std::function<bool()> work;
};

}  // namespace

Loop::Loop() : state_(std::make_unique<State>()) {
  state_->thread = std::thread([state = state_.get()] { state->context.run(); });
  state_->id = state_->thread.get_id();
}

Loop::~Loop() { stop(); }

void Loop::post(std::function<void()> work) {
  const std::lock_guard lock(state_->mutex);
  if (!state_->stopped) asio::post(state_->context, std::move(work));
}

void Loop::call(const std::function<void()>& work) {
  if (std::this_thread::get_id() == state_->id) return work();
  std::promise<void> done;
  {
    std::unique_lock lock(state_->mutex);
    if (state_->stopped) {
      lock.unlock();
      return work();
    }
    asio::post(state_->context, [&] {
      work();
      done.set_value();
    });
  }
  done.get_future().wait();
}

void Loop::every(std::chrono::milliseconds period, std::function<bool()> work) {
  auto repetition = std::make_shared<Repetition>(state_->context, period, std::move(work));
  post([repetition] { repetition->wait(); });
}

void Loop::stop() {
  EXPECTS(std::this_thread::get_id() != state_->id);
  {
    const std::lock_guard lock(state_->mutex);
    if (state_->stopped) return;
    state_->stopped = true;
    // Behind whatever call() is waiting for.
    asio::post(state_->context, [state = state_.get()] { state->context.stop(); });
  }
  state_->thread.join();
}

boost::asio::io_context& Loop::context() { return state_->context; }

}  // namespace polyphase::net
