#include "meter/keeper.hpp"

#include <chrono>

namespace polyphase::meter {

Keeper::Keeper(store::Store& store, std::function<void()> each_second)
    : store_(store), each_second_(std::move(each_second)), thread_([this] { run(); }) {}

Keeper::~Keeper() { stop(); }

void Keeper::post(Work work, Done done) {
  {
    const std::scoped_lock lock(mutex_);
    tasks_.push_back({std::move(work), std::move(done)});
  }
  wake_.notify_one();
}

void Keeper::checkpoint(RetainedNumbers numbers) {
  const std::scoped_lock lock(mutex_);
  numbers_ = std::move(numbers);
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
  constexpr std::chrono::seconds between{1};
  auto due = std::chrono::steady_clock::now() + between;
  for (bool last = false; !last;) {
    std::vector<Task> tasks;
    std::optional<RetainedNumbers> numbers;
    bool second = false;
    {
      std::unique_lock lock(mutex_);
      wake_.wait_until(lock, due, [&] { return stop_ || !tasks_.empty(); });
      last = stop_;
      second = last || std::chrono::steady_clock::now() >= due;
      tasks.swap(tasks_);
      if (second) numbers.swap(numbers_);
    }
    serve(std::move(tasks), std::move(numbers));
    if (!second) continue;
    each_second_();
    due = std::chrono::steady_clock::now() + between;
  }
}

Result<void> Keeper::write(std::vector<Task>& tasks,
                           const std::optional<RetainedNumbers>& numbers) {
  auto batch = store_.begin();
  if (!batch) return tl::unexpected(batch.error());
  for (Task& task : tasks)
    if (auto done = task.work(*batch); !done) return done;
  if (numbers) {
    std::vector<store::NamedNumber> named;
    named.reserve(numbers->size());
    for (const auto& [name, value] : *numbers) named.push_back({name, value});
    if (auto done = batch->retain(named); !done) return done;
  }
  return batch->commit();
}

void Keeper::serve(std::vector<Task> tasks, std::optional<RetainedNumbers> numbers) {
  if (tasks.empty() && !numbers) return;
  const Result<void> done = write(tasks, numbers);
  {
    const std::scoped_lock lock(mutex_);
    trouble_ = done ? std::string() : done.error().text();
    if (!done && numbers && !numbers_) numbers_ = std::move(numbers);  // tried again
  }
  for (Task& task : tasks) task.done(done);
}

}  // namespace polyphase::meter
