#include "lab/assessment.hpp"

#include <cmath>

namespace polyphase::lab {

void Tally::exclude(Exclusion reason, bool has_value) {
  invalid += 1;
  seen += has_value ? 1 : 0;
  double& of_reason = reason == Exclusion::flagged     ? flagged
                      : reason == Exclusion::not_whole ? not_whole
                                                       : missing;
  of_reason += 1;
}

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::complies:
      return "complies";
    case Verdict::fails:
      return "does not comply";
    case Verdict::not_whole:
      return "not a whole period";
    case Verdict::all_flagged:
      return "all excluded (flagged)";
    case Verdict::all_excluded:
      return "all excluded (not whole)";
    case Verdict::not_set_up:
      return "not set up";
    case Verdict::not_measured:
      break;
  }
  return "not measured";
}

bool is_whole(double intervals, const Observation& observed) {
  constexpr double share = 0.98;
  return intervals * observed.interval_s >= share * observed.period_s;
}

Verdict verdict_of(const Tally& tally, const Observation& observed, double beyond_percent_max) {
  if (tally.valid == 0) {
    // Of a channel that is not there some intervals are flagged too, for what the others show.
    if (tally.invalid == 0 || (tally.missing > 0 && tally.seen == 0)) return Verdict::not_measured;
    return tally.flagged > 0 ? Verdict::all_flagged : Verdict::all_excluded;
  }
  const bool whole = is_whole(tally.valid + tally.invalid, observed);
  const double valid_at_most =
      whole ? tally.valid
            : std::fmax(tally.valid,
                        std::round(observed.period_s / observed.interval_s) - tally.invalid);
  if (100 * tally.beyond > beyond_percent_max * valid_at_most) return Verdict::fails;
  return whole ? Verdict::complies : Verdict::not_whole;
}

std::size_t nearest_rank(std::size_t count, double percent) {
  const double rank = std::ceil(percent * static_cast<double>(count) / 100 - 1e-9);
  return rank < 1 ? 0 : std::min(static_cast<std::size_t>(rank), count) - 1;
}

}  // namespace polyphase::lab
