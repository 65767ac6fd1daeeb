#include "lab/accumulator.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::lab {

using registers::Aggregation;
using registers::available;
using registers::not_available;

void Accumulator::add(double value, double duration_s) {
  if (!available(value)) return;
  last_ = value;
  minimum_ = available(minimum_) ? std::min(minimum_, value) : value;
  maximum_ = available(maximum_) ? std::max(maximum_, value) : value;
  weight_ += duration_s;
  sum_ += value * duration_s;
  square_ += value * value * duration_s;
}

void Accumulator::add(const Accumulator& other) {
  if (!available(other.last_)) return;
  last_ = other.last_;
  minimum_ = available(minimum_) ? std::min(minimum_, other.minimum_) : other.minimum_;
  maximum_ = available(maximum_) ? std::max(maximum_, other.maximum_) : other.maximum_;
  weight_ += other.weight_;
  sum_ += other.sum_;
  square_ += other.square_;
}

double Accumulator::value(Aggregation kind) const {
  switch (kind) {
    case Aggregation::mean:
      return weight_ > 0 ? sum_ / weight_ : not_available;
    case Aggregation::rms:
      return weight_ > 0 ? std::sqrt(square_ / weight_) : not_available;
    case Aggregation::minimum:
      return minimum_;
    case Aggregation::maximum:
      return maximum_;
    case Aggregation::last:
      break;
  }
  return last_;
}

void Gathering::add(double value, Instant end, double duration_s) {
  if (pending_.size() == pending_max) {
    constexpr std::size_t half = pending_max / 2;
    for (std::size_t i = 0; i < half; ++i) settled_.add(pending_[i].value, pending_[i].duration_s);
    pending_.erase(pending_.begin(), pending_.begin() + half);
  }
  pending_.push_back({value, duration_s, end});
}

double Gathering::take(Instant cut, Aggregation kind, double tolerance) {
  const auto beyond = std::find_if(pending_.begin(), pending_.end(), [&](const Pending& p) {
    return seconds_between(cut, p.end) > tolerance * p.duration_s;
  });
  for (auto p = pending_.begin(); p != beyond; ++p) settled_.add(p->value, p->duration_s);
  pending_.erase(pending_.begin(), beyond);
  const double taken = settled_.value(kind);
  settled_ = {};
  return taken;
}

}  // namespace polyphase::lab
