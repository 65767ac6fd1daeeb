#include "lab/trace.hpp"

#include <cmath>

namespace polyphase::lab {
namespace {

void merge(Trace::Stretch& a, const Trace::Stretch& b) {
  a.end = b.end;
  a.low = std::fmin(a.low, b.low);
  a.high = std::fmax(a.high, b.high);
  a.excluded |= b.excluded;
}

}  // namespace

void Trace::add(Instant begin, Instant end, double value) {
  const Stretch one{begin, end, value, value, std::isnan(value)};
  if (in_last_ > 0 && in_last_ < each_) {
    merge(stretches_.back(), one);
    ++in_last_;
    return;
  }
  if (stretches_.size() == stretches_max) {
    for (std::size_t i = 0; i < stretches_max / 2; ++i) {
      stretches_[i] = stretches_[2 * i];
      merge(stretches_[i], stretches_[2 * i + 1]);
    }
    stretches_.resize(stretches_max / 2);
    each_ *= 2;
  }
  stretches_.push_back(one);
  in_last_ = 1;
}

}  // namespace polyphase::lab
