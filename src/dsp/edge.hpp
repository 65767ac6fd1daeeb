#pragma once

#include <cstddef>
#include <vector>

namespace polyphase::dsp {

/// The smooth step c(u) that shares samples between two intervals that meet at u = 0.
///
/// An interval [t0, t1) weighs sample i with c(i - t0) - c(i - t1): 1 inside, falling over +-reach
/// samples around its ends. c is the running integral of a Kaiser window of 12 samples (beta 7),
/// or, where a cycle has few samples, of a cubic B-spline of 4. Error of a cycle's mean square at 4
/// 000 samples a second, rich in harmonics: 2e-6.
class EdgeWeights {
 public:
  enum class Kind { kaiser_12, b_spline_4 };
  explicit EdgeWeights(Kind kind);

  double reach() const { return reach_; }  ///< samples to either side of an edge
  double step(double u) const {
    if (u <= -reach_) return 0;
    if (u >= reach_) return 1;
    const double at = (u + reach_) * points_per_sample;
    const auto i = static_cast<std::size_t>(at);
    return table_[i] + (table_[i + 1] - table_[i]) * (at - static_cast<double>(i));
  }

 private:
  static constexpr double points_per_sample = 2048;
  double reach_;
  std::vector<double> table_;
};

}  // namespace polyphase::dsp
