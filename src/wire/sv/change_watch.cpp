#include "wire/sv/change_watch.hpp"

namespace polyphase::wire::sv {
namespace {

constexpr double lost_at_the_end = 0.02;  // a second that ends so little early lost samples
constexpr int fall_min = 64;              // less is a sample out of order

}  // namespace

ChangeWatch::Verdict ChangeWatch::look(const Observation& seen, const std::optional<Pace>& pace,
                                       const Asdu& asdu) {
  if (seen.samples == 0) return Verdict::fits;
  if (asdu.channels() != seen.channels || asdu.sample_rate != seen.sample_rate ||
      asdu.sample_mode != seen.sample_mode || (pace && asdu.sample_count >= pace->wrap))
    return ++misfits_ < misfits_max ? Verdict::misfit : Verdict::changed;
  misfits_ = 0;
  const int fall = seen.last_count - asdu.sample_count;
  if (!pace || fall < fall_min || fall <= seen.last_count / 2) return Verdict::fits;
  const std::uint32_t end = seen.last_count + 1u;
  const bool early = end < pace->wrap * (1 - lost_at_the_end);
  const bool again = early && end == early_end_;
  early_end_ = early ? end : 0;
  return again ? Verdict::changed : Verdict::fits;
}

}  // namespace polyphase::wire::sv
