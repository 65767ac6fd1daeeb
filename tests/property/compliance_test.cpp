// The frameworks of EN 50160 and IEEE 519 in a whole meter: what is evaluated when, kept and reset.
#include <algorithm>
#include <fstream>
#include <iterator>

#include "graph/describe.hpp"
#include "property/meter.hpp"

namespace polyphase::property {
namespace {

using graph::RegisterType;
using Kind = control::Command::Kind;
namespace describe = graph::describe;

/// Sinusoids of 230 V, of which V1 (and where told, all) has `level` from `from_s` to `to_s`.
Signal sag(double from_s, double to_s, double level, bool all = false) {
  const Signal steady = three_phase({});
  return [=](double t) {
    Frame frame = steady(t);
    for (std::size_t c = 0; c < 3; ++c)
      if (t >= from_s && t < to_s && (all || c == 0)) frame.value[c] *= static_cast<float>(level);
    return frame;
  };
}

const std::vector<std::pair<std::string, std::string>> evaluated{{"FAC1.Nominal Voltage", "230"},
                                                                 {"PQO1.EN50160 Enable", "on"}};

TEST(Compliance, SortsDipsSwellsAndInterruptionsIntoTheTablesOfEn50160) {
  Meter dips(4800, evaluated), swells(4800, evaluated), interruptions(4800, evaluated);
  dips.start().feed(sag(1, 1.3, 0.6), 2.5);
  EXPECT_EQ(dips.value("V1-Dip C2"), 1);
  EXPECT_EQ(dips.value("V-Dip C2"), 1);
  EXPECT_EQ(dips.value("V-Dip A1"), 0);
  EXPECT_EQ(dips.value("V2-Dip C2"), 0);
  swells.start().feed(sag(1, 1.8, 1.15), 2.5);
  EXPECT_EQ(swells.value("V1-Ovrvlt T2"), 1);
  EXPECT_EQ(swells.value("V-Swell T2"), 1);
  interruptions.start().feed(sag(1, 2.5, 0.001, true), 3.5);
  EXPECT_EQ(interruptions.value("V-Intrpt N2"), 1);
  EXPECT_EQ(interruptions.value("V3-Intrpt N2"), 1);
  EXPECT_EQ(interruptions.value("V-Intrpt tot"), 1);
  // From the last phase out to the first back, in cycles of the reference.
  EXPECT_NEAR(interruptions.value("V Intrp DrtnAll"), 1.5, 0.04);
}

TEST(Compliance, CountsNothingAsSupplied) {
  Meter meter(4800, {{"FAC1.Nominal Voltage", "230"}});
  meter.start().feed(sag(1, 1.3, 0.6), 2.5);
  EXPECT_FALSE(meter.has("V1-Dip C2"));
}

// 1970-01-04 was a Sunday.
// Covers: LOG-014
TEST(Compliance, KeepsThePeriodBeforeWhenTheWeekIsOver) {
  constexpr double monday = 4 * 86'400;
  Meter meter(4800, evaluated);
  meter.start().feed(sag(1, 1.3, 0.6), 2.5);
  meter.command(Kind::clock_step, "", std::to_string(monday - 4 - 2.5));
  meter.feed(three_phase({}), 4);
  EXPECT_EQ(meter.value("V1-Dip C2"), 1);
  EXPECT_FALSE(meter.has("PO V1-Dip C2"));
  meter.feed(three_phase({}), 8);
  EXPECT_FALSE(meter.has("V1-Dip C2")) << "nothing was sorted since";
  EXPECT_EQ(meter.value("PO V1-Dip C2"), 1);
  EXPECT_EQ(meter.value("PO V-Dip C2"), 1);
}

// Covers: PQ-062
TEST(Compliance, GoesOnWithItsCountersAfterARestart) {
  Meter before(4800, evaluated), after(4800, evaluated);
  before.start().feed(sag(1, 1.3, 0.6), 2.5);
  for (const auto& [name, value] : before.engine->retained()) after.engine->restore(name, value);
  after.start().feed(sag(1, 1.3, 0.6), 2.5);
  EXPECT_EQ(after.value("V1-Dip C2"), 2);
  EXPECT_EQ(after.value("V-Dip C2"), 2);
}

// Covers: LOG-118, LOG-119, LOG-121, LOG-122, LOG-123, LOG-124
TEST(Compliance, RecordsEachEventInTheLogsOfItsKind) {
  const auto logs_of = [](const Signal& signal,
                          std::vector<std::pair<std::string, std::string>> sets = {}) {
    sets.insert(sets.begin(), evaluated.begin(), evaluated.end());
    Meter meter(4800, std::move(sets));
    std::vector<std::string> labels;
    meter.listener.recorded = [&](const registers::LogRecord& record) {
      if (!record.columns.empty())
        labels.push_back(meter.engine->registers().info(record.log).label);
    };
    meter.start().feed(signal, 3.5);
    std::sort(labels.begin(), labels.end());
    return labels;
  };
  using Labels = std::vector<std::string>;
  EXPECT_EQ(logs_of(sag(1, 1.3, 0.6)), (Labels{"EN50160 Vlt Dp1", "EN50160 Vlt Dp2"}));
  EXPECT_EQ(logs_of(sag(1, 1.8, 1.15)), (Labels{"EN50160 Swell"}));
  EXPECT_EQ(logs_of(sag(1, 2.5, 0.001, true)), (Labels{"4-30 Intrp Log", "EN50160 Intrp"}));
  EXPECT_EQ(logs_of(sag(1.5, 9, 0.95), {{"SS1.RVC Lim", "3"}, {"PQO1.Log RVC", "on"}}),
            (Labels{"RVC Log"}));
}

// Covers: PQ-022
TEST(Compliance, ForgetsWhatWasCountedAtAReset) {
  Meter meter(4800, evaluated);
  meter.start().feed(sag(1, 1.3, 0.6), 2.5);
  meter.command(Kind::pulse, "EN50160 Reset").feed(three_phase({}), 2.5);
  EXPECT_FALSE(meter.has("V1-Dip C2"));
}

// Covers: PQ-020
TEST(Compliance, RefusesToSwitchPartsOnOutOfOrder) {
  Meter meter(4800, {{"FAC1.Nominal Voltage", "230"}});
  meter.start().feed(three_phase({}), 1.5);
  meter.command(Kind::write, "PQO1.4-30 Enable", "off").feed(three_phase({}), 1.5);
  meter.command(Kind::write, "PQO1.EN50160 Enable", "on").feed(three_phase({}), 1.5);
  EXPECT_EQ(meter.value("PQO1.EN50160 Enable"), 0);
  EXPECT_EQ(meter.value("PQO1 EN50160 State"), 0);
  meter.command(Kind::write, "PQO1.4-30 Enable", "on");
  meter.command(Kind::write, "PQO1.EN50160 Enable", "on").feed(three_phase({}), 1.5);
  EXPECT_EQ(meter.value("PQO1 EN50160 State"), 1);
}

// ---- what needs the aggregates, given here by a module that stands in for the aggregator

/// What the aggregator shall tell next, and how often it has been ready.
struct Aggregates {
  double frequency = 50, voltage = 230, plt = 0.5, unbalance = 1;
  Quality quality;
  std::array<unsigned, 4> ready{};  ///< 3 s, 10 s, 10 min, 2 h
};
Aggregates aggregates;

class Aggregator final : public graph::Module {
 public:
  static const graph::ModuleDescriptor& descriptor() {
    static const graph::ModuleDescriptor d = [] {
      graph::ModuleDescriptor m;
      m.type = "Aggregates";
      m.number = 1'000;
      m.cadence = graph::Cadence::window;
      for (const char* name : {"3s Ready", "10s Ready", "10m Ready", "Plt Ready"})
        m.outputs.push_back(describe::output(name, RegisterType::pulse, "", ""));
      for (const char* name : {"Power Freq 10s", "V1 10m", "V2 10m", "V3 10m", "Vunbal u2 10m",
                               "V1 Plt", "V2 Plt", "V3 Plt"})
        m.outputs.push_back(describe::output(name, RegisterType::numeric, "", ""));
      for (const char* name : {"Spectrum 3s", "Spectrum 10m"}) {
        m.outputs.push_back(describe::output(name, RegisterType::dataset, "", ""));
        m.outputs.back().dataset = "spectrum aggregate";
      }
      return m;
    }();
    return d;
  }
  void run(graph::Step& step) noexcept override {
    const Aggregates& a = aggregates;
    const std::array values{a.frequency, a.voltage, 230.0, 230.0, a.unbalance, a.plt, 0.5, 0.5};
    for (std::size_t i = 0; i < values.size(); ++i)
      step.out(told_.size() + i, values[i], a.quality);
    for (std::size_t i = 0; i < told_.size(); ++i)
      if (told_[i] < a.ready[i]) {
        ++told_[i];
        step.pulse(i);
      }
  }

 private:
  std::array<unsigned, 4> told_{};
};

std::string template_text(std::string_view name) {
  std::ifstream stream(std::string(POLYPHASE_SOURCE_DIR) + "/templates/" + std::string(name) +
                       ".toml");
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// A meter with the framework and these aggregates, an interval of every kind a window.
class Evaluated : public Meter {
 public:
  explicit Evaluated(std::vector<std::pair<std::string, std::string>> sets = evaluated)
      : Meter(4800) {
    aggregates = {};
    std::vector<std::string> texts;
    texts.reserve(4);
    const auto find = [&](std::string_view name) {
      return std::string_view(texts.emplace_back(template_text(name)));
    };
    const auto device = graph::parse_template(
        "[template]\nname = \"t\"\nextends = \"compliance\"\n[[module]]\ntype = \"Aggregates\"\n"
        "name = \"PQA1\"\nlabels = \"{}\"",
        "t", find);
    EXPECT_TRUE(device) << device.error().text();
    std::vector<graph::ModuleType> types(modules::list().begin(), modules::list().end());
    types.push_back({Aggregator::descriptor, [] {
                       return std::unique_ptr<graph::Module>(std::make_unique<Aggregator>());
                     }});
    auto made = graph::Engine::create(*device, types, listener);
    EXPECT_TRUE(made) << made.error().text();
    engine = std::move(*made);
    for (const auto& [target, value] : sets) EXPECT_TRUE(engine->set(target, value)) << target;
    start().feed(three_phase({}), 1.5);
  }
  /// One interval of every kind.
  Evaluated& interval() {
    for (unsigned& ready : aggregates.ready) ++ready;
    feed(three_phase({}), 0.2);
    return *this;
  }
};

// Covers: PQ-061
TEST(Compliance, EvaluatesEn50160OnTheAggregates) {
  Evaluated meter;
  meter.interval();
  aggregates.voltage = 206;  // 89.6 %
  aggregates.frequency = 50.6;
  meter.interval();
  aggregates = {.frequency = 52.1,
                .voltage = 195,
                .plt = 1.1,
                .unbalance = 2.1,
                .quality = {},
                .ready = aggregates.ready};
  meter.interval();
  aggregates.quality.add(Quality::disturbed);
  meter.interval().feed(three_phase({}), 1.5);
  for (const char* what : {"Freq", "V1-Mag", "V2-Mag", "Vunbal", "V1-Flck"}) {
    EXPECT_EQ(meter.value(std::string(what) + " N"), 3) << what;
    EXPECT_EQ(meter.value(std::string(what) + " N invld"), 1) << what;
  }
  EXPECT_EQ(meter.value("Freq N1"), 2);
  EXPECT_EQ(meter.value("Freq N2"), 1);
  EXPECT_EQ(meter.value("V1-Mag N1"), 2);
  EXPECT_EQ(meter.value("V1-Mag N2"), 1);
  EXPECT_EQ(meter.value("V2-Mag N1"), 0);
  EXPECT_EQ(meter.value("V2-Mag N1 Comp"), 1);
  EXPECT_EQ(meter.value("Vunbal N1"), 1);
  EXPECT_EQ(meter.value("V1-Flck N1"), 1);
  EXPECT_NEAR(meter.value("Freq N1/N"), 200.0 / 3, 1e-9);
  EXPECT_EQ(meter.value("V1-Hrm N invld"), 4) << "there is no spectrum here";
}

// Nothing that comes between the last interval of a week and the first of the next is lost.
TEST(Compliance, KeepsThePeriodBeforeOfEveryCounter) {
  constexpr double monday = 4 * 86'400;
  Evaluated meter;
  meter.interval().interval();
  meter.command(Kind::clock_step, "", std::to_string(monday - 4 - 1.9)).feed(three_phase({}), 4);
  meter.interval().feed(three_phase({}), 8);
  meter.interval();
  meter.feed(three_phase({}), 1.5);
  EXPECT_EQ(meter.value("PO V1-Mag N"), 3);
  EXPECT_EQ(meter.value("V1-Mag N"), 1);
  EXPECT_EQ(meter.value("PO Freq N"), 3);
  EXPECT_EQ(meter.value("PO V2-Flck N"), 3);
}

TEST(Compliance, EvaluatesIeee519OnlyWhileThatIsOn) {
  Evaluated off, on({{"FAC1.Nominal Voltage", "230"}, {"PQO1.IEEE519 Enable", "on"}});
  for (Evaluated* meter : {&off, &on}) {
    aggregates = {};
    meter->interval().feed(three_phase({}), 1.5);
  }
  EXPECT_FALSE(off.has("V1-Hrm Z invld"));
  EXPECT_EQ(on.value("V1-Hrm Z invld"), 1);
  EXPECT_EQ(on.value("I3-Hrm Y invld"), 1);
  EXPECT_FALSE(on.has("Freq N"));
}

}  // namespace
}  // namespace polyphase::property
