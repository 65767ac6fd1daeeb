// The edges of events, as the whole meter tells them.
#include "property/allocations.hpp"
#include "property/meter.hpp"

namespace polyphase::property {
namespace {

constexpr double wanted_samples = 2;

/// What a sag does to one phase.
struct Sag {
  double rate = 10'240, hz = 50;
  int nominal_hz = 50;
  double begin_s = 0.4, lasts_s = 0.1, depth = 0.3;
  std::size_t phase = 0;
  double angle_deg = 0;
  double ramp_s = 0;  ///< of the fall and of the rise
  double noise = 0;   ///< of the nominal peak, at most: 0.00122 are 0.1 % in rms

  double factor(double t) const {
    if (ramp_s == 0) return t >= begin_s && t < begin_s + lasts_s ? 1 - depth : 1;
    const double fallen = std::clamp((t - begin_s) / ramp_s, 0.0, 1.0);
    const double risen = std::clamp((t - begin_s - lasts_s) / ramp_s, 0.0, 1.0);
    return 1 - depth * (fallen - risen);
  }
  Signal signal() const {
    const Load load{.frequency_hz = hz,
                    .harmonics = {{5, 4, 4, 30}, {7, 3, 3, 100}, {11, 1, 1, -20}}};
    const Signal calm = three_phase(load);
    return [*this, calm, turned_s = angle_deg / 360 / hz](double t) {
      Frame frame = calm(t + turned_s);
      for (std::size_t p = 0; p < 3; ++p) {
        const double scale = p == phase ? factor(t) : 1;
        // The same noise at the same time, however the samples are asked for.
        const auto n = static_cast<std::uint64_t>(std::llround(t * rate)) * 3 + p;
        const double dice = static_cast<double>((n * 0x9e3779b97f4a7c15u) >> 40) / (1 << 23) - 1;
        const double v = frame.value[p];
        frame.value[p] = static_cast<float>(scale * v + 325.27 * noise * dice);
      }
      return frame;
    };
  }
  Meter meter() const {
    Meter meter(rate, {{"FAC1.Nominal Voltage", "230"},
                       {"FAC1.Nominal Frequency", std::to_string(nominal_hz)}});
    meter.start();
    return meter;
  }
  Meter run(std::size_t block = 512) const {
    Meter meter = this->meter();
    meter.feed(signal(), begin_s + lasts_s + 2 * ramp_s + 0.15, block);
    meter.engine->finish();
    return meter;
  }
  double off_by(std::optional<Instant> told, double s) const {
    return told ? seconds_between(Instant{}.plus_s(std::ceil(s * rate - 1e-6) / rate), *told) * rate
                : std::numeric_limits<double>::infinity();
  }
};

TEST(Edges, OfSagsAreWithinTwoSamples) {
  struct Row {
    double rate, hz;
    int nominal_hz;
  };
  int tried = 0;
  for (const Row row :
       {Row{4'000, 50, 50}, Row{4'000, 59.4, 60}, Row{10'240, 49.2, 50}, Row{25'600, 60, 60}})
    for (const double depth : {0.12, 0.3, 0.6, 0.95})
      for (const double cycles : {0.5, 1.0, 1.5, 6.25, 50.0})
        for (int degrees = 0; degrees < 360; degrees += 15, ++tried) {
          if ((tried * 7 + tried / 24) % 24 != 0) continue;  // each angle and each row in turn
          Sag sag{.rate = row.rate, .hz = row.hz, .nominal_hz = row.nominal_hz};
          sag.depth = depth, sag.noise = 0.00122, sag.angle_deg = degrees;
          sag.lasts_s = cycles / row.hz;
          const auto seen = sag.run().listener.seen;
          const bool too_short = cycles <= 1 && depth < 0.35;  // its rms does not go below 90 %
          if (too_short && seen.empty()) continue;
          ASSERT_EQ(seen.size(), 1u) << depth << " for " << cycles << " at " << degrees;
          EXPECT_NEAR(sag.off_by(seen[0].edge_start, sag.begin_s), 0, wanted_samples)
              << depth << " for " << cycles << " at " << degrees << " rate " << row.rate;
          EXPECT_NEAR(sag.off_by(seen[0].edge_end, sag.begin_s + sag.lasts_s), 0, wanted_samples)
              << depth << " for " << cycles << " at " << degrees << " rate " << row.rate;
        }
}

TEST(Edges, OfASwellAndOfAnInterruptionAreFoundLikewise) {
  for (const double depth : {-0.4, 1.0}) {
    Sag sag{.depth = depth};
    Meter meter = sag.meter();
    const Signal one = sag.signal();
    // All three phases at once, each at its own point on wave.
    meter.feed(
        [&](double t) {
          Frame frame = one(t);
          for (std::size_t p = 1; p < 3; ++p) frame.value[p] *= static_cast<float>(sag.factor(t));
          return frame;
        },
        1);
    meter.engine->finish();
    ASSERT_EQ(meter.listener.seen.size(), 1u);
    const auto& told = meter.listener.seen[0];
    EXPECT_EQ(std::string_view(told.type), depth > 0 ? "interruption" : "swell");
    EXPECT_NEAR(sag.off_by(told.edge_start, 0.4), 0, wanted_samples);
    EXPECT_NEAR(sag.off_by(told.edge_end, 0.5), 0, wanted_samples);
  }
}

TEST(Edges, OfASlowRampAreNotTold) {
  for (const double ramp_s : {0.1, 0.4})
    for (int degrees = 0; degrees < 360; degrees += 45) {
      const auto seen =
          Sag{.lasts_s = 0.6, .depth = 0.5, .angle_deg = 1.0 * degrees, .ramp_s = ramp_s}
              .run()
              .listener.seen;
      ASSERT_EQ(seen.size(), 1u);
      EXPECT_FALSE(seen[0].edge_start) << ramp_s << " " << degrees;
      EXPECT_FALSE(seen[0].edge_end) << ramp_s << " " << degrees;
    }
}

TEST(Edges, OfAnOpenEventAreTheBeginAlone) {
  Sag sag;
  Meter meter = sag.meter();
  meter.feed(sag.signal(), 0.47);
  meter.engine->finish();
  ASSERT_EQ(meter.listener.seen.size(), 1u);
  EXPECT_TRUE(meter.listener.seen[0].open);
  EXPECT_NEAR(sag.off_by(meter.listener.seen[0].edge_start, 0.4), 0, wanted_samples);
  EXPECT_FALSE(meter.listener.seen[0].edge_end);
}

TEST(Edges, DoNotDependOnHowTheSamplesCome) {
  for (const double rate : {1'600.0, 4'000.0, 25'600.0}) {
    Sag sag{.rate = rate, .noise = 0.001};
    const auto whole = sag.run(static_cast<std::size_t>(rate)).listener.seen;
    const auto pieces = sag.run(7).listener.seen;
    ASSERT_EQ(whole.size(), 1u);
    ASSERT_EQ(pieces.size(), 1u);
    EXPECT_TRUE(whole[0].edge_start);
    EXPECT_EQ(whole[0].edge_start, pieces[0].edge_start);
    EXPECT_EQ(whole[0].edge_end, pieces[0].edge_end);
  }
}

TEST(Edges, AreFoundWithoutAllocating) {
  Sag sag;
  Meter meter = sag.meter();
  meter.feed(sag.signal(), 0.3);
  const Signal signal = sag.signal();
  std::vector<Frame> frames(4'096);
  for (std::size_t i = 0; i < frames.size(); ++i)
    frames[i] = signal(0.3 + static_cast<double>(i) / sag.rate);
  SampleBlock block;
  block.frames = frames;
  block.time_first = Instant{}.plus_s(0.3);
  allocations = 0;
  counting_allocations = true;
  meter.engine->process(block);
  counting_allocations = false;
  EXPECT_EQ(allocations, 0u);
  ASSERT_EQ(meter.listener.seen.size(), 1u);
  EXPECT_TRUE(meter.listener.seen[0].edge_start);
}

}  // namespace
}  // namespace polyphase::property
