#include "wire/sv/change_watch.hpp"

#include <gtest/gtest.h>

namespace polyphase::wire::sv {
namespace {

using Verdict = ChangeWatch::Verdict;

/// A stream that was learned, and what comes of it.
class AStream : public testing::Test {
 protected:
  Verdict send(std::int64_t n) {
    Asdu asdu;
    asdu.sample_count = static_cast<std::uint16_t>(n % rate);
    asdu.sample_rate = told;
    asdu.data = std::span(data).first(channels * 8);
    const Verdict verdict = watch.look(seen, pace, asdu);
    if (verdict == Verdict::fits) seen.add(frame, asdu, now);
    now = now.plus_s(1.0 / static_cast<double>(rate));
    if (!pace && pace_is_settled(seen)) pace = pace_of(seen);
    return verdict;
  }
  /// How many samples it took to notice; -1: it was not noticed.
  std::int64_t noticed_after(std::int64_t first, std::int64_t end) {
    for (std::int64_t n = first; n < end; ++n)
      if (send(n) == Verdict::changed) return n - first + 1;
    return -1;
  }
  void learn(std::int64_t wanted_rate) {
    rate = wanted_rate;
    ASSERT_EQ(noticed_after(0, 2 * rate), -1);
    ASSERT_TRUE(pace);
    ASSERT_EQ(pace->wrap, rate);
  }
  std::array<std::uint8_t, 8 * 8> data{};
  std::size_t channels = 8;
  std::int64_t rate = 4'000;
  std::optional<std::uint16_t> told;
  Frame frame;
  Observation seen;
  std::optional<Pace> pace;
  ChangeWatch watch;
  Instant now{1'700'000'000'000'000'000};
};

TEST_F(AStream, ThatChangesItsChannelsIsNoticedAtOnce) {
  learn(4'000);
  channels = 6;
  EXPECT_EQ(noticed_after(8'000, 9'000), ChangeWatch::misfits_max);
}

TEST_F(AStream, ThatTellsAnotherRateIsNoticedAtOnce) {
  told = 4'000;
  learn(4'000);
  told = 4'800;
  EXPECT_EQ(noticed_after(8'000, 9'000), ChangeWatch::misfits_max);
}

TEST_F(AStream, ThatGetsFasterIsNoticedWhereSmpCntPassesItsEnd) {
  learn(4'000);
  rate = 4'800;
  EXPECT_EQ(noticed_after(0, 20'000), 4'000 + ChangeWatch::misfits_max);
}

TEST_F(AStream, ThatGetsSlowerIsNoticedWithItsSecondEarlyEnd) {
  learn(12'800);
  rate = 4'000;
  EXPECT_EQ(noticed_after(0, 20'000), 2 * 4'000 + 1);
}

TEST_F(AStream, MayLoseAndRepeatAndStartAgain) {
  learn(4'000);
  for (std::int64_t n = 0; n < 40'000; ++n) {
    if (n % 4'000 >= 3'950) continue;                         // loses the end of every second
    if (n == 6'500) n = 8'000;                                // the sender starts again
    if (n % 100 == 7) {  // out of order
      ASSERT_EQ(send(n + 3), Verdict::fits);
    }
    ASSERT_EQ(send(n), Verdict::fits) << n;
  }
  channels = 6;
  EXPECT_EQ(send(0), Verdict::misfit) << "a stray frame";
  channels = 8;
  EXPECT_EQ(noticed_after(0, 8'000), -1);
}

}  // namespace
}  // namespace polyphase::wire::sv
