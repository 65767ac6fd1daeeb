#include "pq/disturbance_profile.hpp"

#include <gtest/gtest.h>

namespace polyphase::pq {
namespace {

TEST(DisturbanceProfile, DescribesTheWholeDisturbance) {
  ProfileGatherer gatherer;
  gatherer.start();
  for (int i = 0; i < 10; ++i) gatherer.add(70, 0.01, 1000);
  for (int i = 0; i < 30; ++i) gatherer.add(50, 0.01, 1000);
  const DisturbanceProfile profile = gatherer.whole();
  EXPECT_NEAR(profile.duration_s, 0.4, 1e-12);
  EXPECT_EQ(profile.minimum, 50);
  EXPECT_EQ(profile.maximum, 70);
  EXPECT_NEAR(profile.average, (70 * 0.1 + 50 * 0.3) / 0.4, 1e-12);
  EXPECT_NEAR(profile.energy, 100 * ((1 - 0.49) * 0.1 + (1 - 0.25) * 0.3), 1e-12);
}

// On 120 V nominal a change of more than 12 V opens a new sub-disturbance.
TEST(DisturbanceProfile, IsCutWhereTheVoltageChangesByMoreThanTheCriticalAmount) {
  ProfileGatherer gatherer;
  gatherer.start();
  EXPECT_FALSE(gatherer.add(80, 0.01, 10));
  EXPECT_FALSE(gatherer.add(70, 0.01, 10));
  EXPECT_TRUE(gatherer.add(69, 0.01, 10));
  EXPECT_NEAR(gatherer.piece().duration_s, 0.02, 1e-12);
  EXPECT_EQ(gatherer.piece().minimum, 70);
  gatherer.finish();
  EXPECT_EQ(gatherer.piece().maximum, 69);
  EXPECT_NEAR(gatherer.whole().duration_s, 0.03, 1e-12);
}

TEST(DisturbanceProfile, CountsASwellAsExcess) {
  ProfileGatherer gatherer;
  gatherer.start();
  gatherer.add(120, 1, 10);
  EXPECT_NEAR(gatherer.whole().energy, 44, 1e-12);
}

}  // namespace
}  // namespace polyphase::pq
