#include "meter/keeper.hpp"

#include <chrono>

namespace polyphase::meter {

Keeper::Keeper(store::Store& store, std::function<void(bool)> often)
    : store_(store), often_(std::move(often)), thread_([this] { run(); }) {}

Keeper::~Keeper() { stop(); }

void Keeper::post(Work work, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back({std::move(work), std::move(done)});
  }
  wake_.notify_one();
}

void Keeper::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_one();
  if (thread_.joinable()) thread_.join();
}

std::string Keeper::trouble() const {
  const std::scoped_lock lock(mutex_);
  return trouble_;
}

void Keeper::run() {
  constexpr std::chrono::milliseconds between{250};
  for (bool last = false; !last;) {
    std::vector<Task> tasks;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_for(lock, between, [&] { return stop_ || !tasks_.empty(); });
      last = stop_;
      tasks.swap(tasks_);
    }
    serve(std::move(tasks));
    often_(last);
  }
}

Result<void> Keeper::write(std::span<Task> tasks) {
  auto batch = store_.begin();
  if (!batch) return tl::unexpected(batch.error());
  for (Task& task : tasks)
    if (auto done = task.work(*batch); !done) return done;
  return batch->commit();
}

void Keeper::serve(std::vector<Task> tasks) {
  if (tasks.empty()) return;
  const Result<void> done = write(tasks);
  {
    const std::scoped_lock lock(mutex_);
    trouble_ = done ? std::string() : done.error().text();
  }
  // What one of them asked for may be what the store refuses: each is tried by itself.
  for (Task& task : tasks) task.done(done || tasks.size() == 1 ? done : write(std::span(&task, 1)));
}

}  // namespace polyphase::meter
