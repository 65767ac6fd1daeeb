#include "property/meter.hpp"

namespace polyphase::property {
namespace {

const std::vector<std::pair<std::string, std::string>> nominal{{"FAC1.Nominal Voltage", "230"}};

// Phase a at 70 % from 1.0 s and from 2.0 s, for 0.2 s each.
Signal two_sags() {
  const Signal steady = three_phase({});
  return [steady](double t) {
    Frame frame = steady(t);
    if ((t >= 1.0 && t < 1.2) || (t >= 2.0 && t < 2.2)) frame.value[0] *= 0.7f;
    return frame;
  };
}

TEST(Gaps, ASagFoundInBridgedSamplesSaysSo) {
  Meter meter(4800, nominal);
  SampleBlock bridged;
  bridged.bridged = true;
  meter.start().feed(two_sags(), 1.1).feed(two_sags(), 0.02, 512, bridged).feed(two_sags(), 2.0);
  meter.engine->finish();
  ASSERT_EQ(meter.listener.seen.size(), 2u);
  EXPECT_EQ(meter.listener.seen[0].quality.bits, Quality::bridged);
  EXPECT_EQ(meter.listener.seen[1].quality.bits, 0);
}

TEST(Gaps, ASagAcrossAGapIsPartial) {
  Meter meter(4800, nominal);
  meter.start().feed(two_sags(), 1.1).gap(1.0, two_sags(), 2.0);
  meter.engine->finish();
  ASSERT_EQ(meter.listener.seen.size(), 2u);
  EXPECT_EQ(meter.listener.seen[0].quality.bits, Quality::partial);
  EXPECT_EQ(meter.listener.seen[1].quality.bits, 0);
}

}  // namespace
}  // namespace polyphase::property
