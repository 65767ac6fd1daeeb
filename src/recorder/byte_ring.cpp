#include "recorder/byte_ring.hpp"

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::recorder {

ByteRing::ByteRing(std::size_t capacity)
    : capacity_(capacity),
      memory_(std::make_unique<std::uint64_t[]>(capacity / alignment)),
      bytes_(reinterpret_cast<std::byte*>(memory_.get())) {
  EXPECTS(capacity > 0 && capacity % alignment == 0);
  static_assert(sizeof(Head) == alignment);
}

ByteRing::Head ByteRing::head_at(std::uint64_t position) const noexcept {
  Head head;
  std::memcpy(&head, bytes_ + position % capacity_, sizeof head);
  return head;
}

void ByteRing::put_head(std::uint64_t position, Head head) noexcept {
  std::memcpy(bytes_ + position % capacity_, &head, sizeof head);
}

// A message is never cut: where it does not fit before the end of the memory, it begins in front.
std::span<std::byte> ByteRing::claim(std::size_t size, std::size_t keep_free) noexcept {
  const std::uint64_t begin = written_.load(std::memory_order_relaxed);
  const std::size_t to_the_end = capacity_ - begin % capacity_;
  const std::size_t need = bytes_of(size);
  const std::size_t skipped = need <= to_the_end ? 0 : to_the_end;
  const std::uint64_t used = begin - released_.load(std::memory_order_acquire);
  if (size > std::numeric_limits<std::uint32_t>::max() ||
      used + skipped + need + keep_free > capacity_)
    return {};
  if (skipped > 0) put_head(begin, {static_cast<std::uint32_t>(skipped - sizeof(Head)), 0});
  put_head(begin + skipped, {static_cast<std::uint32_t>(size), 1});
  claimed_ = begin + skipped + need;
  return {bytes_ + (begin + skipped) % capacity_ + sizeof(Head), size};
}

void ByteRing::publish() noexcept { written_.store(claimed_, std::memory_order_release); }

std::span<const std::byte> ByteRing::next(std::uint64_t end) noexcept {
  const std::uint64_t until = std::min(end, written());
  while (read_ < until) {
    const std::uint64_t at = read_;
    const Head head = head_at(at);
    read_ += bytes_of(head.size);
    if (head.is_message != 0) return {bytes_ + at % capacity_ + sizeof(Head), head.size};
  }
  return {};
}

std::size_t ByteRing::waiting() const noexcept {
  const std::uint64_t from = released();
  return static_cast<std::size_t>(written() - from);
}

}  // namespace polyphase::recorder
