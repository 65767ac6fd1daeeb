// What the data recorders of the supplied template record, against closed forms.
#include <map>

#include "property/allocations.hpp"
#include "property/meter.hpp"
#include "recorder/recorder.hpp"

namespace polyphase::property {
namespace {

using Sets = std::vector<std::pair<std::string, std::string>>;

struct Kept {
  Instant time;
  std::vector<double> values;
  bool flagged = false;  ///< any of the values
};

/// A meter, and what its data recorders told, by the name of the log.
class Logging : public Meter {
 public:
  using Retained = std::vector<std::pair<std::string, double>>;
  explicit Logging(Sets sets = {}, std::string_view tier = "advanced",
                   const Retained& retained = {}, double sample_rate_hz = rate_hz)
      : Meter(sample_rate_hz, std::move(sets), tier) {
    for (const auto& [name, value] : retained) engine->restore(name, value);
    listener.recorded = [this](const registers::LogRecord& record) {
      const registers::RegisterTable& table = engine->registers();
      std::vector<double> values;
      bool flagged = false;
      for (const auto& value : record.values) {
        values.push_back(value.number);
        flagged = flagged || value.quality.has(Quality::disturbed);
      }
      std::vector<std::string>& labels = columns[table.info(record.log).label];
      labels.clear();
      for (const auto column : record.columns) labels.push_back(table.info(column).label);
      logs[table.info(record.log).label].push_back({record.time, values, flagged});
    };
    start();
  }

  static constexpr double rate_hz = 1600;
  std::map<std::string, std::vector<Kept>> logs;
  std::map<std::string, std::vector<std::string>> columns;
};

/// The same second again and again, calculated once.
Signal repeated(const Signal& second) {
  std::vector<Frame> frames;
  for (int i = 0; i < static_cast<int>(Logging::rate_hz); ++i)
    frames.push_back(second(i / Logging::rate_hz));
  return [frames = std::move(frames)](double t) {
    return frames[static_cast<std::size_t>(std::llround(t * Logging::rate_hz)) % frames.size()];
  };
}

const Sets ten_seconds{{"PT1.Period", "10"}};

double cosine(double deg) { return std::cos(deg * std::numbers::pi / 180); }
double sine(double deg) { return std::sin(deg * std::numbers::pi / 180); }

// Covers: LOG-101, LOG-109, LOG-110
TEST(DataLogs, RecordAnHourOfConstantLoadOnTheQuarterHours) {
  constexpr double quarter_h = 0.25, start_s = 897, lag_deg = 30, current_a = 100, voltage_v = 230;
  const double kva = 3 * voltage_v * current_a / 1000;
  Logging meter;
  const Signal load = repeated(three_phase({.current_a = current_a, .lag_deg = lag_deg}));
  meter.gap(start_s, load, 3 + 3'600 + 1);
  for (const char* log : {"Billing Log", "Loss Log", "EgyDmd Log"}) {
    SCOPED_TRACE(log);
    const auto& records = meter.logs[log];
    ASSERT_EQ(records.size(), 5u) << "that of the start, and four";
    for (std::size_t i = 0; i < records.size(); ++i)
      EXPECT_EQ(to_iso8601(records[i].time),
                to_iso8601(Instant{}.plus_s(900 * static_cast<double>(i + 1))));
  }
  for (std::size_t i = 1; i < 5; ++i) {
    const auto& billing = meter.logs["Billing Log"][i].values;
    ASSERT_EQ(billing.size(), 4u);
    EXPECT_NEAR(billing[0] / (kva * cosine(lag_deg) * quarter_h), 1, 1e-6);
    EXPECT_EQ(billing[1], 0);
    EXPECT_NEAR(billing[2] / (kva * sine(lag_deg) * quarter_h), 1, 1e-6);
    EXPECT_EQ(billing[3], 0);
    const auto& loss = meter.logs["Loss Log"][i].values;
    ASSERT_EQ(loss.size(), 9u);
    for (std::size_t c = 0; c < 9; ++c) {
      const double of = c < 3 ? current_a * current_a : voltage_v * voltage_v * (c < 6 ? 3 : 1);
      EXPECT_NEAR(loss[c] / (of * quarter_h), 1, 1e-6) << meter.columns["Loss Log"][c];
    }
    const auto& before = meter.logs["EgyDmd Log"][i - 1].values;
    const auto& now = meter.logs["EgyDmd Log"][i].values;
    ASSERT_EQ(now.size(), 10u);
    EXPECT_NEAR(now[0] - before[0], billing[0], 1e-9 * billing[0]) << "the same 900 seconds";
    EXPECT_NEAR(now[7], kva * cosine(lag_deg), 1e-5 * kva) << "the demand of that quarter hour";
  }
  EXPECT_EQ(
      meter.columns["Billing Log"],
      (std::vector<std::string>{"kWh del int", "kWh rec int", "kVARh del int", "kVARh rec int"}));
  EXPECT_EQ(meter.columns["EgyDmd Log"],
            (std::vector<std::string>{"kWh del", "kWh rec", "kWh del-rec", "kVARh del", "kVARh rec",
                                      "kVARh del-rec", "kVAh del+rec", "kW sd del-rec",
                                      "kVAR sd del-rec", "kVA sd del+rec"}));
  EXPECT_EQ(meter.columns["Loss Log"],
            (std::vector<std::string>{"UC Ia^2h int", "UC Ib^2h int", "UC Ic^2h int",
                                      "MU Vllab^2h int", "MU Vllbc^2h int", "MU Vllca^2h int",
                                      "UC Vln a^2h int", "UC Vln b^2h int", "UC Vln c^2h int"}));
}

// Covers: LOG-115, LOG-120, LOG-126, LOG-133, LOG-136
TEST(DataLogs, KeepTheIntervalsOfIec61000430OnTheTicksOfTheClock) {
  Logging meter(Sets{{"FAC1.Nominal Voltage", "230"}});
  const Signal load = repeated(three_phase({.voltage_v = 227.7, .current_a = 5}));
  meter.gap(7'195, load, 5 + 605);
  const auto times = [&](const char* log) {
    std::vector<double> seconds;
    for (const Kept& record : meter.logs[log]) seconds.push_back(seconds_between({}, record.time));
    return seconds;
  };
  for (const char* log : {"4-30 10mRMS Log", "4-30 10mTHD Log"})
    EXPECT_EQ(times(log), (std::vector<double>{7'200, 7'800})) << log;
  for (const char* log : {"4-30 2hrRMS Log", "4-30 2hrTHD Log"})
    EXPECT_EQ(times(log), (std::vector<double>{7'200})) << log;
  EXPECT_EQ(times("4-30 10s Freq").size(), 61u) << "from 7 200 s, which is N/A, to 7 800 s";

  const std::vector<double>& rms = meter.logs["4-30 10mRMS Log"].at(1).values;
  ASSERT_EQ(rms.size(), 14u);
  for (std::size_t v = 1; v <= 3; ++v) EXPECT_NEAR(rms[v], 227.7, 1e-3);
  for (std::size_t i = 4; i <= 6; ++i) EXPECT_NEAR(rms[i], 5, 1e-4);
  for (std::size_t under = 7; under < 13; under += 2) {
    EXPECT_NEAR(rms[under], 1, 1e-5) << meter.columns["4-30 10mRMS Log"][under];
    EXPECT_NEAR(rms[under + 1], 0, 1e-12) << meter.columns["4-30 10mRMS Log"][under + 1];
  }
  EXPECT_NEAR(rms[13], 50, 1e-6);
  EXPECT_EQ(meter.columns["4-30 10s Freq"],
            (std::vector<std::string>{"Power Freq 10s", "PqFlag 10s"}));
  EXPECT_EQ(meter.logs["4-30 10mTHD Log"].at(1).values.size(), 11u);
}

// Covers: LOG-125, LOG-137, PQ-021
TEST(DataLogs, KeepThreeSecondsUnlessToldNotTo) {
  Logging meter(Sets{{"FAC1.Nominal Voltage", "230"}});
  meter.feed(repeated(three_phase({.harmonics = {{5, 6, 3, 0}}})), 61);
  EXPECT_EQ(meter.logs["4-30 3s RMS Log"].size(), 20u) << "20 a minute";
  ASSERT_EQ(meter.logs["4-30 3s THD Log"].size(), 20u);
  const std::vector<double>& thd = meter.logs["4-30 3s THD Log"].back().values;
  ASSERT_EQ(thd.size(), 11u);
  EXPECT_EQ(thd[0], 0) << "not flagged";
  for (std::size_t i = 1; i <= 6; ++i) EXPECT_NEAR(thd[i], i <= 3 ? 6 : 3, 1e-3);
  Logging off(Sets{{"PQO1.Log 4-30 3s", "off"}});
  off.feed(repeated(three_phase({})), 10);
  EXPECT_EQ(off.logs["4-30 3s RMS Log"].size(), 0u);
}

// Covers: LOG-013, LOG-129, LOG-139, LOG-140, LOG-142, LOG-143, LOG-144, LOG-145, TIR-006
TEST(DataLogs, HoldEachOrderOfTenMinutesOnAdvancedAlone) {
  constexpr double rate_hz = 6'400, interharmonic_v = 0.92;
  const auto percent = [](unsigned h, bool current) { return (current ? 6 : 3) - 0.05 * h; };
  Load load{.current_a = 50};
  for (unsigned h = 2; h <= 50; ++h)
    load.harmonics.push_back({static_cast<double>(h), percent(h, false), percent(h, true), 0});
  load.harmonics.push_back({3.5, 100 * interharmonic_v / 230, 0, 0});
  const Signal signal = three_phase(load);
  const Sets sets{{"FAC1.Nominal Voltage", "230"}, {"PQO1.EN50160 Enable", "on"}};
  Logging meter(sets, "advanced", {}, rate_hz), standard(sets, "standard", {}, rate_hz);
  meter.gap(595, signal, 6);
  standard.gap(595, signal, 6);
  for (const std::string channel : {"V1", "V2", "V3", "I1", "I2", "I3"}) {
    SCOPED_TRACE(channel);
    const std::string log = channel + " Hrm 1-50";
    const bool current = channel[0] == 'I';
    const double first = current ? 50 : 230;
    ASSERT_EQ(meter.logs[log].size(), 1u);
    EXPECT_EQ(meter.logs[log][0].time, Instant{}.plus_s(600));
    EXPECT_FALSE(meter.logs[log][0].flagged);
    const std::vector<double>& orders = meter.logs[log][0].values;
    ASSERT_EQ(orders.size(), 51u);
    EXPECT_EQ(orders[50], 0);
    EXPECT_EQ(meter.columns[log][50], "PqFlag 10m");
    EXPECT_NEAR(orders[0], first, 1e-3 * first);
    for (unsigned h = 2; h <= 50; ++h)
      EXPECT_NEAR(orders[h - 1], first * percent(h, current) / 100, 1e-4 * first) << h;
    EXPECT_EQ(meter.columns[log][4], channel + " H5 mag 10m");
    EXPECT_EQ(meter.unit(meter.columns[log][4]), current ? "A" : "V");
    EXPECT_EQ(standard.logs.count(log), 0u);
  }
  const auto& between = meter.logs["EN50160 Ihm Vlt"];
  ASSERT_EQ(between.size(), 1u);
  ASSERT_EQ(between[0].values.size(), 1u + 3 * 16);
  EXPECT_EQ(meter.columns["EN50160 Ihm Vlt"][1 + 16 + 3], "V2 IH3 10m");
  for (std::size_t i = 1; i < between[0].values.size(); ++i) {
    const bool there = (i - 1) % 16 == 3;
    EXPECT_NEAR(between[0].values[i], there ? 100 * interharmonic_v / 230 : 0, 1e-3) << i;
  }
  EXPECT_EQ(standard.logs.count("EN50160 Ihm Vlt"), 0u);
  EXPECT_EQ(standard.logs.count("EN50160 Hrm Vlt"), 1u);
}

TEST(DataLogs, HoldOrdersAsRootOfTheMeanOfSquaresAndMarkWhatIsFlagged) {
  Logging meter(Sets{{"FAC1.Nominal Voltage", "230"}});
  const auto fifth = [](double percent) {
    return repeated(three_phase({.harmonics = {{5, percent, 0, 0}}}));
  };
  meter.feed(fifth(4), 300).feed(fifth(2), 301);
  meter.gap(
      594,
      [steady = fifth(2)](double t) {
        Frame frame = steady(t);
        if (t > 603 && t < 603.1) frame.value[1] *= 0.6f;
        return frame;
      },
      6);
  for (const char* log : {"V1 Hrm 1-50", "I1 Hrm 1-50"}) {
    ASSERT_EQ(meter.logs[log].size(), 2u) << log;
    EXPECT_FALSE(meter.logs[log][0].flagged) << log;
    EXPECT_TRUE(meter.logs[log][1].flagged) << log;
    EXPECT_EQ(meter.logs[log][0].values.back(), 0) << log;
    EXPECT_EQ(meter.logs[log][1].values.back(), 1) << log;
  }
  const std::vector<double>& orders = meter.logs["V1 Hrm 1-50"][0].values;
  EXPECT_NEAR(orders[4], 2.3 * std::sqrt((16 + 4) / 2.0), 0.01);
  EXPECT_TRUE(std::isnan(orders[49])) << "beyond half the sample rate";
}

// The second that opens an interval counts as much as any other.
//
// Covers: LOG-102, LOG-103, LOG-104
TEST(DataLogs, HoldMeanHighAndLowOfEachSecondOfTheIntervalAndOfNoOther) {
  for (const double at : {20.0, 24.0, 29.0}) {
    SCOPED_TRACE(at);
    Logging meter(ten_seconds);
    const Signal usual = three_phase({.voltage_v = 200}), bump = three_phase({.voltage_v = 220}),
                 dip = three_phase({.voltage_v = 190});
    const auto seconds = [&](double t) {
      const double s = std::floor(t + 1e-9);
      return s == at ? bump(t) : s == at + 10 ? dip(t) : usual(t);
    };
    meter.feed(seconds, 51);
    const auto mean = meter.logs["Hist Mean Log"], high = meter.logs["Hist High Log"],
               low = meter.logs["Hist Low Log"];
    ASSERT_EQ(mean.size(), 5u);
    ASSERT_EQ(high.size(), 5u);
    ASSERT_EQ(low.size(), 5u);
    const double root3 = std::sqrt(3);
    const auto expect = [&](std::size_t record, double mean_v, double high_v, double low_v) {
      // A second shares the half cycles at its edges with its neighbours.
      constexpr double edges_v = 0.4;
      EXPECT_NEAR(mean[record].values[0] / root3, mean_v, edges_v / 10) << record;
      EXPECT_NEAR(high[record].values[0] / root3, high_v, edges_v) << record;
      EXPECT_NEAR(low[record].values[0] / root3, low_v, edges_v) << record;
    };
    expect(1, 200, 200, 200);
    expect(2, 202, 220, 200);
    expect(3, 199, 200, 190);
    expect(4, 200, 200, 200);
    for (const auto& [log, word] :
         {std::pair{"Hist Mean Log", "mean"}, {"Hist High Log", "high"}, {"Hist Low Log", "low"}}) {
      std::vector<std::string> labels;
      for (const char* quantity :
           {"Vll ab", "Vll bc", "Vll ca", "Vll avg", "V unbal", "I a", "I b", "I c", "I avg", "I 4",
            "kW tot", "kVAR tot", "kVA tot", "PF lag", "PF lead", "Freq"})
        labels.push_back(std::string(quantity) + " " + word);
      EXPECT_EQ(meter.columns[log], labels);
    }
  }
}

// Covers: LOG-107, LOG-108, TIR-013
TEST(DataLogs, HoldMeanAndHighestWindowOfDistortionAndKFactorOfEachHour) {
  constexpr unsigned order = 5;
  const auto percent = [](double t) {
    const double s = std::floor(t + 1e-9);
    return s == 13 || s == 20 ? 8.0 : s < 15 ? 4.0 : 2.0;
  };
  std::map<double, Signal> levels;
  for (const double level : {2.0, 4.0, 8.0})
    levels[level] = repeated(three_phase({.harmonics = {{order, level, 2 * level, 0}}}));
  Logging meter(Sets{{"PT2.Period", "10"}}, "standard");
  meter.feed([&](double t) { return levels[percent(t)](t); }, 31);
  const auto mean = meter.logs["Harm Mean Log"], high = meter.logs["Harm High Log"];
  ASSERT_EQ(mean.size(), 3u);
  ASSERT_EQ(high.size(), 3u);
  const auto k_factor = [](double level) {
    const double square = level * level / 1e4;
    return (1 + order * order * square) / (1 + square);
  };
  const auto expect = [&](std::size_t record, std::initializer_list<double> seconds) {
    double thd = 0, k = 0, highest = 0;
    for (const double level : seconds) {
      thd += level / 10;
      k += k_factor(2 * level) / 10;
      highest = std::max(highest, level);
    }
    for (std::size_t c = 0; c < 3; ++c) {
      // One window in fifty lies across the edge of a level.
      EXPECT_NEAR(mean[record].values[c], thd, 0.02 * highest) << record;
      EXPECT_NEAR(mean[record].values[3 + c], 2 * thd, 0.04 * highest) << record;
      EXPECT_NEAR(mean[record].values[6 + c], k, 0.02 * k) << record;
      EXPECT_NEAR(high[record].values[c], highest, 0.01 * highest) << record;
      EXPECT_NEAR(high[record].values[3 + c], 2 * highest, 0.02 * highest) << record;
      EXPECT_NEAR(high[record].values[6 + c], k_factor(2 * highest), 0.01) << record;
    }
  };
  expect(0, {4, 4, 4, 4, 4, 4, 4, 4, 4, 4});
  expect(1, {4, 4, 4, 8, 4, 2, 2, 2, 2, 2});
  expect(2, {8, 2, 2, 2, 2, 2, 2, 2, 2, 2});
  for (const auto& [log, word] : {std::pair{"Harm Mean Log", "mean"}, {"Harm High Log", "high"}}) {
    std::vector<std::string> labels;
    for (const char* quantity : {"V1 THD", "V2 THD", "V3 THD", "I1 THD", "I2 THD", "I3 THD",
                                 "I1 K Fac", "I2 K Fac", "I3 K Fac"})
      labels.push_back(std::string(quantity) + " " + word);
    EXPECT_EQ(meter.columns[log], labels);
  }

  Logging hourly(Sets{}, "advanced"), essential(Sets{}, "essential");
  for (Logging* each : {&hourly, &essential}) each->gap(3'597, levels[2], 5);
  ASSERT_EQ(hourly.logs["Harm Mean Log"].size(), 1u);
  EXPECT_EQ(hourly.logs["Harm Mean Log"][0].time, Instant{}.plus_s(3'600));
  EXPECT_FALSE(essential.engine->registers().find("Harm Mean Log"));
  EXPECT_FALSE(essential.engine->registers().find("Harm High Log"));
}

const Sets half_cycles{{"FAC1.Nominal Voltage", "230"}, {"PQO1.Log Sag/Swell HS", "on"}};

/// Phase a at 70 % for a time.
Signal sag(double from_s, double duration_s) {
  return [=, steady = repeated(three_phase({}))](double t) {
    Frame frame = steady(t);
    if (t >= from_s && t < from_s + duration_s) frame.value[0] *= 0.7f;
    return frame;
  };
}

// Covers: LOG-105, PQ-010, PQ-011
TEST(DataLogs, HoldOneRecordOfEachDisturbanceOnEveryTier) {
  for (const char* tier : {"essential", "standard", "advanced"}) {
    Logging meter(Sets{{"FAC1.Nominal Voltage", "230"}, {"DR5.Depth", "7"}}, tier);
    std::uint32_t depth = 0;
    meter.listener.recorded = [&meter, &depth,
                               keep = meter.listener.recorded](const registers::LogRecord& record) {
      if (meter.engine->registers().info(record.log).label == "Sag/Swell Log") depth = record.depth;
      keep(record);
    };
    meter.feed(sag(2, 0.1), 4);
    const auto& records = meter.logs["Sag/Swell Log"];
    ASSERT_EQ(records.size(), 1u) << tier;
    EXPECT_EQ(depth, 7u);
    const std::vector<double>& values = records[0].values;
    ASSERT_EQ(values.size(), 16u);
    EXPECT_NEAR(values[0], 0.11, 1e-3);
    EXPECT_NEAR(values[1], 70, 0.1);
    EXPECT_NEAR(values[5], 100, 0.1) << "phase b had no part";
    // The energy of 70 % for 0.1 s, half cycles at the edges besides.
    EXPECT_NEAR(values[4], 0.1 * 100 * (1 - 0.49), 0.6);
    EXPECT_EQ(values[13], 230);
    EXPECT_EQ(values[14], 110);
    EXPECT_EQ(values[15], 90);
    std::vector<std::string> labels{"SS1 DistDur"};
    for (const char* phase : {"V1", "V2", "V3"})
      for (const char* of : {"Min", "Max", "Avg", "Engy"})
        labels.push_back(std::string("SS1 Dist") + phase + of);
    for (const char* label : {"SS1 DistNominal", "SS1 Swell Lim", "SS1 Sag Lim"})
      labels.emplace_back(label);
    EXPECT_EQ(meter.columns["Sag/Swell Log"], labels);
  }
}

// Covers: LOG-006, LOG-106, TIR-016, PQ-010, PQ-011
TEST(DataLogs, HoldTheHalfCyclesAroundADisturbanceWhereThatIsOn) {
  constexpr double half_s = 0.01, from_s = 2, before_s = 1, behind_s = 1;
  for (const double duration_s : {0.1, 2.5}) {
    SCOPED_TRACE(duration_s);
    const bool apart = duration_s > before_s + behind_s;
    Logging meter(half_cycles, "standard");
    meter.feed(sag(from_s, duration_s), from_s + duration_s + 2);
    const auto& records = meter.logs["Sg/Sw HS Log"];
    // The first window below the limit ends half a cycle behind the edge, the last a whole one.
    const double trigger_s = from_s + half_s, end_s = from_s + duration_s + 2 * half_s;
    const double from = seconds_between({}, records.front().time),
                 to = seconds_between({}, records.back().time);
    EXPECT_NEAR(from, trigger_s - before_s, 1.5 * half_s);
    EXPECT_NEAR(to, end_s + behind_s, 1.5 * half_s);
    if (apart)
      EXPECT_EQ(records.size(), 2u * 201u);
    else
      EXPECT_NEAR(static_cast<double>(records.size()), (to - from) / half_s + 1, 0.1);
    std::size_t gaps = 0;
    for (std::size_t i = 1; i < records.size(); ++i) {
      const double step_s = seconds_between(records[i - 1].time, records[i].time);
      if (step_s > 1.5 * half_s) ++gaps;
      EXPECT_GT(step_s, 0.9 * half_s);
    }
    EXPECT_EQ(gaps, apart ? 1u : 0u);
    for (const Kept& record : records) {
      ASSERT_EQ(record.values.size(), 11u);
      const double t = seconds_between({}, record.time);
      const bool inside = t > from_s + 2.5 * half_s && t < from_s + duration_s - half_s;
      const bool outside = t < from_s - half_s || t > from_s + duration_s + 3.5 * half_s;
      if (inside || outside) {
        EXPECT_NEAR(record.values[0], inside ? 161 : 230, 0.1) << t;
      }
      EXPECT_NEAR(record.values[1], 230, 0.1) << t;
      EXPECT_NEAR(record.values[6], 100, 0.1) << t;
      EXPECT_NEAR(record.values[9], 50, 0.1) << t;
    }
    EXPECT_EQ(meter.columns["Sg/Sw HS Log"],
              (std::vector<std::string>{"HS Vln a", "HS Vln b", "HS Vln c", "HS Vll ab",
                                        "HS Vll bc", "HS Vll ca", "HS I a", "HS I b", "HS I c",
                                        "HS Freq", "Vavg Sliding Ref Voltage"}));
  }
  Logging supplied(Sets{{"FAC1.Nominal Voltage", "230"}});
  supplied.feed(sag(2, 0.1), 4);
  EXPECT_EQ(supplied.logs.count("Sg/Sw HS Log"), 0u);
  EXPECT_TRUE(supplied.engine->registers().find("Sg/Sw HS Log"));
  EXPECT_FALSE(Meter(1'600, {}, "essential").engine->registers().find("Sg/Sw HS Log"));
}

// Covers: LOG-138, TIR-018
TEST(DataLogs, HoldTheNominalValuesOfEachDay) {
  constexpr double day_s = 86'400;
  for (const char* tier : {"standard", "advanced"}) {
    Logging meter(Sets{{"FAC1.Nominal Voltage", "230"}}, tier);
    const Signal load = repeated(three_phase({}));
    meter.gap(day_s - 30, load, 20);
    EXPECT_EQ(meter.logs.count("DailyNom Log"), 0u);
    meter.feed(load, 60);
    const auto& records = meter.logs["DailyNom Log"];
    ASSERT_EQ(records.size(), 1u) << tier;
    EXPECT_NEAR(seconds_between({}, records[0].time), day_s, 10);
    EXPECT_EQ(records[0].values, (std::vector<double>{230, 50}));
    EXPECT_EQ(meter.columns["DailyNom Log"],
              (std::vector<std::string>{"FAC1 Vnominal", "FAC1 NomFreqNum"}));
  }
  EXPECT_FALSE(Meter(1'600, {}, "essential").engine->registers().find("DailyNom Log"));
}

// Covers: LOG-012, TIR-017
TEST(DataLogs, OfTheEssentialTierHaveNoHistory) {
  Logging meter(ten_seconds, "essential");
  meter.feed(three_phase({}), 11);
  EXPECT_EQ(meter.logs.size(), 3u);
  EXPECT_EQ(meter.logs.count("Billing Log"), 1u);
  EXPECT_EQ(meter.logs.count("Hist Mean Log"), 0u);
  Logging standard(ten_seconds, "standard");
  standard.feed(three_phase({}), 11);
  EXPECT_EQ(standard.logs.size(), 10u)
      << "history, IEC 61000-4-30 of 3 s and 10 s, and of the day that ended before, besides";
  EXPECT_EQ(standard.logs.count("Hist Mean Log"), 1u);
}

// Covers: LOG-016
TEST(DataLogs, AreClearedByAChangeOfTheirOwnRecorderAlone) {
  Logging meter(ten_seconds);
  std::vector<std::string> cleared;
  meter.listener.recorded = [&](const registers::LogRecord& record) {
    if (record.begins_anew && record.columns.empty())
      cleared.push_back(meter.engine->registers().info(record.log).label);
  };
  meter.feed(three_phase({}), 11);
  meter.command(control::Command::Kind::write, "DR10.Depth", "100");
  meter.feed(three_phase({}), 2);
  EXPECT_EQ(cleared, std::vector<std::string>{"EgyDmd Log"});
  meter.command(control::Command::Kind::link, "DR1.Source 4", "");
  meter.feed(three_phase({}), 2);
  EXPECT_EQ(cleared, (std::vector<std::string>{"EgyDmd Log", "Billing Log"}));
}

// The power fails right behind a record: its energies must not be those of the next one, too.
TEST(DataLogs, CountNoEnergyInTwoIntervalsWhenTheMeterIsRestartedBetween) {
  constexpr double end_s = 20;
  const Signal load = three_phase({.lag_deg = 0});
  const double kwh_per_s = 3 * 23.0 / 3600;
  Logging before(ten_seconds);
  Logging::Retained retained;
  before.listener.told = [&](graph::Cadence cadence, Instant end, double, Quality) {
    if (cadence == graph::Cadence::second && end == Instant{}.plus_s(end_s))
      retained = before.engine->retained();
  };
  before.feed(load, end_s + 1);
  ASSERT_EQ(before.logs["Billing Log"].size(), 2u);
  EXPECT_NEAR(before.logs["Billing Log"][1].values[0], 10 * kwh_per_s, 1e-4 * kwh_per_s);

  Logging after(ten_seconds, "advanced", retained);
  after.gap(end_s + 2, load, 10);
  const auto& billing = after.logs["Billing Log"];
  ASSERT_EQ(billing.size(), 1u);
  EXPECT_EQ(billing[0].time, Instant{}.plus_s(end_s + 10));
  EXPECT_LT(billing[0].values[0], 8.1 * kwh_per_s);
  EXPECT_GT(billing[0].values[0], 7 * kwh_per_s);
  EXPECT_LT(after.logs["Hist High Log"][0].values[12], 70);
}

// The same of what gathers windows.
TEST(DataLogs, HoldNoDistortionOfTheIntervalBeforeWhenTheMeterIsRestartedBetween) {
  constexpr double end_s = 20;
  const auto fifth = [](double percent) {
    return repeated(three_phase({.harmonics = {{5, percent, 0, 0}}}));
  };
  const Sets hourly{{"PT2.Period", "10"}};
  Logging before(hourly);
  Logging::Retained retained;
  before.listener.told = [&](graph::Cadence cadence, Instant end, double, Quality) {
    if (cadence == graph::Cadence::second && end == Instant{}.plus_s(end_s))
      retained = before.engine->retained();
  };
  before.feed(fifth(8), end_s + 1);
  ASSERT_EQ(before.logs["Harm High Log"].size(), 2u);
  Logging after(hourly, "advanced", retained);
  after.gap(end_s + 2, fifth(2), 10);
  for (const char* log : {"Harm Mean Log", "Harm High Log"}) {
    ASSERT_EQ(after.logs[log].size(), 1u);
    EXPECT_NEAR(after.logs[log][0].values[0], 2, 0.02) << log;
  }
}

TEST(DataLogs, AreTakenFromTheEngineWithoutAllocating) {
  Logging meter(ten_seconds);
  recorder::Recorder recorder(meter.engine->registers());
  std::size_t records = 0;
  meter.listener.recorded = [&](const registers::LogRecord& record) {
    registers::Disturbance sag;
    sag.type = "sag";
    counting_allocations = true;
    recorder.record(record);
    recorder.event({record.time, 10, record.columns[0], 1.5, record.log, 2.5, "an event"});
    recorder.disturbance(sag);
    counting_allocations = false;
    ++records;
  };
  allocations = 0;
  meter.feed(three_phase({}), 31);
  EXPECT_EQ(records, 3u * 6u + 3u + 2u * 10u + 1u) << "of 10 s, of 10 s, of 3 s, of the day";
  EXPECT_EQ(allocations, 0u);
}

}  // namespace
}  // namespace polyphase::property
