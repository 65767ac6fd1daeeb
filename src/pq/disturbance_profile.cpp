#include "pq/disturbance_profile.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::pq {

void ProfileGatherer::Sums::add(double percent, double duration_s) {
  if (profile.duration_s == 0) profile.minimum = profile.maximum = percent;
  profile.minimum = std::min(profile.minimum, percent);
  profile.maximum = std::max(profile.maximum, percent);
  profile.duration_s += duration_s;
  percent_seconds += percent * duration_s;
  const double ratio = percent / 100;
  profile.energy += 100 * std::abs(1 - ratio * ratio) * duration_s;
}

DisturbanceProfile ProfileGatherer::Sums::result() const {
  DisturbanceProfile result = profile;
  if (profile.duration_s > 0) result.average = percent_seconds / profile.duration_s;
  return result;
}

void ProfileGatherer::start() {
  whole_ = piece_ = {};
  last_piece_ = {};
}

bool ProfileGatherer::add(double percent, double duration_s, double change_critical) {
  bool cut = false;
  if (piece_.profile.duration_s == 0) {
    level_ = percent;
  } else if (std::abs(percent - level_) > change_critical) {
    finish();
    piece_ = {};
    level_ = percent;
    cut = true;
  }
  whole_.add(percent, duration_s);
  piece_.add(percent, duration_s);
  return cut;
}

}  // namespace polyphase::pq
