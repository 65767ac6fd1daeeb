#include "sources/simulator/simulator.hpp"

#include <numbers>

#include "sources/simulator/scenario_vocabulary.hpp"

namespace polyphase::sources::simulator {
namespace {

using std::numbers::pi;

TEST(Simulator, GivesTheClosedFormAtEverySample) {
  const auto frames = samples(
      scenario(clean + "[frequency]\nhz = 49.5\n[channel.V1]\nrms = 100\ntones = [{ order = 5, "
                       "percent = 10, angle_deg = 30 }]\n"));
  ASSERT_EQ(frames.size(), 5'000u);
  for (std::size_t n = 0; n < frames.size(); n += 7) {
    const double a = 2 * pi * 49.5 * static_cast<double>(n) / 5'000;
    const double v = std::numbers::sqrt2 * 100 * (std::cos(a) + 0.1 * std::cos(5 * a + pi / 6));
    EXPECT_NEAR(value(frames[n], 0), v, 2e-5);
    EXPECT_NEAR(value(frames[n], 5), std::numbers::sqrt2 * 10 * std::cos(a - pi), 2e-6);
  }
}

TEST(Simulator, HasTheRmsAndPowerOfTheClosedForm) {
  const auto frames = samples(
      scenario(clean + "[channel.V2]\ntones = [{ order = 5, percent = 30 }]\n[channel.I2]\ntones = "
                       "[{ order = 5, percent = 40, angle_deg = 75 }]\n"));
  EXPECT_NEAR(rms(frames, 0, 0, 5'000), 230, 1e-4);
  EXPECT_NEAR(rms(frames, 1, 0, 5'000), 230 * std::sqrt(1.09), 1e-4);
  EXPECT_NEAR(mean_product(frames, 0, 4, 0, 5'000), 230 * 10 * std::cos(pi / 3), 1e-3);
  // Fifth: V2 at 5 * -120, I2 at 5 * -180 + 75 degrees.
  const double fifth = 230 * 0.3 * 10 * 0.4 * std::cos((5 * -120 - (5 * -180 + 75)) * pi / 180);
  EXPECT_NEAR(mean_product(frames, 1, 5, 0, 5'000), 230 * 10 * 0.5 + fifth, 1e-3);
}

TEST(Simulator, GivesTheSameBitsForAnySizeOfBlocks) {
  const Scenario s = scenario(
      clean +
      "[flicker]\npercent = 1\n[life]\nfirst_events_within_s = 10\n"
      "[[event]]\nkind = \"sag\"\nstart_s = 0.3003\nduration_s = 0.1\npercent = 50\nramp_s = 0.01\n"
      "[[event]]\nkind = \"gap\"\nstart_s = 0.6\nduration_s = 0.05\n");
  const auto expected = samples(s);
  for (const std::size_t block : {1u, 13u, 64u, 5'000u}) {
    const auto frames = samples(s, block);
    ASSERT_EQ(frames.size(), expected.size());
    for (std::size_t n = 0; n < frames.size(); ++n)
      ASSERT_EQ(frames[n].value, expected[n].value) << n;
  }
}

TEST(Simulator, AgreesWithItselfAtAnotherRate) {
  Scenario s = scenario(clean +
                        "[frequency]\npoints = [{ at_s = 0, hz = 50 }, { at_s = 1, hz = 52 }]\n"
                        "[channel.V1]\nnoise_percent = 1\n" +
                        event("sag", "duration_s = 0.1\npercent = 30"));
  const auto slow = samples(s);
  s.sample_rate_hz = 20'000;
  const auto fast = samples(s);
  for (std::size_t n = 0; n < slow.size(); ++n)
    for (std::size_t c = 0; c < channel_count; ++c)
      ASSERT_NEAR(slow[n].value[c], fast[4 * n].value[c], 4e-5f) << n;
}

TEST(Simulator, RepeatsNoiseForASeedAndNotForAnother) {
  Scenario s =
      scenario("[scenario]\nduration_s = 1\nseed = 3\n[voltage]\nrms_v = 100\nnoise_percent = 1\n");
  const auto first = samples(s), again = samples(s);
  s.seed = 4;
  const auto other = samples(s);
  EXPECT_EQ(first[77].value, again[77].value);
  EXPECT_NE(first[77].value, other[77].value);
  s.voltages[0].noise_percent = 0;
  const auto quiet = samples(s);
  double sum = 0, square = 0;
  for (std::size_t n = 0; n < quiet.size(); ++n) {
    const double noise = value(first[n], 0) - value(quiet[n], 0);
    sum += noise;
    square += noise * noise;
  }
  const auto count = static_cast<double>(quiet.size());
  EXPECT_NEAR(std::sqrt(square / count), 1, 0.03);
  EXPECT_NEAR(sum / count, 0, 0.04);
}

TEST(Simulator, HasNoiseOfItsOwnOnEveryChannel) {
  const Scenario s = scenario("[voltage]\nrms_v = 100\nnoise_percent = 1\n[frequency]\nhz = 50\n");
  Scenario quiet = s;
  for (ChannelState& c : quiet.voltages) c.noise_percent = 0;
  auto noisy = samples(s);
  const auto clear = samples(quiet);
  for (std::size_t n = 0; n < noisy.size(); ++n)
    for (std::size_t c = 0; c < 3; ++c) noisy[n].value[c] -= clear[n].value[c];
  EXPECT_NEAR(mean_product(noisy, 0, 1, 0, noisy.size()), 0, 0.01);
}

TEST(Simulator, TheNeutralCarriesTheSumOfThePhases) {
  const auto frames = samples(scenario(
      clean + "[[load]]\nname = \"third\"\nrms_a = 5\ntones = [{ order = 3, percent = 60 }]\n"));
  // Balanced fundamentals cancel, thirds add up.
  EXPECT_NEAR(rms(frames, 7, 0, 5'000), 3 * 5 * 0.6, 1e-4);
}

TEST(Simulator, SaysWhichChannelsThereAre) {
  const auto present = [](const std::string& text) {
    return unsigned{Simulator(scenario(text)).info().channels_present};
  };
  const std::string both = "[voltage]\nrms_v = 1\n[current]\nrms_a = 1\n";
  EXPECT_EQ(present(both), 0b1111'0111u);
  EXPECT_EQ(present(both + "[scenario]\nwiring = \"3w-wye\"\n"), 0b0111'0111u);
  EXPECT_EQ(present(both + "[scenario]\nwiring = \"delta\"\n"), 0b0111'0111u);
  EXPECT_EQ(present(both + "[scenario]\nwiring = \"single\"\n"), 0b0011'0011u);
  EXPECT_EQ(present("[voltage]\nrms_v = 1\nneutral_v = 1\n"), 0b0000'1111u);
  EXPECT_EQ(present("[current]\nrms_a = 1\nneutral_a = 1\n"), 0b1111'0000u);
}

TEST(Simulator, GivesLineVoltagesUnderDelta) {
  const auto frames =
      samples(scenario("[scenario]\nduration_s = 1\nsample_rate_hz = 5000\n"
                       "wiring = \"delta\"\n[voltage]\nrms_v = 400\n[current]\n"
                       "rms_a = 10\nlag_deg = 25\n"));
  for (std::size_t c = 0; c < 3; ++c) EXPECT_NEAR(rms(frames, c, 0, 5'000), 400, 1e-3);
  // Two wattmeters: V_ab I_a - V_bc I_c.
  const double power = mean_product(frames, 0, 4, 0, 5'000) - mean_product(frames, 1, 6, 0, 5'000);
  EXPECT_NEAR(power, std::numbers::sqrt3 * 400 * 10 * std::cos(25 * pi / 180), 0.01);
}

TEST(Simulator, CurrentsTakeTheirDropFromTheVoltages) {
  const auto frames =
      samples(scenario("[scenario]\nduration_s = 1\nsample_rate_hz = 5000\n[voltage]\nrms_v = 230\n"
                       "[network]\nresistance_ohm = 0.1\nreactance_ohm = 0.3\n"
                       "[current]\nrms_a = 100\ntones = [{ order = 5, percent = 20 }]\n"));
  // 230 - 100 (0.1 + 0.3j), and of the fifth 20 (0.1 + 1.5j).
  const double first = std::hypot(220, 30), fifth = 20 * std::hypot(0.1, 1.5);
  EXPECT_NEAR(rms(frames, 0, 0, 5'000), std::hypot(first, fifth), 1e-4);
}

TEST(Simulator, HoldsTheAngleOfTheSequencesAsked) {
  const auto frames = samples(scenario(
      "[scenario]\nduration_s = 1\nsample_rate_hz = 5000\n[voltage]\nrms_v = 100\n"
      "negative_percent = 10\nzero_percent = 5\nzero_angle_deg = 90\nrotation = \"acb\"\n"));
  // a: 100 + 10 + 5j; b: 100 e^j120 + 10 e^-j120 + 5j.
  EXPECT_NEAR(rms(frames, 0, 0, 5'000), std::hypot(110, 5), 1e-4);
  EXPECT_NEAR(rms(frames, 1, 0, 5'000), std::hypot(-55, 90 * std::sqrt(0.75) + 5), 1e-4);
}

TEST(Simulator, ClipsWhereItsInputsWould) {
  Scenario s = scenario("[scenario]\nfull_scale_v = 300\nduration_s = 1\n[voltage]\nrms_v = 230\n");
  const auto frames = samples(s);
  float highest = 0;
  for (const Frame& frame : frames) highest = std::max(highest, frame.value[0]);
  EXPECT_EQ(highest, 300.0f);
  EXPECT_EQ(Simulator(s).info().full_scale[0], 300.0f);
}

TEST(Simulator, FlickersByTheShareAskedFor) {
  for (const char* shape : {"sine", "rectangular"}) {
    const auto frames = samples(
        scenario("[scenario]\nduration_s = 2\nsample_rate_hz = 5000\n[voltage]\nrms_v = 100\n"
                 "[flicker]\npercent = 4\nchanges_per_minute = 120\nphases = \"ab\"\nshape = \"" +
                 std::string(shape) + "\"\n"));
    // One swing a second: highest around 0.25 s, lowest around 0.75 s.
    EXPECT_NEAR(rms(frames, 0, 1'200, 1'300), 102, 0.01) << shape;
    EXPECT_NEAR(rms(frames, 1, 3'700, 3'800), 98, 0.01) << shape;
    EXPECT_NEAR(rms(frames, 2, 1'200, 1'300), 100, 0.01) << shape;
  }
}

TEST(Simulator, RunsOnWithoutEndWhereNoneIsSaid) {
  Simulator simulator(scenario("[scenario]\nduration_s = 0\n[voltage]\nrms_v = 1\n"), 10'240);
  SampleBlock block;
  for (int second = 0; second < 20; ++second) ASSERT_TRUE(*simulator.next(block));
  EXPECT_EQ(block.frames.size(), 10'240u);
  EXPECT_EQ(block.time_first, Instant{}.plus_s(19));
}

TEST(Simulator, KeepsThePhaseAfterAYear) {
  FrequencyProfile profile(scenario("[frequency]\nhz = 50.0003\n"));
  const long double year_s = 365.0L * 86'400 + 0.25L;
  const long double turns = profile.turns(year_s);
  // 50.0003 * 31 536 000.25 = 1 576 809 473.300075
  EXPECT_NEAR(static_cast<double>(turns - std::floor(turns)), 0.300075, 2e-7);
}

}  // namespace
}  // namespace polyphase::sources::simulator
