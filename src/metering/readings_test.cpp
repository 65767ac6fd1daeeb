#include "metering/readings.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

namespace polyphase::metering {
namespace {

constexpr double degree = std::numbers::pi / 180;
using Phasor = std::complex<double>;

// Sinusoidal voltages and currents given by their phasors.
IntervalData sinusoidal(PerPhase<Phasor> v, PerPhase<Phasor> i) {
  IntervalData data;
  data.present = 0x77;
  Means& m = data.means;
  m.frequency_hz = 50;
  for (std::size_t p = 0; p < 3; ++p) {
    m.fundamental[p] = v[p];
    m.fundamental[4 + p] = i[p];
    m.rms[p] = std::abs(v[p]);
    m.rms[4 + p] = std::abs(i[p]);
    m.line_rms[p] = std::abs(v[p] - v[(p + 1) % 3]);
    const Phasor s = v[p] * std::conj(i[p]);
    m.active_w[p] = m.active_fundamental_w[p] = s.real();
    m.reactive_fundamental_var[p] = s.imag();
  }
  m.residual_rms = std::abs(i[0] + i[1] + i[2]);
  return data;
}

PerPhase<Phasor> balanced(double size, double angle_deg) {
  return {std::polar(size, angle_deg * degree), std::polar(size, (angle_deg - 120) * degree),
          std::polar(size, (angle_deg + 120) * degree)};
}

struct Read {
  Readings values;
  explicit Read(const IntervalData& data, ReadingOptions options = {})
      : values(readings_of(data, options)) {}
  double operator[](Reading r) const { return values[static_cast<std::size_t>(r)]; }
};

// The worked vector of the project's facts on IEEE 1459, four-wire.
// Covers: MEA-012, MEA-014, MEA-015, MEA-016, PWR-002, PWR-006
TEST(Readings, GiveTheWorkedVectorOfAnUnbalancedLoad) {
  const Read read(sinusoidal(
      {std::polar(120.0, 0.0), std::polar(115.0, -122 * degree), std::polar(118.0, 121 * degree)},
      {std::polar(50.0, -30 * degree), std::polar(30.0, -150 * degree),
       std::polar(10.0, 100 * degree)}));
  EXPECT_NEAR(read[Reading::kw_tot], 9.343947, 1e-6);
  EXPECT_NEAR(read[Reading::kvar_tot], 5.042551, 1e-6);
  EXPECT_NEAR(read[Reading::kva_tot], 10.617752, 1e-6);
  EXPECT_NEAR(read[Reading::kw_b], 3.046169, 1e-6);
  EXPECT_NEAR(read[Reading::kvar_b], 1.619677, 1e-6);
  EXPECT_NEAR(read[Reading::i_residual], 33.9411, 1e-4);
  EXPECT_NEAR(read[Reading::i_avg], 30, 1e-12);
  EXPECT_NEAR(read[Reading::pf_sign_tot], -9.343947 / 10.617752, 1e-6);
  ReadingOptions scalar;
  scalar.scalar_apparent = true;
  EXPECT_NEAR(Read(sinusoidal(balanced(120, 0), balanced(50, -30)), scalar)[Reading::kva_tot], 18,
              1e-9);
}

// Covers: PWR-002, PWR-003, PWR-005, PWR-007, PWR-008
TEST(Readings, SignThePowerFactorByQuadrantAndConvention) {
  struct Case {
    double angle_deg, ieee, iec;
    bool lags;
  };
  for (const Case& c : {Case{-60, -0.5, 0.5, true}, Case{60, 0.5, 0.5, false},
                        Case{-120, 0.5, -0.5, false}, Case{120, -0.5, -0.5, true}}) {
    const IntervalData data = sinusoidal(balanced(230, 0), balanced(10, c.angle_deg));
    EXPECT_NEAR(Read(data)[Reading::pf_sign_tot], c.ieee, 1e-9) << c.angle_deg;
    ReadingOptions iec;
    iec.iec_sign = true;
    EXPECT_NEAR(Read(data, iec)[Reading::pf_sign_a], c.iec, 1e-9) << c.angle_deg;
    EXPECT_EQ(std::isnan(Read(data)[Reading::pf_lead_tot]), c.lags);
    EXPECT_NEAR(Read(data)[c.lags ? Reading::pf_lag_b : Reading::pf_lead_b], 0.5, 1e-9);
  }
  EXPECT_NEAR(Read(sinusoidal(balanced(230, 0), balanced(10, 0)))[Reading::pf_sign_tot], 1, 1e-12);
  EXPECT_NEAR(Read(sinusoidal(balanced(230, 0), balanced(10, -90)))[Reading::pf_sign_tot], 0, 1e-9);
}

// Covers: PWR-004
TEST(Readings, TellTruePowerFactorApartFromDisplacement) {
  IntervalData data = sinusoidal(balanced(230, 0), balanced(10, 0));
  for (std::size_t p = 0; p < 3; ++p) data.means.rms[4 + p] = 10 * std::sqrt(1 + 0.3 * 0.3);
  const Read read(data);
  EXPECT_NEAR(read[Reading::pf_sign_tot], 1 / std::sqrt(1.09), 1e-9);
  EXPECT_NEAR(read[Reading::dpf_sign_tot], 1, 1e-12);
}

// Covers: MEA-018
TEST(Readings, TakeUnbalanceFromTheMean) {
  auto v = balanced(230, 0);
  v[1] *= 220.0 / 230;
  auto i = balanced(10, 0);
  i[2] *= 0.7;
  const Read read(sinusoidal(v, i));
  const double mean = (230 + 220 + 230) / 3.0;
  EXPECT_NEAR(read[Reading::v_unbal], 100 * (mean - 220) / mean, 1e-9);
  EXPECT_NEAR(read[Reading::i_unbal], 100 * (9 - 7) / 9.0, 1e-9);
}

// Covers: MEA-019, CMS-030
TEST(Readings, SeeTwoPhasesSwapped) {
  const auto v = balanced(230, 0);
  EXPECT_EQ(Read(sinusoidal(v, v))[Reading::phase_rev], 0);
  EXPECT_EQ(Read(sinusoidal({v[0], v[2], v[1]}, v))[Reading::phase_rev], 1);
  ReadingOptions acb;
  acb.reversed_order = true;
  EXPECT_EQ(Read(sinusoidal({v[0], v[2], v[1]}, v), acb)[Reading::phase_rev], 0);
}

// Covers: MEA-011
TEST(Readings, LeaveLineToNeutralOutUnderDelta) {
  const auto v = balanced(230, 0);
  IntervalData data = sinusoidal(v, balanced(10, -30));
  data.connection = Connection::delta;
  for (std::size_t p = 0; p < 3; ++p)
    data.means.rms[p] = data.means.line_rms[p] = 230 * std::sqrt(3.0);
  ReadingOptions options;
  options.mode = VoltsMode::delta;
  const Read read(data, options);
  EXPECT_TRUE(std::isnan(read[Reading::vln_a]));
  EXPECT_TRUE(std::isnan(read[Reading::kw_a]));
  EXPECT_NEAR(read[Reading::vll_avg], 230 * std::sqrt(3.0), 1e-9);
  EXPECT_NEAR(read[Reading::kw_tot], 3 * 2.3 * std::cos(30 * degree), 1e-9);
  EXPECT_NEAR(read[Reading::kva_tot], 3 * 2.3, 1e-9);
}

TEST(Readings, MeasureTwoLegsOfASinglePhaseSystem) {
  IntervalData data =
      sinusoidal({Phasor(120), Phasor(-120), Phasor(0)}, {Phasor(10), Phasor(-5), Phasor(0)});
  data.present = 0x33;
  ReadingOptions options;
  options.mode = VoltsMode::single;
  const Read read(data, options);
  EXPECT_NEAR(read[Reading::vll_ab], 240, 1e-9);
  EXPECT_NEAR(read[Reading::kw_tot], 1.8, 1e-9);
  EXPECT_TRUE(std::isnan(read[Reading::vln_c]));
  EXPECT_TRUE(std::isnan(read[Reading::v_unbal]));
}

TEST(Readings, SayNotAvailableForWhatIsNotConnected) {
  IntervalData data = sinusoidal(balanced(230, 0), balanced(10, 0));
  data.present = 0x07;
  const Read read(data);
  for (const Reading r : {Reading::i_a, Reading::kw_tot, Reading::kva_tot, Reading::pf_sign_tot,
                          Reading::v4, Reading::i4})
    EXPECT_TRUE(std::isnan(read[r]));
  EXPECT_NEAR(read[Reading::vln_a], 230, 1e-9);
}

TEST(Readings, OfASingleWireAreThoseOfItsOnlyPhase) {
  IntervalData interval;
  interval.present = 0x11;  // V1, I1
  interval.means.rms[0] = 230;
  interval.means.rms[4] = 10;
  interval.means.active_w[0] = 2'000;
  ReadingOptions options;
  options.mode = VoltsMode::single;
  const Readings readings = readings_of(interval, options);
  EXPECT_DOUBLE_EQ(readings[static_cast<std::size_t>(Reading::kw_a) + 3], 2);
  EXPECT_NEAR(readings[static_cast<std::size_t>(Reading::kva_a) + 3], 2.3, 1e-12);
  options.mode = VoltsMode::four_wire_wye;
  EXPECT_TRUE(std::isnan(readings_of(interval, options)[static_cast<std::size_t>(Reading::kw_a) + 3]));
}

}  // namespace
}  // namespace polyphase::metering
