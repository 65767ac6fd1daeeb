#include "sources/mapping.hpp"

#include <gtest/gtest.h>

#include "sources/channel_name.hpp"

namespace polyphase::sources {
namespace {

std::array<int, channel_count> mapped(const std::vector<Candidate>& candidates, bool delta = false,
                                      std::string_view map = {}) {
  auto mapping = map_channels(candidates, map, delta);
  EXPECT_TRUE(mapping) << mapping.error().text();
  return mapping ? mapping->source : std::array<int, channel_count>{};
}

TEST(Mapping, KnowsTheUsualNames) {
  const std::array<int, channel_count> all{0, 1, 2, 3, 4, 5, 6, 7};
  const char* sets[][8] = {{"V1", "V2", "V3", "V4", "I1", "I2", "I3", "I4"},
                           {"UA", "UB", "UC", "3U0", "IA", "IB", "IC", "3I0"},
                           {"F5-VA", "F6-VB", "F7-VC", "F8-VN", "F1-IA", "F2-IB", "F3-IC", "F4-IG"},
                           {"U_L1", "U_L2", "U_L3", "UN", "IL1", "IL2", "IL3", "IN"},
                           {"Va", "Vb", "Vc", "Vn", "Ia", "Ib", "Ic", "In"},
                           {"L1-N", "L2-N", "L3-N", "N-E", "L1", "L2", "L3", "N"},
                           {"A-N", "B-N", "C-N", "N", "A", "B", "C", "N"},
                           {"Bus A/G", "Bus B/G", "Bus C/G", "Bus N", "F A", "F B", "F C", "F N"}};
  for (const auto& set : sets) {
    std::vector<Candidate> candidates;
    for (std::size_t c = 0; c < 8; ++c) candidates.push_back({set[c], "", c < 4 ? "V" : "A", true});
    EXPECT_EQ(mapped(candidates), all) << set[0];
  }
}

TEST(Mapping, NeverTakesLineVoltagesForPhases) {
  const std::vector<Candidate> lines{
      {"UAB", "", "kV", true}, {"U23", "2", "kV", true}, {"Vca", "", "kV", true}};
  EXPECT_EQ(mapped(lines), (std::array<int, channel_count>{-1, -1, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(mapped(lines, true), (std::array<int, channel_count>{0, 1, 2, -1, -1, -1, -1, -1}));
  const std::vector<Candidate> separated{
      {"L1-L2", "", "V", true}, {"B-C", "", "V", true}, {"Bus T/R", "", "V", true}};
  EXPECT_EQ(mapped(separated), mapped(lines));
  EXPECT_EQ(mapped(separated, true), mapped(lines, true));
  const auto mapping = map_channels(lines, "", true);
  EXPECT_EQ(mapping->factor[0], 1000);
}

TEST(Mapping, PassesOverMagnitudesAndAngles) {
  EXPECT_EQ(
      mapped(
          {{"Va Mag", "", "kV", false}, {"Va Angle", "", "deg", false}, {"Va", "", "V", true}})[0],
      2);
}

TEST(Mapping, NamesTwoThatAreEquallyGood) {
  const auto mapping =
      map_channels({{"F1-IA", "", "A", true}, {"F9-IA", "", "A", true}}, "", false);
  ASSERT_FALSE(mapping);
  EXPECT_NE(mapping.error().message.find("'F1-IA' (#1) and 'F9-IA' (#2)"), std::string::npos);
}

TEST(Mapping, ObeysTheMap) {
  const std::vector<Candidate> candidates{
      {"X", "", "", true}, {"U21", "", "kV", true}, {"c", "", "A", true}};
  const auto mapping = map_channels(candidates, "V1=-U21, I1=#3,V2=#1*2.5", false);
  ASSERT_TRUE(mapping) << mapping.error().text();
  EXPECT_EQ(mapping->source[0], 1);
  EXPECT_EQ(mapping->factor[0], -1000);
  EXPECT_EQ(mapping->source[4], 2);
  EXPECT_EQ(mapping->factor[1], 2.5);
  EXPECT_FALSE(map_channels(candidates, "V1=Y", false));
  EXPECT_FALSE(map_channels(candidates, "V7=X", false));
  EXPECT_FALSE(map_channels(candidates, "nonsense", false));
}

TEST(Mapping, GoesOnByNamesForWhatTheMapLeavesOut) {
  const std::vector<Candidate> candidates{
      {"UA1", "", "V"}, {"UA", "", "V"}, {"UB", "", "V"}, {"I1", "", "A"}};
  const auto mapping = map_channels(candidates, "V1=UA1,I1=", false);
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->source, (std::array<int, channel_count>{0, 2, -1, -1, -1, -1, -1, -1}));
}

TEST(Mapping, RefusesANameThatTwoChannelsHave) {
  const std::vector<Candidate> candidates{{"UA", "", "V"}, {"UA", "", "V"}};
  const auto mapping = map_channels(candidates, "V1=UA", false);
  ASSERT_FALSE(mapping);
  EXPECT_NE(mapping.error().message.find("choose by number"), std::string::npos);
  EXPECT_EQ(map_channels(candidates, "V1=#2", false)->source[0], 1);
  EXPECT_FALSE(map_channels(candidates, "V1=#1,V1=#2", false));
}

TEST(Mapping, TurnsLineVoltagesThatRunTheOtherWay) {
  const auto mapping =
      map_channels({{"U21", "", "V"}, {"U32", "", "V"}, {"Vo", "", "V"}}, "", true);
  ASSERT_TRUE(mapping);
  EXPECT_EQ(mapping->source, (std::array<int, channel_count>{0, 1, -1, 2, -1, -1, -1, -1}));
  EXPECT_EQ(mapping->factor[0], -1);
}

TEST(Mapping, PrefersAPlainNameAndAChannelThatIsAlive) {
  EXPECT_EQ(mapped({{"T2 UA", "", "V"}, {"UA", "", "V"}})[0], 1);
  EXPECT_EQ(mapped({{"T1-UA", "", "V", true, true}, {"T2-UA", "", "V", true, false}})[0], 1);
}

TEST(Mapping, GoesByThePhaseFieldWhereTheNameSaysNothing) {
  EXPECT_EQ(mapped({{"Bus", "B", "V"}, {"Feeder", "N", "A"}}),
            (std::array<int, channel_count>{-1, 0, -1, -1, -1, -1, -1, 1}));
}

TEST(Mapping, TakesTheOnlyVoltageAndCurrentForTheFirstPhase) {
  EXPECT_EQ(mapped({{"Voltage", "", ""}, {"Current", "", ""}}),
            (std::array<int, channel_count>{0, -1, -1, -1, 1, -1, -1, -1}));
}

TEST(Mapping, LeavesOutOtherQuantities) {
  EXPECT_EQ(mapped({{"UA", "", "A"}, {"IA", "", "deg"}, {"UB", "", "pu"}, {"UC", "", ""}}),
            (std::array<int, channel_count>{-1, -1, 3, -1, -1, -1, -1, -1}));
}

TEST(ChannelName, IsReadInManyForms) {
  using enum Meaning::Which;
  const struct {
    const char* name;
    Kind kind;
    Meaning::Which which;
  } cases[] = {{"UA", Kind::voltage, a},        {"F6-VB", Kind::voltage, b},
               {"IL3", Kind::current, c},       {"U_L1", Kind::voltage, a},
               {"3U0", Kind::voltage, neutral}, {"3I0", Kind::current, neutral},
               {"IN", Kind::current, neutral},  {"Vo", Kind::voltage, neutral},
               {"VAN", Kind::voltage, a},       {"UL2-E", Kind::voltage, b},
               {"Line 1 Ib", Kind::current, b}, {"Bus U L1-L2", Kind::voltage, ab},
               {"U12", Kind::voltage, ab},      {"U31", Kind::voltage, ca},
               {"VAC", Kind::voltage, ac},      {"UB", Kind::voltage, b},
               {"U\u0410", Kind::voltage, a},   {"UR", Kind::voltage, a},
               {"V phase C", Kind::voltage, c}, {"TRIP", Kind::none, nothing}};
  for (const auto& [name, kind, which] : cases) {
    const Meaning meaning = read_name(name).meaning;
    if (which == nothing) {
      EXPECT_FALSE(meaning.complete()) << name;
      continue;
    }
    EXPECT_EQ(meaning.which, which) << name;
    EXPECT_EQ(meaning.kind, kind) << name;
  }
}

}  // namespace
}  // namespace polyphase::sources
