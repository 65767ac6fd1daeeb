#include "recorder/byte_ring.hpp"

#include <gtest/gtest.h>

#include <cstring>
#include <optional>
#include <thread>
#include <vector>

namespace polyphase::recorder {
namespace {

constexpr std::uint64_t everything = ~std::uint64_t{0};

bool put(ByteRing& ring, std::uint64_t number, std::size_t size, std::size_t keep_free = 0) {
  const auto room = ring.claim(size, keep_free);
  if (room.empty()) return false;
  std::memcpy(room.data(), &number, sizeof number);
  ring.publish();
  return true;
}

std::optional<std::uint64_t> get(ByteRing& ring, std::uint64_t end = everything) {
  const auto message = ring.next(end);
  if (message.empty()) return std::nullopt;
  std::uint64_t number = 0;
  std::memcpy(&number, message.data(), sizeof number);
  return number;
}

TEST(ByteRing, KeepsOrderAndSizesOverManyTurns) {
  ByteRing ring(256);
  std::uint64_t in = 0, out = 0;
  for (int turn = 0; turn < 1'000; ++turn) {
    while (put(ring, in, 8 + in % 57)) ++in;
    ASSERT_LT(out, in);
    while (true) {
      const auto message = ring.next(everything);
      if (message.empty()) break;
      EXPECT_EQ(message.size(), 8 + out % 57);
      std::uint64_t number = 0;
      std::memcpy(&number, message.data(), sizeof number);
      ASSERT_EQ(number, out++);
    }
    ring.release();
  }
  EXPECT_EQ(in, out);
  EXPECT_EQ(ring.waiting(), 0u);
}

TEST(ByteRing, IsFullUntilWhatWasReadIsReleased) {
  ByteRing ring(64);
  for (std::uint64_t n = 1; n <= 4; ++n) EXPECT_TRUE(put(ring, n, 8));
  EXPECT_FALSE(put(ring, 5, 8));
  EXPECT_EQ(get(ring), 1u);
  EXPECT_FALSE(put(ring, 5, 8));
  ring.release();
  EXPECT_TRUE(put(ring, 5, 8));
}

TEST(ByteRing, GivesAgainWhatWasReadAndNotReleased) {
  ByteRing ring(64);
  put(ring, 1, 8);
  put(ring, 2, 8);
  EXPECT_EQ(get(ring), 1u);
  EXPECT_EQ(get(ring), 2u);
  ring.rewind();
  EXPECT_EQ(get(ring), 1u);
  ring.release();
  ring.rewind();
  EXPECT_EQ(get(ring), 2u);
}

TEST(ByteRing, KeepsRoomFreeForWhatMayUseIt) {
  ByteRing ring(64);
  EXPECT_TRUE(put(ring, 1, 8, 32));
  EXPECT_TRUE(put(ring, 2, 8, 32));
  EXPECT_FALSE(put(ring, 3, 8, 32));
  EXPECT_TRUE(put(ring, 3, 8));
}

TEST(ByteRing, StopsAtAPositionThatWasTakenDown) {
  ByteRing ring(64);
  put(ring, 1, 8);
  const std::uint64_t mark = ring.written();
  put(ring, 2, 8);
  EXPECT_EQ(get(ring, mark), 1u);
  EXPECT_EQ(get(ring, mark), std::nullopt);
  EXPECT_EQ(get(ring), 2u);
}

TEST(ByteRing, RefusesWhatIsLargerThanItself) {
  ByteRing ring(64);
  EXPECT_TRUE(ring.claim(100).empty());
}

TEST(ByteRing, HandsOverBetweenTwoThreads) {
  constexpr std::uint64_t count = 200'000;
  ByteRing ring(4'096);
  std::thread writer([&] {
    for (std::uint64_t n = 0; n < count;)
      if (put(ring, n, 8 + n % 91))
        ++n;
      else
        std::this_thread::yield();
  });
  for (std::uint64_t n = 0; n < count;) {
    if (const auto number = get(ring)) {
      ASSERT_EQ(*number, n++);
      ring.release();
    } else {
      std::this_thread::yield();
    }
  }
  writer.join();
}

}  // namespace
}  // namespace polyphase::recorder
