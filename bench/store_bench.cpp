// The store on the disk of the folder in which this runs: a commit waits for the disk, so its time
// is the disk's; appending within a batch, retaining and reading are the processor's.
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "store/store.hpp"

namespace polyphase::store {
namespace {

constexpr std::size_t columns = 16;
constexpr const char* file_name = "store_bench.db";

void must(const Result<void>& done) {
  if (done) return;
  std::fprintf(stderr, "%s\n", done.error().text().c_str());
  std::abort();
}

std::unique_ptr<Store> on_disk() {
  for (const char* suffix : {"", "-wal", "-shm", ".lock"})
    std::filesystem::remove(std::string(file_name) + suffix);
  return std::move(Store::open(file_name, {}).value());
}

std::unique_ptr<Store> in_memory() { return std::move(Store::open_in_memory().value()); }

Log define(Store& store, std::int64_t depth) {
  auto batch = store.begin().value();
  const Log log = batch.define_log("log", std::vector<Column>(columns), depth).value();
  must(batch.commit());
  return log;
}

void append(Store& store, Log log, std::int64_t count) {
  const std::vector<Field> fields(columns);
  auto batch = store.begin().value();
  for (std::int64_t i = 0; i < count; ++i) batch.append(log, Instant{i}, fields).value();
  must(batch.commit());
}

void append_and_commit_on_disk(benchmark::State& state) {
  const auto store = on_disk();
  const Log log = define(*store, 10'000);
  for ([[maybe_unused]] auto round : state) append(*store, log, state.range(0));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(append_and_commit_on_disk)->Arg(1)->Arg(64)->UseRealTime();

void append_to_a_full_log(benchmark::State& state) {
  const auto store = in_memory();
  const Log log = define(*store, 10'000);
  append(*store, log, 10'000);
  for ([[maybe_unused]] auto round : state) append(*store, log, 1'000);
  state.SetItemsProcessed(state.iterations() * 1'000);
}
BENCHMARK(append_to_a_full_log);

void retain_numbers(benchmark::State& state) {
  const auto store = on_disk();
  std::vector<NamedNumber> numbers(static_cast<std::size_t>(state.range(0)));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    numbers[i].name = "INT" + std::to_string(i) + ".sum";
  for ([[maybe_unused]] auto round : state) {
    for (NamedNumber& number : numbers) number.value += 1;
    auto batch = store->begin().value();
    must(batch.retain(numbers));
    must(batch.commit());
  }
}
BENCHMARK(retain_numbers)->Arg(2'000);

void read_a_page(benchmark::State& state) {
  const auto store = in_memory();
  const Log log = define(*store, 100'000);
  append(*store, log, 100'000);
  auto reader = store->reader().value();
  Range range;
  range.number_first = 50'000;
  for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(reader.records(log, range));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(range.limit));
}
BENCHMARK(read_a_page);

void open_with_a_look_for_damage(benchmark::State& state) {
  {
    const auto store = on_disk();
    append(*store, define(*store, 1'000'000), 400'000);
  }
  for ([[maybe_unused]] auto round : state) benchmark::DoNotOptimize(Store::open(file_name, {}));
  state.SetBytesProcessed(state.iterations() *
                          static_cast<std::int64_t>(std::filesystem::file_size(file_name)));
  on_disk().reset();
  for (const char* suffix : {"", ".lock"}) std::filesystem::remove(std::string(file_name) + suffix);
}
BENCHMARK(open_with_a_look_for_damage)->UseRealTime();

}  // namespace
}  // namespace polyphase::store
