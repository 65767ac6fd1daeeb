#pragma once

#include <cstdint>
#include <span>

#include "base/samples.hpp"

namespace polyphase::metering {

/// The signal that DEMO volts mode measures instead of the inputs: three phases of 277 V and about
/// 100 A lagging by 20 degrees, a few harmonics, 5 A in the neutral. A function of the sample's
/// number.
void demo_signal(std::span<Frame> frames, double sample_rate_hz, double frequency_hz,
                 std::uint64_t first);

}  // namespace polyphase::metering
