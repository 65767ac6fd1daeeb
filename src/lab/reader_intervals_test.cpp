#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>

#include "lab/reader.hpp"
#include "lab/session.hpp"
#include "sources/simulator/simulator.hpp"

// Rows of the whole meter: each has what belongs to its own interval, though some of it stands
// only after the interval's end.

namespace polyphase::lab {
namespace {

using registers::available;

struct Recording {
  std::string start;
  double duration_s = 0;
  std::string more;  ///< of the scenario: frequency, voltage, events
  std::size_t block_frames = 4'096;
};

const std::string voltage = "[voltage]\nrms_v = 230\n";

std::vector<Row> read(const Recording& recording, const std::vector<std::string>& labels,
                      Every every, const std::vector<std::string>& sets = {}) {
  auto scenario = sources::simulator::parse_scenario(
      fmt::format("[scenario]\nname = \"x\"\nsample_rate_hz = 2000\nduration_s = {}\nstart = "
                  "\"{}\"\nwiring = \"single\"\n{}",
                  recording.duration_s, recording.start, recording.more),
      "x.toml");
  EXPECT_TRUE(scenario) << scenario.error().text();
  sources::simulator::Simulator simulator(*scenario, recording.block_frames);
  MeterOptions meter;
  meter.nominal_voltage_v = 230;
  meter.wiring = "single";
  meter.sets = sets;
  Findings findings;
  auto engine = make_engine(meter, findings);
  EXPECT_TRUE(engine) << engine.error().text();
  EXPECT_TRUE((*engine)->start(simulator.info()));
  std::vector<Row> rows;
  auto reader =
      Reader::create(**engine, labels, every, [&](const Row& row) { rows.push_back(row); });
  EXPECT_TRUE(reader) << reader.error().message;
  (*engine)->observe(reader->get());
  for (SampleBlock block; *simulator.next(block);) (*engine)->process(block);
  (*engine)->finish();
  (*reader)->finish({});
  return rows;
}

// 49.9 Hz rising by 5 mHz a second, with a sag between 10 and 20 s.
const Recording ramp{"2026-01-01T12:00:00Z", 42,
                     voltage +
                         "[frequency]\npoints = [{ at_s = 0, hz = 49.9 }, { at_s = 60, hz = 50.2 "
                         "}]\n[[event]]\nkind = \"sag\"\nstart_s = 14\nduration_s = 0.1\npercent = "
                         "70\n"};

TEST(ReaderIntervals, TenSecondsShowTheFrequencyAndTheFlagOfTheSameTenSeconds) {
  const auto rows = read(ramp, {"Freq", "Power Freq 10s", "PqFlag 10s", "10s Ready", "Freq N"},
                         Every::ten_seconds, {"PQO1.EN50160 Enable=1"});
  ASSERT_EQ(rows.size(), 4u);
  for (std::size_t k = 0; k < 4; ++k) {
    const double mean_hz = 49.9 + 0.005 * (10.0 * static_cast<double>(k) + 5);
    EXPECT_NEAR(rows[k].values[0], mean_hz, 2e-4) << k;
    EXPECT_EQ(rows[k].values[1], rows[k].values[0]) << k;
    EXPECT_EQ(rows[k].values[2], k == 1 ? 1 : 0) << k;
    EXPECT_EQ(rows[k].values[3], static_cast<double>(k + 1));
    EXPECT_EQ(rows[k].values[4], k == 0 ? 1 : static_cast<double>(k)) << "the flagged one is none";
  }
}

TEST(ReaderIntervals, ThreeSecondsShowWhatWasEvaluatedOfThem) {
  Recording recording{"2026-01-01T12:00:00Z", 13,
                      voltage + "tones = [{ order = 5, percent = 10 }]\n"};
  const std::vector<std::string> labels{"V1-MSig N", "V1-Hrm Z1", "V-Hrm Z1", "V1 3s"};
  const std::vector<std::string> sets{"PQO1.EN50160 Enable=1", "PQO1.IEEE519 Enable=1",
                                      "MSE1.Frequency=420"};
  const auto rows = read(recording, labels, Every::three_seconds, sets);
  ASSERT_EQ(rows.size(), 4u);
  for (std::size_t k = 0; k < 4; ++k) {
    const auto count = static_cast<double>(k + 1);
    EXPECT_EQ(rows[k].values[0], count);
    EXPECT_EQ(rows[k].values[1], count);
    EXPECT_EQ(rows[k].values[2], 2 * count) << "of V1 and V2, calculated";
    EXPECT_NEAR(rows[k].values[3], 230 * std::sqrt(1.01), 0.01);
  }
  recording.block_frames = 17;
  const auto again = read(recording, labels, Every::three_seconds, sets);
  ASSERT_EQ(again.size(), rows.size());
  for (std::size_t k = 0; k < rows.size(); ++k) EXPECT_EQ(again[k].values, rows[k].values);
}

// The recording ends with the second tick: no window comes behind it.
TEST(ReaderIntervals, TenMinutesShowWhatWasEvaluatedOfThem) {
  const auto rows = read({"2026-01-01T12:00:00Z", 1'200, voltage},
                         {"V1-Mag N", "V1 10m", "Vln a", "Freq N", "10s Ready"}, Every::ten_minutes,
                         {"PQO1.EN50160 Enable=1"});
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].values[3], 60) << "of ten seconds";
  for (std::size_t k = 0; k < 2; ++k) {
    EXPECT_EQ(rows[k].values[0], static_cast<double>(k + 1));
    EXPECT_EQ(rows[k].values[4], static_cast<double>(60 * (k + 1)));
    EXPECT_NEAR(rows[k].values[1], 230, 1e-3);
    EXPECT_NEAR(rows[k].values[2], rows[k].values[1], 1e-9);
  }
}

// What is low for longer than a minute is the supply's voltage, whatever interrupted it.
TEST(ReaderIntervals, TenMinutesOfALowVoltageCountButThoseOfAnInterruption) {
  const Recording recording{
      "2026-01-01T11:59:30Z", 1'860,
      voltage +
          "[[event]]\nkind = \"interruption\"\nstart_s = 20\nduration_s = 2\n"
          "[[event]]\nkind = \"sag\"\nstart_s = 22\nduration_s = 1830\npercent = 84\n"
          "[[event]]\nkind = \"interruption\"\nstart_s = 900\nduration_s = 2\n"};
  const auto rows = read(recording, {"Valid 10m", "PqFlag 10m", "V1 10m"}, Every::ten_minutes);
  ASSERT_EQ(rows.size(), 3u);
  for (std::size_t k = 0; k < 3; ++k) {
    EXPECT_EQ(rows[k].values[0], k == 1 ? 0 : 1) << k;
    EXPECT_EQ(rows[k].values[1], 1);
  }
  EXPECT_NEAR(rows[2].values[2], 0.84 * 230, 1e-3);
}

TEST(ReaderIntervals, WhatIsLeftBetweenTwoInterruptionsIsNoLowVoltage) {
  const Recording recording{
      "2026-01-01T12:00:00Z", 150,
      voltage +
          "[[event]]\nkind = \"interruption\"\nstart_s = 5\nduration_s = 61\n"
          "[[event]]\nkind = \"sag\"\nstart_s = 66\nduration_s = 9\npercent = 20\n"
          "[[event]]\nkind = \"interruption\"\nstart_s = 75\nduration_s = 61\n"};
  const auto rows = read(recording, {"Valid 3s", "V1 3s"}, Every::three_seconds);
  std::size_t valid = 0;
  for (const Row& row : rows)
    if (row.values[0] != 0) {
      ++valid;
      EXPECT_NEAR(row.values[1], 230, 0.01);
    }
  EXPECT_GE(valid, 3u) << "before and behind";
}

// Single orders hang on the spectrum of the aggregator, not on its pulse.
TEST(ReaderIntervals, TenMinutesShowTheSingleOrdersOfTheSameTenMinutes) {
  const Recording recording{"2026-01-01T11:59:30Z", 1'260,
                            voltage +
                                "[[event]]\nkind = \"mains-signal\"\nstart_s = 630\n"
                                "order = 5\npercent = 3\n"};
  const auto rows = read(recording, {"V1 H5 mag 10m", "V1 THD 10m", "V1 10m"}, Every::ten_minutes);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_NEAR(rows[0].values[0], 0, 0.05) << "but for the window across the tick";
  EXPECT_NEAR(rows[1].values[0], 6.9, 2e-3);
  for (const Row& row : rows)
    EXPECT_NEAR(row.values[1], 100 * row.values[0] / 230, 2e-3) << "the same ten minutes";
}

TEST(ReaderIntervals, TenSecondsShowTheTenMinutesThatEndWithThem) {
  const auto rows =
      read({"2026-01-01T11:59:40Z", 632, voltage}, {"V1 10m", "10m Ready", "V1-Mag N"},
           Every::ten_seconds, {"PQO1.EN50160 Enable=1"});
  ASSERT_EQ(rows.size(), 63u);
  EXPECT_EQ(rows[1].values[1], 1) << "the one of which 20 s are there";
  EXPECT_EQ(rows[60].values[1], 1);
  EXPECT_EQ(rows[61].values[1], 2);
  EXPECT_EQ(rows[60].values[2], 0) << "it was not valid";
  EXPECT_EQ(rows[61].values[2], 1);
}

TEST(ReaderIntervals, ThreeSecondsThatEndBehindATickAreOfTheNextRow) {
  const auto rows = read({"2026-01-01T12:00:00Z", 62, voltage}, {"3s Ready"}, Every::ten_seconds);
  ASSERT_EQ(rows.size(), 6u);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    constexpr double locked_in_s = 0.02;  // or a little later: 30 s end behind the tick
    EXPECT_EQ(rows[k].values[0], std::floor((10.0 * static_cast<double>(k + 1) - locked_in_s) / 3));
  }
}

TEST(ReaderIntervals, AWindowThatStraddlesTheFirstTickIsNotOfTheTenMinutesBehindIt) {
  const auto rows = read({"2026-01-01T11:59:58.05Z", 603,
                          voltage + "[[event]]\nkind = \"sag\"\nstart_s = 0\nduration_s = "
                                    "1.95\npercent = 50\n"},
                         {"Vln a", "V1 10m"}, Every::ten_minutes);
  ASSERT_EQ(rows.size(), 1u);
  EXPECT_NEAR(rows[0].values[0], 230, 1e-3);
  EXPECT_NEAR(rows[0].values[0], rows[0].values[1], 1e-9);
}

// The aggregator is off: nothing that it would tell is waited for.
TEST(ReaderIntervals, ARowIsNotHeldBackByAPulseThatNeverComes) {
  const auto rows =
      read(ramp, {"Power Freq 10s", "Freq"}, Every::ten_seconds, {"PQO1.4-30 Enable=0"});
  ASSERT_EQ(rows.size(), 4u);
  EXPECT_FALSE(available(rows[3].values[0]));
  EXPECT_TRUE(available(rows[3].values[1]));
}

}  // namespace
}  // namespace polyphase::lab
