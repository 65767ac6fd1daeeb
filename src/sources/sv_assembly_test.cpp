#include "sources/sv_assembly.hpp"

#include <gtest/gtest.h>

namespace polyphase::sources {
namespace {

constexpr double rate_hz = 4'000;
const Instant second{1'700'000'000'000'000'000};

/// A stream whose sample n carries n V on V1, and all that was made of it.
class Stream {
 public:
  std::uint8_t synchronised = 2;
  char marks = 0;
  double latency_s = 0.0004;

  void send(std::int64_t n, double late_s = 0) {
    SvSample sample;
    sample.frame.value[0] = static_cast<float>(n);
    sample.count = static_cast<std::uint16_t>(n % 4'000);
    sample.synchronised = synchronised > 0;
    sample.marks = marks;
    sample.arrival = second.plus_s(static_cast<double>(n) / rate_hz + latency_s + late_s);
    assembly_.offer(sample);
    take();
  }
  void send_all(std::int64_t first, std::int64_t end) {
    for (std::int64_t n = first; n < end; ++n) send(n);
  }
  const SvCounts& counts() {
    assembly_.flush();
    take();
    return assembly_.counts();
  }

  std::vector<float> values;
  std::vector<char> told;
  std::vector<Instant> times;  ///< of each frame that does not just follow
  std::size_t timed_last = 0;  ///< the last of them
  std::size_t gaps = 0;

 private:
  void take() {
    std::array<Frame, 64> frames;
    std::array<char, 64> told_now{};
    for (;;) {
      const bool more = assembly_.waiting();
      const SvRun run = assembly_.take(frames, told_now);
      if (run.count == 0 && !more) return;
      if (run.time) {
        times.push_back(*run.time);
        timed_last = values.size();
      }
      gaps += run.after_gap;
      for (std::size_t i = 0; i < run.count; ++i) {
        values.push_back(frames[i].value[0]);
        told.push_back(told_now[i]);
      }
    }
  }
  SvAssembly assembly_{{rate_hz, 4'000}, mask_of(Channel::v1)};
};

TEST(SvAssembly, BalancesWhatWasSentAgainstWhatItHandsOn) {
  Stream stream;
  for (std::int64_t n = 0; n < 10'000; ++n) {
    if (n % 500 == 77) continue;                          // lost
    if (n % 500 == 100) stream.send(n - 1, 1 / rate_hz);  // came twice
    if (n % 500 == 200) {                                 // out of order
      stream.send(n + 1, -1 / rate_hz);
      stream.send(n, 1 / rate_hz);
      ++n;
      continue;
    }
    stream.send(n);
  }
  const SvCounts& counts = stream.counts();
  EXPECT_EQ(counts.expected(), 10'000u);
  EXPECT_EQ(counts.bridged, 20u);
  EXPECT_EQ(counts.duplicates, 20u);
  EXPECT_EQ(counts.out_of_order, 20u);
  EXPECT_EQ(counts.late + counts.missed + counts.gaps, 0u);
  EXPECT_EQ(counts.offered, counts.delivered + counts.duplicates + counts.late);
  ASSERT_EQ(stream.values.size(), 10'000u);
  for (std::size_t n = 0; n < stream.values.size(); ++n) {
    ASSERT_FLOAT_EQ(stream.values[n], static_cast<float>(n));
    ASSERT_EQ(stream.told[n] != 0, n % 500 == 77) << "only what was bridged is marked";
  }
}

TEST(SvAssembly, CountsWhatAGapSwallowed) {
  Stream stream;
  stream.send_all(100, 500);
  stream.send_all(1'000, 1'500);
  stream.send_all(13'500, 13'900);
  const SvCounts& counts = stream.counts();
  EXPECT_EQ(counts.gaps, 2u);
  EXPECT_EQ(counts.missed, 500u + 12'000u);
  EXPECT_EQ(counts.expected(), 13'800u);
  EXPECT_EQ(stream.gaps, 2u);
  ASSERT_EQ(stream.times.size(), 3u);
  EXPECT_EQ(stream.times[2].ns, second.plus_s(3.375).ns);
}

TEST(SvAssembly, ASenderThatStartsAgainIsAGap) {
  for (const std::int64_t begin : {2'500, 4'000}) {  // smpCnt goes forward, and back to 0
    Stream stream;
    stream.send_all(0, 1'000);
    const double late_s = static_cast<double>(1'400 - begin) / rate_hz;
    for (std::int64_t n = begin; n < begin + 1'000; ++n) stream.send(n, late_s);
    EXPECT_EQ(stream.counts().gaps, 1u);
    EXPECT_EQ(stream.gaps, 1u);
    EXPECT_EQ(stream.counts().delivered, 2'000u);
    EXPECT_EQ(stream.counts().bridged, 0u);
  }
}

TEST(SvAssembly, TellsWhatCameTooLate) {
  Stream stream;
  for (std::int64_t n = 0; n < 400; ++n) {
    if (n != 200) stream.send(n);
    if (n == 250) stream.send(200, 50 / rate_hz);
  }
  const SvCounts& counts = stream.counts();
  EXPECT_EQ(counts.late, 1u);
  EXPECT_EQ(counts.bridged, 1u);
  EXPECT_EQ(counts.expected(), 400u);
}

TEST(SvAssembly, DoesNotWaitForEverForWhatIsLost) {
  Stream stream;
  stream.send_all(0, 100);
  stream.send(101);
  EXPECT_EQ(stream.values.size(), 100u) << "the missing one may still come";
  EXPECT_EQ(stream.counts().bridged, 1u);
  EXPECT_EQ(stream.values.size(), 102u);
  stream.send_all(102, 105);
  EXPECT_EQ(stream.values.size(), 105u);
  EXPECT_EQ(stream.gaps, 0u);
}

TEST(SvAssembly, KeepsDoubtfulSamplesAndMarksThem) {
  Stream stream;
  stream.send_all(0, 10);
  stream.marks = mark_clipped;
  stream.send(10);
  stream.marks = 0;
  stream.send(11);
  EXPECT_EQ(stream.counts().doubtful, 1u);
  EXPECT_EQ(stream.told[10], mark_clipped);
  EXPECT_EQ(stream.values[10], 10);
}

TEST(SvAssembly, AnotherStateOfTheClockIsNoGap) {
  Stream stream;
  stream.send_all(0, 100);
  stream.synchronised = 0;
  stream.send_all(100, 200);
  EXPECT_EQ(stream.counts().expected(), 200u);
  EXPECT_EQ(stream.gaps, 0u);
  ASSERT_GT(stream.times.size(), 1u);
  EXPECT_EQ(stream.times[1].ns, second.plus_s(0.025 + stream.latency_s).ns) << "by its arrival";
}

TEST(SvAssembly, LossDoesNotMoveTheTimeByArrival) {
  Stream stream;
  stream.synchronised = 0;
  for (std::int64_t n = 0; n < 20'000; ++n)
    if (n % 10 != 3) stream.send(n);
  EXPECT_EQ(stream.counts().expected(), 20'000u);
  const double off_s = seconds_between(second, stream.times.back()) -
                       static_cast<double>(stream.timed_last) / rate_hz;
  EXPECT_NEAR(off_s, stream.latency_s, 1e-6);
}

}  // namespace
}  // namespace polyphase::sources
