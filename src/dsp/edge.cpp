#include "dsp/edge.hpp"

#include <cmath>

#include "dsp/kaiser.hpp"

namespace polyphase::dsp {
namespace {

// Cubic B-spline, support +-2.
double b_spline(double u) {
  const double a = std::abs(u);
  if (a >= 2) return 0;
  return a < 1 ? (4 - 6 * a * a + 3 * a * a * a) / 6 : (2 - a) * (2 - a) * (2 - a) / 6;
}

}  // namespace

EdgeWeights::EdgeWeights(Kind kind) : reach_(kind == Kind::kaiser_12 ? 6 : 2) {
  constexpr double kaiser_beta = 7;
  const auto kernel = [&](double u) {
    return kind == Kind::kaiser_12 ? kaiser(u, reach_, kaiser_beta) : b_spline(u);
  };
  // Simpson's rule over each step; the kernel is symmetric, so the total normalises it.
  const auto points = static_cast<std::size_t>(2 * reach_ * points_per_sample);
  const double step = 1 / points_per_sample;
  table_.assign(points + 2, 0);
  for (std::size_t i = 0; i < points; ++i) {
    const double u = -reach_ + static_cast<double>(i) * step;
    table_[i + 1] =
        table_[i] + (kernel(u) + 4 * kernel(u + step / 2) + kernel(u + step)) * step / 6;
  }
  const double total = table_[points];
  for (double& value : table_) value /= total;
  table_[points + 1] = 1;
}

}  // namespace polyphase::dsp
