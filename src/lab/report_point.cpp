#include "lab/report_point.hpp"

namespace polyphase::lab {

Tally tally_of(std::span<const ReportPoint> points) {
  Tally tally;
  for (const ReportPoint& point : points)
    if (point.excluded())
      tally.exclude(point.exclusion(), registers::available(point.value));
    else
      tally.valid += 1;
  return tally;
}

}  // namespace polyphase::lab
