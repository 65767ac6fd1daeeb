#include "lab/live.hpp"

#include <gtest/gtest.h>

#include <chrono>

#include "lab/synth.hpp"

namespace polyphase::lab {
namespace {

struct Shown {
  std::string text;
  Result<void> done;
};

Shown run(const LiveOptions& options, const MeterOptions& meter = {}, bool stopped = false) {
  Shown shown;
  auto scenario = default_scenario();
  scenario->start = *parse_iso8601("2026-01-01T00:00:00Z");
  const std::atomic<bool> stop{stopped};
  const Output output{[&](std::string_view text) { return shown.text += text, true; }, {}};
  shown.done = run_live(*scenario, meter, options, stop, output);
  return shown;
}

LiveOptions flat_out(double duration_s) {
  LiveOptions options;
  options.speed = 0;
  options.duration_s = duration_s;
  return options;
}

TEST(Live, ShowsALineForEachSecond) {
  const Shown shown = run(flat_out(4));
  ASSERT_TRUE(shown.done);
  for (const char* time : {"00:00:01Z  2", "00:00:02Z  2", "00:00:03Z  2"})
    EXPECT_NE(shown.text.find(time), std::string::npos) << time << "\n" << shown.text;
}

TEST(Live, EndsWithThePage) {
  const std::string text = run(flat_out(3)).text;
  EXPECT_NE(text.find("power factor"), std::string::npos);
  EXPECT_NE(text.find("latest events"), std::string::npos);
}

TEST(Live, APageKeepsItsPlaceOnATerminal) {
  LiveOptions options = flat_out(3);
  options.redraw = true;
  const std::string text = run(options).text;
  EXPECT_EQ(text.find("\x1b[2J\x1b[H"), 0u);
  EXPECT_EQ(text.find("\x1b[2J", 1), std::string::npos);
}

TEST(Live, StopsWhenToldTo) {
  const Shown shown = run(flat_out(1e6), {}, true);
  EXPECT_TRUE(shown.done);
}

TEST(Live, RunsAtThePaceAskedFor) {
  LiveOptions options = flat_out(1.5);
  options.speed = 100;
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(run(options).done);
  EXPECT_GE(std::chrono::steady_clock::now() - began, std::chrono::milliseconds(14));
}

TEST(Live, TellsThatAnOptionDoesNotFit) {
  MeterOptions meter;
  meter.sets = {"PM1.No Such Thing=1"};
  const Shown shown = run(flat_out(1), meter);
  ASSERT_FALSE(shown.done);
  EXPECT_EQ(shown.done.error().code, ErrorCode::not_found);
}

TEST(Live, TellsThatTheOutputIsClosed) {
  const std::atomic<bool> stop{false};
  const Output closed{[](std::string_view) { return false; }, {}};
  const auto done = run_live(*default_scenario(), {}, flat_out(1e6), stop, closed);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace polyphase::lab
