#include "net/shared_connections.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace polyphase::net {
namespace {

/// How many places one protocol gets of a pool.
std::size_t taken_by(PoolUser user, SharedConnections& pool,
                     std::vector<SharedConnections::Place>& kept) {
  std::size_t count = 0;
  while (auto place = pool.take(user)) {
    kept.push_back(std::move(*place));
    ++count;
  }
  return count;
}

// Covers: PORT-002
TEST(SharedConnections, AreEightInAllAndFewerForSome) {
  const auto pool = SharedConnections::create();
  std::vector<SharedConnections::Place> kept;
  EXPECT_EQ(taken_by(PoolUser::dlms, *pool, kept), 1u);
  EXPECT_EQ(taken_by(PoolUser::dnp, *pool, kept), 3u);
  EXPECT_EQ(taken_by(PoolUser::modbus, *pool, kept), 4u);
  EXPECT_FALSE(pool->take(PoolUser::native));
  kept.pop_back();
  EXPECT_EQ(pool->taken(), 7u);
  EXPECT_TRUE(pool->take(PoolUser::native));
  EXPECT_EQ(pool->taken(), 7u);
}

}  // namespace
}  // namespace polyphase::net
