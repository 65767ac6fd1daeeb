#include "net/loop.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>
#include <vector>

namespace polyphase::net {
namespace {

TEST(Loop, RunsWhatIsPostedInItsOrderOnItsThread) {
  Loop loop;
  std::vector<int> order;
  std::thread::id first, second;
  loop.post([&] {
    order.push_back(1);
    first = std::this_thread::get_id();
  });
  loop.post([&] { order.push_back(2); });
  loop.call([&] {
    order.push_back(3);
    second = std::this_thread::get_id();
  });
  EXPECT_EQ(order, (std::vector<int>{1, 2, 3}));
  EXPECT_EQ(first, second);
  EXPECT_NE(first, std::this_thread::get_id());
}

TEST(Loop, CallsAtOnceOnItsOwnThread) {
  Loop loop;
  bool inner = false;
  loop.call([&] { loop.call([&] { inner = true; }); });
  EXPECT_TRUE(inner);
}

TEST(Loop, RepeatsUntilToldToEnd) {
  Loop loop;
  std::promise<void> done;
  int times = 0;
  loop.every(std::chrono::milliseconds(1), [&] {
    if (++times < 3) return true;
    done.set_value();
    return false;
  });
  done.get_future().wait();
  loop.stop();
  EXPECT_EQ(times, 3);
}

TEST(Loop, DropsWhatIsPostedAfterItStopped) {
  Loop loop;
  loop.stop();
  loop.stop();
  bool posted = false, called = false;
  loop.post([&] { posted = true; });
  loop.call([&] { called = true; });  // nobody else can be on its thread any more
  EXPECT_FALSE(posted);
  EXPECT_TRUE(called);
}

TEST(Loop, CanBeCalledByManyWhileItStops) {
  Loop loop;
  std::atomic<int> calls{0};
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i)
    callers.emplace_back([&] {
      for (int n = 0; n < 1'000; ++n) loop.call([&] { ++calls; });
    });
  loop.stop();
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(calls, 8'000);
}

}  // namespace
}  // namespace polyphase::net
