#include "sources/sampled_values/balance.hpp"

#include <gtest/gtest.h>

namespace polyphase::sources::sampled_values {
namespace {

TEST(StreamBalance, ShowsWhatWasLostAndNothingThatIsZero) {
  StreamBalance stream;
  stream.samples.delivered = 3'990;
  stream.samples.bridged = 4;
  stream.samples.missed = 6;
  EXPECT_EQ(text(stream, {}), "4000 expected = 3990 received + 4 bridged + 6 in gaps");
  stream.samples.gaps = 1;
  stream.dropped_by_queue = 6;
  InterfaceBalance interface;
  interface.dropped_by_kernel = 2;
  EXPECT_EQ(text(stream, interface),
            "4000 expected = 3990 received + 4 bridged + 6 in gaps; 1 gap, 6 dropped by the "
            "queue, 2 frames dropped by the kernel");
}

TEST(StreamBalance, GoesOnOverStreamsThatWereLearnedAnew) {
  StreamBalance sum, later;
  sum.samples.delivered = 10;
  sum.relearned = 1;
  later.samples.delivered = 5;
  later.samples.missed = 2;
  later.misfits = 3;
  sum += later;
  EXPECT_EQ(sum.samples.expected(), 17u);
  EXPECT_EQ(text(sum, {.forgotten = 2, .reopened = 1}),
            "17 expected = 15 received + 0 bridged + 2 in gaps; 3 of another shape, 1 time learned "
            "anew, 2 streams forgotten, 1 time the interface came back");
}

TEST(StreamBalance, IsInBalanceWhereEverySampleIsAccountedFor) {
  StreamBalance stream;
  stream.asdus = 110;
  stream.dropped_by_queue = 3;
  stream.misfits = 2;
  stream.samples.offered = 105;
  stream.samples.delivered = 100;
  stream.samples.duplicates = 4;
  EXPECT_FALSE(stream.balanced());
  stream.samples.late = 1;
  EXPECT_TRUE(stream.balanced());
}

}  // namespace
}  // namespace polyphase::sources::sampled_values
