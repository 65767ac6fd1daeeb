#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

namespace polyphase::recorder {

/// Messages of bytes from one thread to another, in order, in memory taken once. What was read
/// stays until it is released, so that a reader whose work failed begins there again.
///
/// One writer: claim(), publish(). One reader: next(), rewind(), release(). Neither waits.
class ByteRing {
 public:
  /// `capacity`: bytes, a multiple of alignment.
  explicit ByteRing(std::size_t capacity);

  /// Room for a message, aligned; empty where less than `keep_free` bytes would be left after it.
  std::span<std::byte> claim(std::size_t size, std::size_t keep_free = 0) noexcept;
  /// Hands over what was claimed last.
  void publish() noexcept;
  /// Where the next message will begin: grows for ever.
  std::uint64_t written() const noexcept { return written_.load(std::memory_order_acquire); }

  /// The next message that begins before `end`; empty: there is none.
  std::span<const std::byte> next(std::uint64_t end) noexcept;
  void rewind() noexcept { read_ = released_.load(std::memory_order_relaxed); }
  void release() noexcept { released_.store(read_, std::memory_order_release); }

  /// Where what was released ends.
  std::uint64_t released() const noexcept { return released_.load(std::memory_order_acquire); }

  /// Bytes that hold something. Any thread.
  std::size_t waiting() const noexcept;
  std::size_t capacity() const noexcept { return capacity_; }

  static constexpr std::size_t alignment = 8;
  /// What a message of that size takes.
  static constexpr std::size_t bytes_of(std::size_t size) {
    return sizeof(Head) + (size + alignment - 1) / alignment * alignment;
  }

 private:
  struct Head {
    std::uint32_t size = 0;
    std::uint32_t is_message = 0;  ///< else what is left before the end of the memory
  };
  Head head_at(std::uint64_t position) const noexcept;
  void put_head(std::uint64_t position, Head head) noexcept;

  std::size_t capacity_;
  std::unique_ptr<std::uint64_t[]> memory_;
  std::byte* bytes_;
  std::uint64_t claimed_ = 0;  ///< end of what was claimed last; the writer's
  std::uint64_t read_ = 0;     ///< the reader's
  std::atomic<std::uint64_t> written_{0}, released_{0};
};

}  // namespace polyphase::recorder
