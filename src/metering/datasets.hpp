#pragma once

#include "base/time.hpp"
#include "metering/measurement.hpp"
#include "metering/spectrum.hpp"
#include "metering/sample_ring.hpp"

namespace polyphase::metering {

/// The data sets that acquisition hands to modules: measured intervals with their place in time.

/// Data set "half cycle".
struct HalfCycleData {
  const HalfCycle* half_cycle = nullptr;
  Instant begin, end;                    ///< of the reference's half cycle
  PerChannel<Instant> window_begin{};    ///< of the cycle behind half_cycle->rms
  PerChannel<Quality> window_quality{};  ///< of the half cycles it touches; partial: first after a gap
  PerChannel<double> window_bridged{};   ///< share of lost samples in them, at most
  ChannelMask present = 0;               ///< measured or derived; the others are not there
  Connection connection = Connection::wye;
  unsigned restarts = 0;                 ///< gaps that lie before it
  const SampleRing* samples = nullptr;   ///< scaled; positions in it are those of half_cycle
  double samples_first = 0;  ///< from here to half_cycle->end they are there, however they came
  double sample_rate_hz = 0;
};

/// Data set "window": the spectrum of 10 or 12 cycles.
struct WindowData {
  const Window* window = nullptr;
  const Bins* bins = nullptr;  ///< of this window, while it is told
  Instant begin, end;
  ChannelMask present = 0;
  Connection connection = Connection::wye;
};

/// Data set "interval": means over whole cycles; of a cycle, a window or a second.
struct IntervalData {
  Means means;
  Instant begin, end;
  ChannelMask present = 0;
  Connection connection = Connection::wye;
  PerChannel<Quality> quality{};  ///< of each channel alone; what all share is in Step
  double bridged = 0;             ///< share of the samples that were lost and stood in for
};

}  // namespace polyphase::metering
