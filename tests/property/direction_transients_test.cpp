#include <fmt/format.h>

#include <charconv>
#include <cstdio>
#include <cstdlib>
#include <map>
#include <random>
#include <string_view>

#include "pq/transient_feeder.hpp"
#include "property/meter.hpp"

// Directions of what really happens in a network: ringing, decaying offsets, saturation.
namespace polyphase::property {
namespace {

using pq::Complex;
using pq::Network;
using pq::TransientFeeder;
using pq::TransientNetwork;
using pq::TransientWaves;
using Bus = TransientFeeder::Bus;

constexpr double volts = 230;

/// What is done to the network, and when, in cycles.
struct Acts {
  std::vector<std::pair<double, std::function<void(TransientNetwork&)>>> list;
  void close(double at, std::size_t branch) {
    list.emplace_back(at, [branch](TransientNetwork& n) { n.close(branch); });
  }
  void open(double at, std::size_t branch) {
    list.emplace_back(at, [branch](TransientNetwork& n) { n.open(branch); });
  }
  void operator()(TransientFeeder& feeder) {
    for (auto& [at, act] : list)
      if (act && feeder.network.now() >= at) {
        act(feeder.network);
        act = nullptr;
      }
  }
};

/// A cause: adds its branches to the bus, and says what is done from this time on.
struct Cause {
  std::string name;
  std::function<void(TransientFeeder&, const Bus&, double at, Acts&)> make;
};

/// The first time from `at` on at which the steady voltage between the nodes is zero.
double zero_from(double at, const TransientFeeder& feeder, std::size_t from, std::size_t to) {
  const auto v = feeder.network.solve();
  const double turned = std::arg(v[from] - v[to]) / (2 * std::numbers::pi) - 0.25;
  const double halves = 2 * (at + turned);
  return at + (std::ceil(halves) - halves) / 2;
}

enum class Closing { at_once, at_zeros, floating };

Cause capacitor(double size, Closing closing, double beside) {
  static constexpr const char* how[] = {"at once", "at zeros", "floating star"};
  return {fmt::format("capacitor {}{}", how[static_cast<int>(closing)],
                      beside > 0 ? ", back to back" : ""),
          [=](TransientFeeder& feeder, const Bus& bus, double at, Acts& acts) {
            if (beside > 0) feeder.capacitors(bus, beside);
            if (closing == Closing::floating) {
              const auto bank = feeder.capacitors(bus, size, false, feeder.network.node());
              const double pair = zero_from(at, feeder, bus.phase[0], bus.phase[1]);
              acts.close(pair, bank[0]), acts.close(pair, bank[1]);
              acts.close(pair + 0.25, bank[2]);
              return;
            }
            const auto bank = feeder.capacitors(bus, size, false);
            for (std::size_t p = 0; p < 3; ++p)
              acts.close(closing == Closing::at_once
                             ? at
                             : zero_from(at, feeder, bus.phase[p], bus.neutral),
                         bank[p]);
          }};
}

Cause opening(double size) {
  return {"capacitor opened", [=](TransientFeeder& feeder, const Bus& bus, double at, Acts& acts) {
            for (const std::size_t branch : feeder.capacitors(bus, size)) acts.open(at, branch);
          }};
}

/// Between phase 0 and earth (1), 1 and 2 (2), 1, 2 and earth (3), all and earth (4).
Cause fault(int kind, double ohms, double lasts) {
  static constexpr const char* names[] = {"", "earth fault", "fault between phases",
                                          "two phases to earth", "three-phase fault"};
  return {fmt::format("{}{}", names[kind], lasts < 10 ? ", cleared" : ""),
          [=](TransientFeeder& feeder, const Bus& bus, double at, Acts& acts) {
            const auto add = [&](std::size_t from, std::size_t to) {
              const std::size_t branch =
                  feeder.network.add({.from = from, .to = to, .impedance = ohms, .closed = false});
              acts.close(at, branch);
              acts.open(at + lasts, branch);
            };
            if (kind == 2) add(bus.phase[1], bus.phase[2]);
            if (kind == 1 || kind == 4) add(bus.phase[0], bus.neutral);
            if (kind >= 3) add(bus.phase[1], bus.neutral), add(bus.phase[2], bus.neutral);
          }};
}

Cause load_step(Complex admittance) {
  return {"load step", [=](TransientFeeder& feeder, const Bus& bus, double at, Acts& acts) {
            for (const std::size_t branch : feeder.bank(bus, 1.0 / admittance, 0, false))
              acts.close(at, branch);
          }};
}

/// Its resistance grows e-fold in five cycles.
Cause motor(double size) {
  return {"motor start", [=](TransientFeeder& feeder, const Bus& bus, double at, Acts& acts) {
            const Complex impedance = 1.0 / pq::at_degrees(size, -75);
            for (const std::size_t branch : feeder.bank(bus, impedance, 0, false)) {
              acts.close(at, branch);
              for (int n = 1; n < 80; ++n)
                acts.list.emplace_back(at + 0.1 * n, [=](TransientNetwork& network) {
                  network.set_resistance(branch, impedance.real() * std::exp(0.02 * n));
                });
            }
          }};
}

Cause transformer(double size) {
  return {"transformer", [=](TransientFeeder& feeder, const Bus& bus, double at, Acts& acts) {
            const double left[] = {0.6, -0.3, -0.3};  // flux of when it was last switched off
            for (std::size_t p = 0; p < 3; ++p) {
              const std::size_t core = feeder.network.node();
              acts.close(at, feeder.network.add({.from = bus.phase[p],
                                                 .to = core,
                                                 .impedance = 0.01 / size,
                                                 .closed = false}));
              feeder.network.add(
                  {.from = core, .to = bus.neutral, .impedance = Complex(0, 200) / size});
              feeder.network.add({.from = core,
                                  .to = bus.neutral,
                                  .impedance = Complex(0.005, 0.4) / size,
                                  .closed = false,
                                  .knee = 1.2 * std::numbers::sqrt2,
                                  .flux = left[p] * std::numbers::sqrt2});
            }
          }};
}

struct Surroundings {
  Network network;
  double capacitors_down = 0, capacitors_up = 0, load_up = 0;
  double injected = 0;  ///< current of a converter beside the load
};

struct Case {
  Surroundings around;
  Cause cause;
  double part = 0;  ///< of a cycle: point on wave
  bool down = false;

  Direction truth() const { return down ? Direction::downstream : Direction::upstream; }
  std::string text() const {
    const Network& n = around.network;
    return fmt::format(
        "{} {} at {:.3f}, Zs {:.3f} X/R {} load {:.2f}{:+.2f}j capacitors {} upstream {} load "
        "upstream {} converter {} machine {}",
        cause.name, word_of(truth()), part, n.source_impedance, n.source_x_to_r, n.load.real(),
        n.load.imag(), around.capacitors_down, around.capacitors_up, around.load_up,
        around.injected, n.machine);
  }
};

/// One meter through which cases run one after another, with gaps between: it begins anew there.
class Bench {
 public:
  Bench(double rate, double hz)
      : rate_(rate),
        hz_(hz),
        meter_(rate, {{"FAC1.Nominal Voltage", fmt::format("{}", volts)},
                      {"FAC1.Nominal Frequency", hz < 55 ? "50" : "60"},
                      {"SS1.Sag Lim", "97"},
                      {"SS1.Swell Lim", "103"},
                      {"SS1.Hysteresis", "1"}}) {
    meter_.listener.seen.reserve(1 << 16);
    meter_.start();
  }

  void run(const Case& c) {
    const double per_cycle = rate_ / hz_, edge = calm_cycles + c.part;
    TransientFeeder feeder(c.around.network, 1 / (per_cycle * TransientWaves::steps_per_sample));
    if (c.around.capacitors_down > 0)
      feeder.capacitors(feeder.downstream, c.around.capacitors_down);
    if (c.around.capacitors_up > 0) feeder.capacitors(feeder.upstream, c.around.capacitors_up);
    if (c.around.injected > 0) feeder.inject(c.around.injected);
    if (c.around.load_up > 0)
      feeder.bank(feeder.upstream, 1.0 / std::conj(Complex(0.9, 0.43) * c.around.load_up));
    Acts acts;
    c.cause.make(feeder, c.down ? feeder.downstream : feeder.upstream, edge, acts);
    const auto sample_at = [&](double cycles) {
      return static_cast<std::size_t>(cycles * per_cycle);
    };
    const TransientWaves waves(feeder, per_cycle, sample_at(edge - 0.5), sample_at(edge + 7), acts);
    const double scale = volts / std::abs(waves.steady().voltage[0]);
    const std::size_t length = sample_at(edge + 6);
    cases_.push_back(c);
    begins_.push_back(Instant{}.plus_s(static_cast<double>(fed_) / rate_ +
                                       gap_s * static_cast<double>(cases_.size())));
    const auto signal = [&, first = fed_](double t) {
      const auto sample = waves(static_cast<std::size_t>(std::llround(t * rate_)) - first);
      Frame frame;
      for (std::size_t p = 0; p < 3; ++p) {
        frame.value[p] = static_cast<float>(scale * sample.voltage[p]);
        frame.value[4 + p] = static_cast<float>(scale * sample.current[p]);
      }
      return frame;
    };
    meter_.gap(gap_s, signal, static_cast<double>(length) / rate_);
    fed_ += length;
  }

  /// Of each case what its first event says; nothing where there was none.
  std::vector<std::pair<Case, std::optional<DirectionFinding>>> told() {
    meter_.engine->finish();
    std::vector<std::pair<Case, std::optional<DirectionFinding>>> list;
    for (const Case& c : cases_) list.emplace_back(c, std::nullopt);
    for (const auto& event : meter_.listener.seen) {
      const auto next = std::upper_bound(begins_.begin(), begins_.end(), event.time);
      auto& found = list.at(static_cast<std::size_t>(next - begins_.begin()) - 1).second;
      if (!found) found = event.direction;
    }
    return list;
  }

 private:
  static constexpr double gap_s = 0.5, calm_cycles = 26;

  double rate_, hz_;
  Meter meter_;
  std::vector<Case> cases_;
  std::vector<Instant> begins_;
  std::size_t fed_ = 0;
};

/// Cases from a seed.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  Case next() {
    Case c;
    c.around = around();
    c.cause = cause();
    c.part = between(0, 1);
    c.down = coin();
    return c;
  }
  std::size_t one_of(std::size_t count) { return random_() % count; }

 private:
  bool coin() { return one_of(2) == 1; }
  double between(double low, double high) {
    return low + (high - low) * static_cast<double>(random_() >> 11) * 0x1p-53;
  }
  template <class T>
  T one(std::initializer_list<T> list) {
    return list.begin()[one_of(list.size())];
  }
  Surroundings around() {
    Surroundings s;
    s.network.source_impedance = between(0.03, 0.25);
    s.network.source_x_to_r = one({1.0, 5.0, 20.0});
    s.network.load = one({Complex(1), Complex(0.8, 0.6), Complex(0.95, -0.312)});
    s.network.load *= one({1.0, 1.0, 0.3});
    s.network.machine = one({0.0, 0.0, 0.7, 1.2});
    s.injected = one({0.0, 0.0, 0.0, 0.7, 1.6});
    s.capacitors_down = one({0.0, 0.3, 0.6, 0.86});
    s.capacitors_up = one({0.0, 0.3});
    s.load_up = one({0.0, 0.7});
    return s;
  }
  Cause cause() {
    const double size = between(0.25, 0.8);
    switch (one_of(10)) {
      case 0:
        return capacitor(size, Closing::at_once, 0);
      case 1:
        return capacitor(size, Closing::at_zeros, 0);
      case 2:
        return capacitor(size, Closing::floating, 0);
      case 3:
        return capacitor(size, Closing::at_once, between(0.2, 0.8));
      case 4:
        return opening(size);
      case 5:
        return load_step(pq::at_degrees(between(0.5, 2), -25));
      case 6:
        return motor(between(1.5, 6));
      case 7:
        return transformer(between(0.5, 3));
      default:
        return fault(one({1, 2, 3, 4}), one({0.005, 0.02, 0.06, 0.2}), one({2.5, 1e9, 1e9}));
    }
  }
  std::mt19937_64 random_;
};

/// How many were right and wrong, by confidence.
struct Table {
  std::array<int, 4> right{}, wrong{};
  void add(const Case& c, DirectionFinding found) {
    ++(found.direction == c.truth() ? right : wrong)[static_cast<std::size_t>(found.confidence)];
  }
  int undetermined() const { return wrong[0]; }
  int total() const {
    int sum = 0;
    for (std::size_t level = 0; level < right.size(); ++level) sum += right[level] + wrong[level];
    return sum;
  }
  void print(const std::string& name) const {
    std::printf("%-36s high %d/%d, medium %d/%d, low %d/%d, undetermined %d of %d\n", name.c_str(),
                right[3], wrong[3], right[2], wrong[2], right[1], wrong[1], undetermined(),
                total());
  }
};

unsigned from_environment(const char* name, unsigned usual) {
  const std::string_view given = std::getenv(name) != nullptr ? std::getenv(name) : "";
  unsigned value = usual;
  std::from_chars(given.data(), given.data() + given.size(), value);
  return value;
}

// Covers: DDD-001, MEA-033
TEST(DirectionOfTransients, IsNeverWrongWithHighConfidence) {
  const unsigned count = from_environment("POLYPHASE_TRANSIENTS", 320);
  const unsigned seed = from_environment("POLYPHASE_SEED", 1);
  Dice dice(seed);
  Bench benches[] = {{10'240, 50}, {10'240, 60.04}, {7'680, 49.95}, {7'680, 60}};
  for (unsigned n = 0; n < count; ++n) benches[dice.one_of(std::size(benches))].run(dice.next());
  std::map<std::string, Table> tables;
  Table all;
  for (Bench& bench : benches)
    for (const auto& [c, found] : bench.told()) {
      if (!found) continue;
      all.add(c, *found);
      tables[c.cause.name + (c.down ? ", downstream" : ", upstream")].add(c, *found);
      if (found->confidence == Confidence::high) {
        EXPECT_EQ(found->direction, c.truth()) << c.text();
      }
    }
  std::printf("right/wrong, seed %u\n", seed);
  for (const auto& [name, table] : tables) table.print(name);
  all.print("all");
  EXPECT_GT(2 * all.total(), static_cast<int>(count))
      << "others do not reach a limit of the voltage";
  EXPECT_GT(all.right[3], 0.85 * all.total());
  EXPECT_LE(all.wrong[2], 0.01 * all.total());
  EXPECT_LE(all.wrong[1], 0.01 * all.total());
  EXPECT_LT(all.undetermined(), 0.05 * all.total());
}

/// At 16 points on wave.
Table of_all_points(const Surroundings& around, const Cause& cause, bool down) {
  Bench bench(10'240, 50);
  for (int n = 0; n < 16; ++n) bench.run({around, cause, n / 16.0, down});
  Table table;
  for (const auto& [c, found] : bench.told()) table.add(c, found.value_or(DirectionFinding{}));
  return table;
}

TEST(DirectionOfTransients, DoesNotTakeWhatRingsBeforeALargeReactanceForALoad) {
  // At X/R 20 once upstream with high confidence at a quarter of the points on wave.
  Surroundings around{.network = {.source_impedance = 0.05, .load = {0.8, 0.6}}};
  const auto table = [&](double x_to_r) {
    around.network.source_x_to_r = x_to_r;
    return of_all_points(around, capacitor(0.6, Closing::at_once, 0), true);
  };
  const Table damped = table(2), ringing = table(20);
  EXPECT_EQ(ringing.wrong[3] + ringing.wrong[2] + ringing.wrong[1], 0);
  EXPECT_EQ(damped.right[3] + damped.right[2], 16);
}

TEST(DirectionOfTransients, IsLessSureOfAPhasorThatALongRingingTurnsAlikeInAllCycles) {
  const Surroundings around{.network = {.source_impedance = 0.05,
                                        .source_x_to_r = 20,
                                        .load = {0.8, 0.6},
                                        .machine = 1.2},
                            .capacitors_down = 0.3};
  EXPECT_EQ(of_all_points(around, capacitor(0.6, Closing::at_once, 0), true).wrong[3], 0);
}

TEST(DirectionOfTransients, DoesNotTakeACurrentThatFallsWithACapacitorForOneOfALoad) {
  Surroundings around{.network = {.source_impedance = 0.15, .load = {0.95, -0.312}}};
  EXPECT_EQ(of_all_points(around, opening(0.6), true).right[3], 16);
  EXPECT_EQ(of_all_points(around, opening(0.6), false).right[3], 16);
}

}  // namespace
}  // namespace polyphase::property
