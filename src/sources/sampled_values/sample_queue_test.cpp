#include "sources/sampled_values/sample_queue.hpp"

#include <gtest/gtest.h>

#include <thread>

namespace polyphase::sources::sampled_values {
namespace {

SvSample sample(std::uint16_t count) {
  SvSample out;
  out.count = count;
  return out;
}

TEST(SampleQueue, SaysNoWhenItIsFull) {
  SampleQueue queue(4);
  for (std::uint16_t n = 0; n < 4; ++n) EXPECT_TRUE(queue.push(sample(n)));
  EXPECT_FALSE(queue.push(sample(4)));
  SvSample out;
  ASSERT_TRUE(queue.pop(out));
  EXPECT_EQ(out.count, 0);
  EXPECT_TRUE(queue.push(sample(5)));
}

TEST(SampleQueue, AWaitEndsWhenNothingComes) {
  SampleQueue queue(4);
  EXPECT_FALSE(queue.wait(std::chrono::milliseconds(1)));
  queue.push(sample(0));
  EXPECT_TRUE(queue.wait(std::chrono::milliseconds(1)));
}

TEST(SampleQueue, AWaitForSeveralEndsWithTheLastOfThem) {
  SampleQueue queue(64);
  for (std::uint16_t n = 0; n < 9; ++n) queue.push(sample(n));
  EXPECT_FALSE(queue.wait(std::chrono::milliseconds(1), 10));
  std::atomic<bool> last{false};
  std::thread producer([&] {
    queue.notify();
    last = true;
    queue.push(sample(9));
    queue.notify();
  });
  EXPECT_TRUE(queue.wait(std::chrono::seconds(20), 10));
  EXPECT_TRUE(last);
  producer.join();
}

TEST(SampleQueue, AWaitForMoreThanItHoldsEnds) {
  SampleQueue queue(8);
  for (std::uint16_t n = 0; n < 8; ++n) queue.push(sample(n));
  EXPECT_TRUE(queue.wait(std::chrono::milliseconds(1), 100));
}

TEST(SampleQueue, HandsOverInOrderBetweenThreads) {
  constexpr std::uint32_t total = 60'000;
  SampleQueue queue(64);
  std::thread producer([&] {
    for (std::uint32_t n = 0; n < total;) {
      if (queue.push(sample(static_cast<std::uint16_t>(n))))
        ++n;
      else
        std::this_thread::yield();
      if (n % 16 == 0) queue.notify();
    }
    queue.notify();
  });
  std::uint32_t received = 0;
  bool in_order = true;
  for (SvSample out; received < total;) {
    if (queue.pop(out))
      in_order = in_order && out.count == static_cast<std::uint16_t>(received++);
    else
      queue.wait(std::chrono::milliseconds(10));
  }
  producer.join();
  EXPECT_TRUE(in_order);
}

}  // namespace
}  // namespace polyphase::sources::sampled_values
