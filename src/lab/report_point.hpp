#pragma once

#include <span>

#include "base/quality.hpp"
#include "base/time.hpp"
#include "lab/assessment.hpp"
#include "registers/register.hpp"

namespace polyphase::lab {

/// One value of a series: an aggregate that the meter has told.
struct ReportPoint {
  Instant end;
  double value = registers::not_available;
  Quality quality;
  bool counts = false;  ///< though flagged: a voltage that was low or high for long is judged
  /// Not there, flagged, or of fewer cycles than it should be.
  Exclusion exclusion() const {
    if (quality.has(Quality::disturbed) && !counts) return Exclusion::flagged;
    if (!registers::available(value)) return Exclusion::missing;
    return quality.has(Quality::partial) ? Exclusion::not_whole : Exclusion::none;
  }
  bool excluded() const { return exclusion() != Exclusion::none; }
};

/// Which of them count, and why the others do not; how many are beyond a limit is not in it.
Tally tally_of(std::span<const ReportPoint> points);

}  // namespace polyphase::lab
