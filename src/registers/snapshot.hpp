#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "registers/table.hpp"

namespace polyphase::registers {

/// The values of one cadence as readers on other threads see them: always all of one step, never a
/// mixture. Two pages and a sequence number; the writer never waits, a reader that was overtaken
/// twice reads again.
class Snapshot {
 public:
  explicit Snapshot(std::vector<Index> indices);

  /// Engine thread. Copies the current values of the page's registers.
  void publish(const RegisterTable& table) noexcept;

  /// Any thread. Fills `values` in the order of indices(); returns the sequence number (0: nothing
  /// published yet, values N/A).
  std::uint64_t read(std::vector<Value>& values) const;

  /// Of the step published last; 0: none yet.
  std::uint64_t sequence() const { return sequence_.load(std::memory_order_acquire); }
  const std::vector<Index>& indices() const { return indices_; }

 private:
  struct Cell {
    std::atomic<double> number{not_available};
    std::atomic<std::int64_t> time_ns{0};
    std::atomic<std::uint16_t> quality{0};
  };
  Cell* page(std::uint64_t sequence) const { return cells_.get() + (sequence & 1) * indices_.size(); }

  std::vector<Index> indices_;
  std::unique_ptr<Cell[]> cells_;
  std::atomic<std::uint64_t> sequence_{0};
};

}  // namespace polyphase::registers
