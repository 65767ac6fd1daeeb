#include "recorder/writer_thread.hpp"

namespace polyphase::recorder {

WriterThread::WriterThread(Recorder& recorder, store::Store& store, Until until,
                           std::chrono::milliseconds period)
    : recorder_(recorder), store_(store), until_(until), period_(period), thread_([this] {
        run();
      }) {}

WriterThread::~WriterThread() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void WriterThread::flush() {
  std::unique_lock lock(mutex_);
  const std::uint64_t wanted = ++asked_;
  wake_.notify_one();
  done_.wait(lock, [&] { return served_ >= wanted; });
}

// What the store says is in the recorder's status.
void WriterThread::run() {
  std::unique_lock lock(mutex_);
  for (bool last = false; !last;) {
    wake_.wait_for(lock, period_, [this] { return stop_ || asked_ > served_; });
    last = stop_;
    const std::uint64_t asked = asked_;
    const bool all = last || asked > served_;
    lock.unlock();
    (void)recorder_.drain(store_, all ? Until::now : until_);
    lock.lock();
    served_ = asked;
    done_.notify_all();
  }
}

}  // namespace polyphase::recorder
