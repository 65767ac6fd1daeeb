#include "pq/percentiles.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::pq {

void Percentiles::add(double value) noexcept {
  if (std::isnan(value)) return;
  std::size_t i = 0;
  if (value >= highest)
    i = classes_.size() - 1;
  else if (value >= lowest)
    i = 1 + static_cast<std::size_t>(classes_per_decade * std::log10(value / lowest));
  ++classes_[std::min(i, classes_.size() - 1)];
  ++count_;
}

double Percentiles::at(double percent) const noexcept {
  EXPECTS(percent > 0 && percent <= 100);
  if (count_ == 0) return std::numeric_limits<double>::quiet_NaN();
  const auto rank =
      static_cast<std::uint64_t>(std::ceil(percent * static_cast<double>(count_) / 100 - 1e-9));
  std::uint64_t below = 0;
  std::size_t i = 0;
  while (i + 1 < classes_.size() && (below += classes_[i]) < rank) ++i;
  if (i == 0) return 0;
  if (i + 1 == classes_.size()) return highest;
  return lowest * std::pow(10.0, (static_cast<double>(i) - 0.5) / classes_per_decade);
}

}  // namespace polyphase::pq
