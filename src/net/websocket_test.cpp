#include "net/websocket.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace polyphase::net {
namespace {

/// Sends so many messages of a size that nobody takes; gives how many were kept.
std::size_t kept(WebSocket& socket, std::size_t messages, std::size_t size) {
  std::size_t count = 0;
  for (std::size_t i = 0; i < messages; ++i)
    count += socket.send(std::string(size, static_cast<char>('a' + i % 26))) ? 1u : 0u;
  return count;
}

TEST(WebSocket, OfAClientThatNeverReadsTakesNoMoreMemory) {
  WebSocket many([] {});
  EXPECT_EQ(kept(many, 100'000, 100), websocket_queue_messages_max);
  EXPECT_EQ(many.messages_dropped(), 100'000 - websocket_queue_messages_max);
  WebSocket large([] {});
  EXPECT_EQ(kept(large, 1'000, 100'000), websocket_queue_bytes_max / 100'000);
}

TEST(WebSocket, SkipsWhatASlowClientHadNoRoomForAndGoesOn) {
  int woken = 0;
  WebSocket socket([&] { ++woken; });
  for (int i = 0; i < 50; ++i) (void)socket.send(std::to_string(i));
  EXPECT_EQ(woken, static_cast<int>(websocket_queue_messages_max));
  EXPECT_EQ(socket.take(), "0") << "the oldest are the ones that were kept";
  EXPECT_TRUE(socket.send("late"));
  std::string last;
  while (const auto message = socket.take()) last = *message;
  EXPECT_EQ(last, "late");
  EXPECT_EQ(socket.messages_dropped(), 50 - websocket_queue_messages_max);
}

TEST(WebSocket, SendsWhatIsQueuedBeforeItCloses) {
  WebSocket socket([] {});
  EXPECT_TRUE(socket.send("first"));
  socket.close(std::string(500, 'x'));
  EXPECT_FALSE(socket.send("too late"));
  EXPECT_EQ(socket.take(), "first");
  EXPECT_EQ(socket.take(), std::nullopt);
  EXPECT_EQ(socket.closing()->size(), 123u);
}

}  // namespace
}  // namespace polyphase::net
