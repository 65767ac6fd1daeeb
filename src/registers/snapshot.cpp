#include "registers/snapshot.hpp"

namespace polyphase::registers {

Snapshot::Snapshot(std::vector<Index> indices)
    : indices_(std::move(indices)), cells_(std::make_unique<Cell[]>(indices_.size() * 2)) {}

void Snapshot::publish(const RegisterTable& table) noexcept {
  const std::uint64_t next = sequence_.load(std::memory_order_relaxed) + 1;
  // A reader of this page must see that it was overtaken if it sees any of the stores below.
  std::atomic_thread_fence(std::memory_order_release);
  Cell* cells = page(next);
  for (std::size_t i = 0; i < indices_.size(); ++i) {
    const Value& value = table.value(indices_[i]);
    cells[i].number.store(value.number, std::memory_order_relaxed);
    cells[i].time_ns.store(value.time.ns, std::memory_order_relaxed);
    cells[i].quality.store(value.quality.bits, std::memory_order_relaxed);
  }
  sequence_.store(next, std::memory_order_release);
}

std::uint64_t Snapshot::read(std::vector<Value>& values) const {
  values.resize(indices_.size());
  for (;;) {
    const std::uint64_t sequence = sequence_.load(std::memory_order_acquire);
    const Cell* cells = page(sequence);
    for (std::size_t i = 0; i < indices_.size(); ++i)
      values[i] = {cells[i].number.load(std::memory_order_relaxed),
                   Quality{cells[i].quality.load(std::memory_order_relaxed)},
                   Instant{cells[i].time_ns.load(std::memory_order_relaxed)}};
    std::atomic_thread_fence(std::memory_order_acquire);
    // The writer works on the other page; this one is touched only from sequence + 2 on, whose
    // writing starts once sequence + 1 is published.
    if (sequence_.load(std::memory_order_relaxed) == sequence) return sequence;
  }
}

}  // namespace polyphase::registers
