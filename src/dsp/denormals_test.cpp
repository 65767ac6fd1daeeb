#include "dsp/denormals.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

namespace polyphase::dsp {
namespace {

double half_of_the_smallest_normal() {
  volatile double x = std::numeric_limits<double>::min();
  x = x / 2;
  return x;
}

TEST(DenormalsAreZero, HoldsWithinItsScopeOnly) {
  EXPECT_GT(half_of_the_smallest_normal(), 0);
  {
    const DenormalsAreZero guard;
#if defined(__SSE2__) || defined(__aarch64__)
    EXPECT_EQ(half_of_the_smallest_normal(), 0);
#endif
  }
  EXPECT_GT(half_of_the_smallest_normal(), 0);
}

}  // namespace
}  // namespace polyphase::dsp
