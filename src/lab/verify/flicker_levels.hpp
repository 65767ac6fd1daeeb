#pragma once

namespace polyphase::lab::verify {

/// Levels of further tests of IEC 61000-4-15 that could not be had from a public source, for the
/// lamps 120 V at 50 Hz, 120 V at 60 Hz, 230 V at 50 Hz, 230 V at 60 Hz (clause text not read).

/// Deviation of the voltage from 120 or 230 V in the combined change of frequency and voltage, for
/// a Pinst of 1: by the simulation in flicker_levels_test.cpp.
inline constexpr double flicker_combined_v[] = {0.365, 0.366, 0.593, 0.597};
/// dV/V of rectangles of 28 Hz for 12 s of each minute, for a Pst of 1: as remembered, but the
/// last, which is by the simulation.
inline constexpr double flicker_duty_percent[] = {2.017, 2.126, 1.418, 1.483};

}  // namespace polyphase::lab::verify
