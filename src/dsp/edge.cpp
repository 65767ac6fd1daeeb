#include "dsp/edge.hpp"

#include <cmath>

#include "base/contract.hpp"
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
  const auto half = static_cast<double>(reach_);
  const auto kernel = [&](double u) {
    return kind == Kind::kaiser_12 ? kaiser(u, half, kaiser_beta) : b_spline(u);
  };
  // Its running integral by Simpson's rule; the kernel is symmetric, so the total normalises it.
  const std::size_t points = 2 * reach_ * fractions;
  const double width = 1.0 / fractions;
  std::vector<double> integral(points + 1, 0);
  for (std::size_t i = 0; i < points; ++i) {
    const double u = static_cast<double>(i) * width - half;
    integral[i + 1] =
        integral[i] + (kernel(u) + 4 * kernel(u + width / 2) + kernel(u + width)) * width / 6;
  }
  // Sample n of an edge lies at u = n + 1 - reach - fraction.
  for (std::size_t f = 0; f <= fractions; ++f)
    for (std::size_t n = 0; n < 2 * reach_; ++n)
      table_.push_back(static_cast<float>(integral[(n + 1) * fractions - f] / integral[points]));
}

void EdgeWeights::step(double fraction, std::span<float> c) const {
  EXPECTS(c.size() == 2 * reach_);
  const double at = fraction * fractions;
  const auto row = static_cast<std::size_t>(static_cast<int>(at));
  const auto between = static_cast<float>(at - static_cast<double>(row));
  const float* low = &table_[row * c.size()];
  const float* high = low + c.size();
  for (std::size_t n = 0; n < c.size(); ++n) c[n] = low[n] + (high[n] - low[n]) * between;
}

}  // namespace polyphase::dsp
