// What the setup and the tier of a whole meter change.
#include "property/meter.hpp"

namespace polyphase::property {
namespace {

using Kind = control::Command::Kind;

const Signal steady = three_phase({.current_a = 10, .lag_deg = 30});
constexpr std::array tiers{"essential", "standard", "advanced"};

// Orders 31, 32 and 63 at 2 %, and 1 % between the third and the fourth.
Signal spectrum() {
  const Signal harmonics =
      three_phase({.harmonics = {{31, 2, 2, 0}, {32, 2, 2, 0}, {63, 2, 2, 0}}});
  return [harmonics](double t) {
    Frame frame = harmonics(t);
    for (std::size_t c : {0u, 4u})
      frame.value[c] += static_cast<float>((c == 0 ? 2.3 : 1.0) * std::numbers::sqrt2 *
                                           std::cos(2 * std::numbers::pi * 175 * t));
    return frame;
  };
}

// Covers: TIR-005, TIR-015, MEA-022, MEA-036, PQ-039, OVR-012, OVR-013
TEST(WholeMeterSetup, MeasuresTheSpectrumThatItsTierHas) {
  for (const std::string tier : tiers) {
    Meter meter(10240, {}, tier);
    meter.start().feed(spectrum(), 2);
    EXPECT_FALSE(meter.engine->registers().find("V1 H64"));
    for (const std::string channel : {"V1", "I1"}) {
      EXPECT_NEAR(meter.value(channel + " H31"), 2, 0.01) << tier;
      for (const char* order : {" H32", " H63"}) {
        EXPECT_EQ(meter.has(channel + order), tier != "essential") << tier << channel << order;
        if (meter.has(channel + order)) {
          EXPECT_NEAR(meter.value(channel + order), 2, 0.01) << tier;
        }
      }
      EXPECT_EQ(meter.has(channel + " IH3"), tier == "advanced") << tier;
      if (meter.has(channel + " IH3")) {
        EXPECT_NEAR(meter.value(channel + " IH3"), 1, 0.01);
      }
    }
  }
}

// 11.5, 4.6, 2.3 and 1.15 V at 250, 255, 265 and 275 Hz: subgroups hold the first two and the others,
// groups all but half of the last, and all but the first. What IEC 61000-4-30 aggregates stays.
//
// Covers: MEA-022, PQ-001
TEST(WholeMeterSetup, GroupsTheSpectrumAsToldFromTheNextWindowOn) {
  const Signal fundamental = three_phase({});
  const Signal signal = [fundamental](double t) {
    Frame frame = fundamental(t);
    for (const auto& [hz, rms] :
         {std::pair{250, 11.5}, std::pair{255, 4.6}, std::pair{265, 2.3}, std::pair{275, 1.15}})
      frame.value[0] +=
          static_cast<float>(rms * std::numbers::sqrt2 * std::cos(2 * std::numbers::pi * hz * t));
    return frame;
  };
  const auto expect = [](Meter& meter, double fifth, double between, double thd) {
    EXPECT_NEAR(meter.value("V1 H5 mag"), fifth, 0.005);
    EXPECT_NEAR(meter.value("V1 H5"), fifth / 2.3, 0.005);
    EXPECT_NEAR(meter.value("V1 IH5"), between / 2.3, 0.005);
    EXPECT_NEAR(meter.value("V1 THD"), thd / 2.3, 0.005);
  };
  const double sixth = 1.15 / std::numbers::sqrt2;
  Meter meter(10240), grouped(10240, {{"DAQ1.Grouping", "GROUPS"}});
  meter.start().feed(signal, 6);
  expect(meter, 12.38588, 2.57148, 12.38588);
  grouped.start().feed(signal, 6);
  expect(grouped, 12.62384, 5.26996, std::hypot(12.62384, sixth));
  EXPECT_NEAR(grouped.value("V1 THD 3s"), 12.38588 / 2.3, 0.005);
  EXPECT_EQ(grouped.value("V1 THD 3s"), meter.value("V1 THD 3s"));
  for (const bool groups : {true, false}) {
    meter.command(Kind::write, "DAQ1.Grouping", groups ? "GROUPS" : "SUBGROUPS");
    meter.feed(signal, 0.5);
    if (groups)
      expect(meter, 12.62384, 5.26996, std::hypot(12.62384, sixth));
    else
      expect(meter, 12.38588, 2.57148, 12.38588);
  }
}

// Covers: TIR-011, MEA-036
TEST(WholeMeterSetup, LooksForRapidVoltageChangesOnStandardAndAdvancedAlone) {
  for (const std::string tier : tiers) {
    Meter meter(10240, {}, tier);
    EXPECT_EQ(meter.engine->set("SS1.RVC Lim", "3").has_value(), tier != "essential") << tier;
  }
}

// The third of a symmetrical system is zero sequence: no line voltage has it, each current does.
//
// Covers: PQ-031
TEST(WholeMeterSetup, HasTheHarmonicsOfTheVoltagesThatItsVoltsModeMeasures) {
  const Signal wye = three_phase({.harmonics = {{3, 4, 8, 0}, {5, 2, 6, 0}}});
  const Signal delta = [wye](double t) {
    const Frame phase = wye(t);
    Frame frame = phase;
    for (std::size_t p = 0; p < 3; ++p) frame.value[p] -= phase.value[(p + 1) % 3];
    return frame;
  };
  for (const auto& [mode, signal, third] :
       {std::tuple{"4W-WYE", wye, 4.0}, std::tuple{"DELTA", delta, 0.0}}) {
    Meter meter(4800, {{"PM1.Volts Mode", mode}});
    meter.start().feed(signal, 2);
    for (const std::string n : {"1", "2", "3"}) {
      EXPECT_NEAR(meter.value("V" + n + " H3"), third, 0.01) << mode;
      EXPECT_NEAR(meter.value("V" + n + " H5"), 2, 0.01) << mode;
      EXPECT_NEAR(meter.value("I" + n + " H3"), 8, 0.01) << mode;
    }
    EXPECT_NEAR(meter.value("V1 H1 mag"), third > 0 ? 230 : 230 * std::sqrt(3), 0.1) << mode;
  }
}

// Covers: PQ-032
TEST(WholeMeterSetup, ShowsTheTriplensThatAddUpInTheNeutral) {
  const Signal load = three_phase({.current_a = 100, .harmonics = {{3, 0, 20, 0}, {5, 0, 10, 0}}});
  Meter meter(4800);
  meter.info.channels_present = 0xf7;
  meter.start().feed(
      [load](double t) {
        Frame frame = load(t);
        frame.value[7] = frame.value[4] + frame.value[5] + frame.value[6];
        return frame;
      },
      2);
  EXPECT_NEAR(meter.value("I4 H3 mag"), 3 * 20, 0.05);
  EXPECT_NEAR(meter.value("I4 H5 mag"), 0, 0.05);
  EXPECT_NEAR(meter.value("I4 H1 mag"), 0, 0.05);
}

// Covers: TIR-001
TEST(WholeMeterSetup, IsOfOneOfThreeTiersForGood) {
  const std::array names{"Polyphase Essential", "Polyphase Standard", "Polyphase Advanced"};
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    Meter meter(4800, {}, tiers[i]);
    for (const char* fixed : {"FAC1.Feature Set", "HM1.Highest Order", "HM1.Interharmonics"})
      EXPECT_FALSE(meter.engine->set(fixed, "1")) << fixed;
    meter.start().feed(steady, 1.5);
    for (const char* fixed : {"FAC1.Feature Set", "HM1.Highest Order", "HM1.Interharmonics"})
      EXPECT_FALSE(meter.engine->submit({0, Kind::write, fixed, "1"})) << fixed;
    EXPECT_EQ(meter.engine->registers().text(meter.index_of("FAC1.Device Type")), names[i]);
  }
  EXPECT_FALSE(modules::device_template("professional"));
}

// Covers: CMS-020
TEST(WholeMeterSetup, HasTheQuantitiesOfItsWiring) {
  struct Case {
    const char* mode;
    ChannelMask present;
    std::vector<const char*> there, missing;
  };
  for (const Case& c : std::initializer_list<Case>{
           {"4W-WYE", 0x77, {"Vln a", "Vll ca", "kW c", "kW tot", "V unbal"}, {"V4", "I 4"}},
           {"DELTA", 0x77, {"Vll ab", "Vll avg", "I c", "kW tot"}, {"Vln a", "Vln avg", "kW a"}},
           {"3W-WYE", 0x55, {"Vll bc", "I b", "kW tot"}, {}},
           {"SINGLE", 0x33, {"Vln a", "Vln b", "Vll ab", "kW tot"}, {"Vln c", "kW c", "V unbal"}},
           {"DEMO", 0x00, {"Vln a", "I a", "I 4", "kW tot"}, {}}}) {
    Meter meter(4800, {{"PM1.Volts Mode", c.mode}});
    meter.info.channels_present = c.present;
    meter.start().feed(steady, 2.5);
    for (const char* label : c.there) EXPECT_TRUE(meter.has(label)) << c.mode << " " << label;
    for (const char* label : c.missing) EXPECT_FALSE(meter.has(label)) << c.mode << " " << label;
  }
}

// Covers: CMS-021
TEST(WholeMeterSetup, DoesNotLookAtItsInputsInDemo) {
  Meter live(4800, {{"PM1.Volts Mode", "DEMO"}}), dead(4800, {{"PM1.Volts Mode", "DEMO"}});
  live.start().feed(steady, 2.5);
  dead.start().feed([](double) { return Frame{}; }, 2.5);
  EXPECT_GT(dead.value("kW tot"), 0);
  EXPECT_EQ(live.listener.digest, dead.listener.digest);
}

// Covers: CMS-022, CMS-023, CMS-024, CMS-025, CMS-031, CMS-032
TEST(WholeMeterSetup, ScalesSecondaryValuesByItsRatios) {
  Meter meter(4800, {{"PM1.PT Prim", "20000"},
                     {"PM1.PT Sec", "100"},
                     {"PM1.CT Prim", "200"},
                     {"PM1.CT Sec", "5"},
                     {"PM1.I4 CT Prim", "60"},
                     {"PM1.I4 CT Sec", "1"}});
  meter.info.secondary = true;
  meter.info.channels_present = 0xf7;
  meter.start().feed(sinusoids({60, 60, 60, 0, 3, 3, 3, 0.5}, {0, -120, 120, 0, 0, -120, 120, 0}),
                     2.5);
  EXPECT_NEAR(meter.value("Vln a"), 60 * 200, 0.1);
  EXPECT_NEAR(meter.value("I c"), 3 * 40, 1e-3);
  EXPECT_NEAR(meter.value("I 4"), 0.5 * 60, 1e-3);
  EXPECT_NEAR(meter.value("kW tot"), 3 * 12 * 120, 0.1);
  EXPECT_NEAR(meter.value("MU Vln a"), 60, 1e-3);
  EXPECT_NEAR(meter.value("MU I c"), 3, 1e-4);
}

// Covers: CMS-012, CMS-022..CMS-027, CMS-031, CMS-032
TEST(WholeMeterSetup, TakesItsSettingsWithinTheirBounds) {
  Meter meter(4800);
  for (const std::string name :
       {"PM1.PT Prim", "PM1.PT Sec", "PM1.CT Prim", "PM1.CT Sec", "PM1.I4 CT Prim", "PM1.I4 CT Sec",
        "FAC1.Nominal Voltage", "FAC1.Nominal Current"}) {
    for (const char* value : {"1", "999999"}) EXPECT_TRUE(meter.engine->set(name, value)) << name;
    for (const char* value : {"-1", "1000000", "many"})
      EXPECT_FALSE(meter.engine->set(name, value)) << name;
    // A nominal value of 0 is one that is not set.
    EXPECT_EQ(meter.engine->set(name, "0").has_value(), name.starts_with("FAC1")) << name;
  }
  for (const auto& [name, value] :
       {std::pair{"PM1.PhaseOrder", "ACB"}, {"PM1.I3 Polarity", "INVERTED"}})
    EXPECT_TRUE(meter.engine->set(name, value)) << name;
  for (const auto& [name, value] : {std::pair{"PM1.PhaseOrder", "CAB"},
                                    {"PM1.Volts Mode", "STAR"},
                                    {"FAC1.Nominal Frequency", "55"}})
    EXPECT_FALSE(meter.engine->set(name, value)) << name;
}

// Covers: CMS-026, CMS-027
TEST(WholeMeterSetup, JudgesSagsAndSwellsByTheNominalValues) {
  const auto eventful = [](double t) {
    Frame frame = steady(t);
    if (t > 1 && t < 1.2) frame.value[0] *= 0.8f;
    if (t > 2 && t < 2.2) frame.value[5] *= 1.5f;
    return frame;
  };
  const auto types = [&](const char* volts, const char* amperes) {
    Meter meter(4800, {{"FAC1.Nominal Voltage", volts},
                       {"FAC1.Nominal Current", amperes},
                       {"SS1.I Swell Pickup", "130"}});
    meter.start().feed(eventful, 3);
    meter.engine->finish();
    std::string list;
    for (const auto& disturbance : meter.listener.seen) list += std::string(disturbance.type) + " ";
    return list;
  };
  EXPECT_EQ(types("230", "10"), "sag current-swell ");
  EXPECT_EQ(types("200", "10"), "current-swell swell ") << "230 V are a swell, 184 V no sag";
  EXPECT_EQ(types("230", "20"), "sag ") << "15 of 20 A";
  EXPECT_EQ(types("0", "0"), "");
}

// Covers: RST-011
TEST(WholeMeterSetup, CountsDisturbancesUntilReset) {
  Meter meter(4800, {{"FAC1.Nominal Voltage", "230"}});
  const auto sagging = [](double t) {
    Frame frame = steady(t);
    if (std::fmod(t, 1) > 0.5 && std::fmod(t, 1) < 0.7) frame.value[1] *= 0.7f;
    return frame;
  };
  meter.start().feed(sagging, 3);
  EXPECT_EQ(meter.value("SS1 Dist Count"), 3);
  meter.command(Kind::pulse, "Disturbance Reset").feed(sagging, 1);
  EXPECT_EQ(meter.value("SS1 Dist Count"), 1);
  Meter restarted(4800, {{"FAC1.Nominal Voltage", "230"}});
  for (const auto& [name, value] : meter.engine->retained()) restarted.engine->restore(name, value);
  restarted.start().feed(steady, 1);
  EXPECT_EQ(restarted.value("SS1 Dist Count"), 0);
}

// Covers: CMS-030, MEA-019
TEST(WholeMeterSetup, ExpectsThePhasesInTheOrderSet) {
  const Signal acb = sinusoids({230, 230, 230}, {0, 120, -120});
  Meter wrong(4800), right(4800, {{"PM1.PhaseOrder", "ACB"}});
  wrong.start().feed(acb, 2.5);
  right.start().feed(acb, 2.5);
  EXPECT_EQ(wrong.value("Phase Rev"), 1);
  EXPECT_EQ(right.value("Phase Rev"), 0);
  EXPECT_NEAR(wrong.value("V NegSeqMag"), 230, 0.01);
  EXPECT_NEAR(right.value("V PosSeqMag"), 230, 0.01);
}

// Covers: CMS-041
TEST(WholeMeterSetup, InvertsEachInputAlone) {
  Meter plain(4800);
  plain.start().feed(steady, 2.5);
  constexpr std::array phasors{"Va", "Vb", "Vc", "Ia", "Ib", "Ic"};
  constexpr std::array inputs{"V1", "V2", "V3", "I1", "I2", "I3"};
  constexpr std::array powers{"kW a", "kW b", "kW c"};
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    Meter meter(4800, {{std::string("PM1.") + inputs[i] + " Polarity", "INVERTED"}});
    meter.start().feed(steady, 2.5);
    for (std::size_t p = 0; p < phasors.size(); ++p) {
      const std::string label = std::string(phasors[p]) + " ang";
      // Angles are to V1: where that is inverted all others turn.
      const double turn = (p == i) != (i == 0) ? 180 : 0;
      const double expected = p == 0 ? 0 : turn;
      EXPECT_NEAR(std::remainder(meter.value(label) - plain.value(label) - expected, 360), 0, 0.01)
          << inputs[i] << " " << label;
    }
    for (std::size_t p = 0; p < powers.size(); ++p)
      EXPECT_NEAR(meter.value(powers[p]), plain.value(powers[p]) * (p == i % 3 ? -1 : 1), 1e-5)
          << inputs[i] << " " << powers[p];
  }
}

// Covers: ALM-008
TEST(WholeMeterSetup, TellsAnOvercurrentOfEachPhaseByItself) {
  Meter meter(4800);
  for (const char* setpoint : {"SP2", "SP3", "SP4"})
    for (const auto& [name, value] :
         {std::pair{".Enable", "on"}, {".High Limit", "15"}, {".Low Limit", "15"}})
      EXPECT_TRUE(meter.engine->set(std::string(setpoint) + name, value));
  meter.start().feed(sinusoids({230, 230, 230, 0, 20, 10, 20}, {0, -120, 120, 0, 0, -120, 120}), 3);
  EXPECT_EQ(meter.value("Over I a"), 1);
  EXPECT_EQ(meter.value("Over I b"), 0);
  EXPECT_EQ(meter.value("Over I c"), 1);
  meter.engine->finish();
  ASSERT_EQ(meter.listener.seen.size(), 2u);
  EXPECT_EQ(meter.listener.seen[0].setpoint, meter.index_of("Over I a"));
  EXPECT_EQ(meter.listener.seen[1].setpoint, meter.index_of("Over I c"));
}

}  // namespace
}  // namespace polyphase::property
