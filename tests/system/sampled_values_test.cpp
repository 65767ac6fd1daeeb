// Sampled Values across a pair of joined interfaces: several streams at their true pace, disturbed
// on purpose; what was sent is known, so every balance must be exact.
#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>
#include <cmath>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "sources/sampled_values/packet_sender.hpp"
#include "sources/sampled_values/stream_list.hpp"
#include "sources/sampled_values/stream_source.hpp"
#include "sources/sampled_values/test_frames.hpp"
#include "system/program.hpp"
#include "system/veth.hpp"

namespace polyphase::sources::sampled_values {
namespace {

constexpr std::int64_t rate = 4'000;

TestStream named(const char* sv_id, std::uint16_t app_id) {
  TestStream stream;
  stream.sv_id = sv_id;
  stream.app_id = app_id;
  stream.tells_rate = true;
  return stream;
}

class OverAWire : public testing::Test {
 protected:
  void SetUp() override {
    if (const std::string missing = system_test::make_network(); !missing.empty())
      GTEST_SKIP() << missing;
    auto opened = Receiver::open("vb");
    ASSERT_TRUE(opened) << opened.error().text();
    receiver = *opened;
    auto made = PacketSender::open("va");
    ASSERT_TRUE(made) << made.error().text();
    sender.emplace(std::move(*made));
  }
  std::unique_ptr<StreamSource> open(const std::string& name, std::function<bool()> stopped = {}) {
    StreamOptions options;
    options.stream = name;
    options.stopped = std::move(stopped);
    auto source = StreamSource::open(receiver, options);
    EXPECT_TRUE(source) << source.error().text();
    return source ? std::move(*source) : nullptr;
  }
  void wait_for_frames(std::uint64_t frames) {
    std::uint64_t came = 0;
    receiver->watch(std::chrono::seconds(5), [&](const auto& streams) {
      came = 0;
      for (const StreamInfo& stream : streams) came += stream.frames;
      return came >= frames;
    });
    EXPECT_EQ(came, frames);
  }
  void send(const std::vector<std::uint8_t>& frame) { ASSERT_EQ(sender->send({&frame, 1}), 1u); }

  std::shared_ptr<Receiver> receiver;
  std::optional<PacketSender> sender;
};

/// Frames that `va` sent and the kernel did not carry to `vb`.
std::uint64_t lost_on_the_wire() {
  std::ifstream table("/proc/thread-self/net/dev");
  for (std::string line; std::getline(table, line);) {
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos || line.substr(0, colon).find("va") == std::string::npos)
      continue;
    constexpr int sent_and_dropped = 12;
    std::istringstream fields(line.substr(colon + 1));
    std::uint64_t value = 0;
    for (int i = 0; i < sent_and_dropped; ++i) fields >> value;
    return value;
  }
  return 0;
}

/// A stream, and which of its samples go out at tick n once it is disturbed.
struct Disturbed {
  TestStream stream;
  std::function<std::vector<std::int64_t>(std::int64_t)> at;
};

/// Sends streams from one clock on a thread: smpCnt 0 is the top of a second.
class Traffic {
 public:
  Traffic(PacketSender& sender, std::vector<Disturbed> streams) {
    thread_ = std::thread([this, &sender, streams = std::move(streams)] { run(sender, streams); });
  }
  ~Traffic() {
    if (thread_.joinable()) disturb(1);
  }
  /// Sends so many disturbed ticks more, and ends. Returns the frames that were sent in all.
  std::uint64_t disturb(std::int64_t ticks) {
    ticks_left_ = ticks;
    thread_.join();
    return sent_;
  }

 private:
  void run(PacketSender& sender, const std::vector<Disturbed>& streams) {
    timespec now{};
    ::clock_gettime(CLOCK_REALTIME, &now);
    const std::time_t second = now.tv_sec;
    for (std::int64_t n = now.tv_nsec / (1'000'000'000 / rate) + 40, ticks = 0;; ++n) {
      const timespec due{second + n / rate, n % rate * (1'000'000'000 / rate)};
      ::clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &due, nullptr);
      const std::int64_t end = ticks_left_;
      // Begins and ends where no sample is out of its order.
      const bool disturbed = end > 0 && (ticks > 0 || n % 200 == 10);
      if (disturbed && ++ticks > end) return;
      frames_.clear();
      for (const Disturbed& d : streams)
        for (const std::int64_t sample : disturbed ? d.at(n) : std::vector{n})
          frames_.push_back(d.stream.frame(sample));
      sent_ += sender.send(frames_);
    }
  }
  std::vector<std::vector<std::uint8_t>> frames_;
  std::atomic<std::int64_t> ticks_left_{0};
  std::uint64_t sent_ = 0;
  std::thread thread_;
};

/// All that a source gives until it is stopped. Va of sample n is n times 10 mV.
struct Received {
  std::vector<std::int64_t> samples;
  std::vector<bool> bridged;
  std::size_t gaps = 0, badly_timed = 0;
  Instant first, last;
  Received(StreamSource& source) {
    for (SampleBlock block; *source.next(block);) {
      gaps += block.after_gap;
      if (samples.empty()) first = block.time_first;
      last = block.time_first.plus_s(static_cast<double>(block.frames.size() - 1) / rate);
      for (std::size_t i = 0; i < block.frames.size(); ++i) {
        const auto n = static_cast<std::int64_t>(std::lround(block.frames[i].value[0] * 100));
        samples.push_back(n);
        bridged.push_back(block.bridged);
        const std::int64_t phase =
            block.time_first.plus_s(static_cast<double>(i) / rate).ns % 1'000'000'000;
        const std::int64_t off = phase - n % rate * (1'000'000'000 / rate);
        badly_timed += !block.bridged && std::abs(off) > 10 ? 1u : 0u;
      }
    }
  }
  std::int64_t sent() const { return samples.back() - samples.front() + 1; }
};

TEST_F(OverAWire, EveryBalanceIsExact) {
  using Samples = std::vector<std::int64_t>;
  TestStream lossy = named("LOSSY", 0x4000), twice = named("TWICE", 0x4001),
             mixed = named("MIXED", 0x4002), gap = named("GAP", 0x4003);
  gap.vlan = 4u << 13 | 5u;
  std::atomic<std::int64_t> gap_begin{-1};
  Traffic traffic(*sender,
                  {{lossy, [](std::int64_t n) { return n % 100 == 7 ? Samples{} : Samples{n}; }},
                   {twice,
                    [](std::int64_t n) {
                      return n % 50 == 3 ? Samples{n, n} : Samples{n};
                    }},
                   {mixed,
                    [](std::int64_t n) {
                      return n % 40 == 5 ? Samples{} : n % 40 == 6 ? Samples{n, n - 1} : Samples{n};
                    }},
                   {gap, [&](std::int64_t n) {
                      if (gap_begin < 0) gap_begin = n + 500;
                      return n >= gap_begin && n < gap_begin + 300 ? Samples{} : Samples{n};
                    }}});
  std::atomic<bool> over{false};
  const auto stopped = [&] { return over.load(); };
  std::vector<std::unique_ptr<StreamSource>> sources;
  for (const char* name : {"LOSSY", "TWICE@4001", "@4002", "GAP"}) {
    sources.push_back(open(name, stopped));
    ASSERT_TRUE(sources.back());
  }
  std::vector<std::optional<Received>> received(sources.size());
  std::vector<std::thread> readers;
  for (std::size_t i = 0; i < sources.size(); ++i)
    readers.emplace_back([&, i] { received[i].emplace(*sources[i]); });
  wait_for_frames(traffic.disturb(4'400));
  over = true;
  for (std::thread& reader : readers) reader.join();

  for (std::size_t i = 0; i < sources.size(); ++i) {
    const StreamBalance balance = sources[i]->balance();
    SCOPED_TRACE(sources[i]->info().description + ": " + text(balance, receiver->counts()));
    const Received& all = *received[i];
    EXPECT_TRUE(balance.balanced());
    EXPECT_EQ(static_cast<std::int64_t>(balance.samples.expected()), all.sent());
    EXPECT_EQ(all.samples.size(), balance.samples.delivered + balance.samples.bridged);
    EXPECT_EQ(all.gaps, balance.samples.gaps);
    EXPECT_EQ(all.badly_timed, 0u);
    EXPECT_EQ(balance.dropped_by_queue + balance.misfits + balance.samples.late, 0u);
    std::int64_t place = all.samples.front();
    for (std::size_t k = 0; k < all.samples.size(); ++k, ++place) {
      if (i == 3 && place == gap_begin) place += 300;
      ASSERT_EQ(all.samples[k], place) << "what is bridged lies on a straight line";
    }
  }
  EXPECT_EQ(sources[0]->balance().samples.bridged, 44u);
  EXPECT_EQ(sources[1]->balance().samples.duplicates, 88u);
  EXPECT_EQ(sources[2]->balance().samples.out_of_order, 110u);
  EXPECT_EQ(sources[3]->balance().samples.missed, 300u);
  EXPECT_EQ(receiver->counts().dropped_by_kernel + receiver->counts().malformed, 0u);
}

TEST_F(OverAWire, TheQueueThatIsFullDropsAndCounts) {
  const TestStream stream = named("MU01", 0x4000);
  std::int64_t n = 0;
  std::atomic<bool> read_out{false};  // the source ends when nothing waits
  std::unique_ptr<StreamSource> source;
  std::uint64_t sent = 0;
  {
    Traffic traffic(*sender, {{stream, [&](std::int64_t tick) {
                                 n = tick + 1;
                                 return std::vector{tick};
                               }}});
    source = open("MU01", [&] { return read_out.load(); });
    ASSERT_TRUE(source);
    sent = traffic.disturb(2);
  }
  // More than a second at once, while nobody reads; what is lost of it is less than half of one,
  // beyond which the arrivals would tell another second.
  for (int i = 0; i < 5'300; ++i) send(stream.frame(n++));
  wait_for_frames(sent += 5'300);
  read_out = true;
  const Received before(*source);
  for (int i = 0; i < 100; ++i) send(stream.frame(n++));
  wait_for_frames(sent += 100);
  const Received after(*source);
  const StreamBalance balance = source->balance();
  SCOPED_TRACE(text(balance, receiver->counts()));
  EXPECT_GT(balance.dropped_by_queue, 1'000u);
  EXPECT_TRUE(balance.balanced());
  EXPECT_EQ(balance.samples.lost(), balance.dropped_by_queue);
  EXPECT_EQ(balance.samples.gaps, 1u);
  EXPECT_EQ(static_cast<std::int64_t>(balance.samples.expected()),
            after.samples.back() - before.samples.front() + 1);
}

TEST_F(OverAWire, WhatTheKernelDropsIsCounted) {
  receiver.reset();
  auto ring = PacketRing::open("vb");
  ASSERT_TRUE(ring) << ring.error().text();
  constexpr std::size_t rounds = 1'600, in_a_round = 64;
  const std::vector<std::vector<std::uint8_t>> frames(in_a_round, TestStream{}.frame(0));
  std::uint64_t sent = 0, received = 0, dropped = 0;
  for (std::size_t i = 0; i < rounds; ++i) sent += sender->send(frames);
  const auto take = [&](const RingPacket&) { ++received; };
  while (ring->read(take)) {
  }
  dropped += ring->take_dropped();
  EXPECT_GT(dropped, 0u);
  // A machine with much to do may lose some on the wire. The last block comes a moment later.
  sent -= lost_on_the_wire();
  for (pollfd block{ring->descriptor(), POLLIN, 0};
       received + dropped<sent&& ::poll(&block, 1, 1'000)> 0;) {
    ring->read(take);
    dropped += ring->take_dropped();
  }
  EXPECT_EQ(received + dropped, sent);
}

TEST_F(OverAWire, AStreamThatIsNotThereIsRefusedWithThoseThatAre) {
  Traffic traffic(*sender, {{TestStream{}, [](std::int64_t n) { return std::vector{n}; }}});
  StreamOptions options;
  options.stream = "MU02";
  options.patience_s = 0.2;
  const auto source = StreamSource::open(receiver, options);
  traffic.disturb(1);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::not_found);
  EXPECT_NE(source.error().message.find("MU01@4000"), std::string::npos) << source.error().text();
}

TEST_F(OverAWire, AnInterfaceThatIsNotThereOrDownIsNamed) {
  EXPECT_EQ(Receiver::open("vc").error().code, ErrorCode::not_found);
  ASSERT_EQ(std::system("ip link set vb down"), 0);
  EXPECT_NE(Receiver::open("vb").error().message.find("is down"), std::string::npos);
}

TEST_F(OverAWire, AnInterfaceThatIsTakenAwayAndMadeAgainIsReadOn) {
  const Disturbed stream{named("MU01", 0x4000), [](std::int64_t n) { return std::vector{n}; }};
  const auto wait = [&](const std::function<bool()>& until) {
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!until() && std::chrono::steady_clock::now() < end)
      receiver->watch(std::chrono::milliseconds(20), [](const auto&) { return false; });
  };
  std::atomic<bool> over{false};
  std::optional<Traffic> traffic(std::in_place, *sender, std::vector{stream});
  auto source = open("MU01", [&] { return over.load(); });
  ASSERT_TRUE(source);
  std::optional<Received> received;
  std::thread reader([&] { received.emplace(*source); });
  traffic->disturb(400);
  traffic.reset();
  const std::uint64_t before = receiver->streams().at(0).frames;

  EXPECT_TRUE(system_test::remove_wire());
  wait([&] { return !receiver->trouble().empty(); });
  EXPECT_NE(receiver->trouble().find("vb: there is no such network interface"), std::string::npos);
  EXPECT_EQ(system_test::make_wire(), "");
  wait([&] { return receiver->counts().reopened == 1; });
  auto again = PacketSender::open("va");
  EXPECT_TRUE(again);
  traffic.emplace(*again, std::vector{stream});
  const std::uint64_t sent = traffic->disturb(800);
  wait([&] { return receiver->streams().at(0).frames >= before + sent; });
  EXPECT_EQ(receiver->trouble(), "");
  over = true;
  reader.join();

  const StreamBalance balance = source->balance();
  SCOPED_TRACE(text(balance, receiver->counts()));
  EXPECT_TRUE(balance.balanced());
  EXPECT_EQ(receiver->counts().reopened, 1u);
  EXPECT_EQ(received->gaps, 1u);
  EXPECT_EQ(balance.samples.gaps, 1u);
  EXPECT_GT(balance.samples.missed, 0u);
  EXPECT_EQ(received->samples.size(), balance.samples.delivered);
  EXPECT_EQ(received->badly_timed, 0u);
  EXPECT_EQ(balance.samples.expected(),
            static_cast<std::uint64_t>(
                std::llround(seconds_between(received->first, received->last) * rate)) +
                1)
      << "what was lost is what that time holds";
}

TEST_F(OverAWire, TheProgramPublishesListsAndMeasures) {
  using system_test::polyphase;
  const std::string scenario = system_test::write_file(
      "s.toml",
      "[scenario]\nname = \"clean\"\nsample_rate_hz = 4800\n[voltage]\nrms_v = 230\n"
      "[current]\nrms_a = 10\nlag_deg = 60\n");
  // Ends by itself if nobody ends it.
  const std::string publisher = system_test::folder() + "pid";
  ASSERT_EQ(std::system((POLYPHASE_PROGRAM " synth " + scenario +
                         " --publish va --streams 8 --asdu 2 --vlan 7 --duration 60 2>/dev/null & "
                         "echo $! >" +
                         publisher)
                            .c_str()),
            0);
  bool published = false;
  receiver->watch(std::chrono::seconds(20), [&](const auto& streams) {
    return published = streams.size() == 8 && streams[7].frames > 100;
  });
  ASSERT_TRUE(published);
  const auto list = polyphase("run --list-streams vb");
  EXPECT_EQ(list.status, 0) << list.err;
  ASSERT_EQ(list.lines().size(), 9u) << list.out;
  EXPECT_NE(list.lines()[8].find("POLYPHASE08"), std::string::npos) << list.out;
  EXPECT_NE(list.lines()[8].find("4007"), std::string::npos) << list.out;
  EXPECT_NE(list.lines()[8].find("  7     2        8    4800      1       1"), std::string::npos)
      << list.out;
  const auto run = polyphase("watch --sv vb:POLYPHASE03 --duration 2.2");
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.out.find("  230.00 V  10.00 A  3.450 kW"), std::string::npos) << run.out;
  EXPECT_NE(run.out.find(" expected = "), std::string::npos) << run.out;
  const auto several = polyphase("watch --sv vb --duration 1");
  EXPECT_EQ(several.status, 1) << several.err;
  EXPECT_NE(several.err.find("8 streams fit; choose one of"), std::string::npos) << several.err;
  EXPECT_EQ(std::system(("kill $(cat " + publisher + ")").c_str()), 0);
}

}  // namespace
}  // namespace polyphase::sources::sampled_values
