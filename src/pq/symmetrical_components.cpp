#include "pq/symmetrical_components.hpp"

#include <limits>
#include <numbers>

namespace polyphase::pq {
namespace {

// Where the positive sequence is only what rounding left the rotation is the other one.
double percent_of_positive(std::complex<double> part, const SymmetricalComponents& s) {
  constexpr double share_min = 1e-5;
  const double size = std::abs(s.positive);
  return size > share_min * std::abs(s.negative) ? 100 * std::abs(part) / size
                                                 : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double SymmetricalComponents::negative_percent() const {
  return percent_of_positive(negative, *this);
}
double SymmetricalComponents::zero_percent() const { return percent_of_positive(zero, *this); }

SymmetricalComponents symmetrical_components(const std::array<std::complex<double>, 3>& phasors,
                                             bool reversed) {
  const auto turn = std::complex<double>(-0.5, std::numbers::sqrt3 / 2);
  const auto back = std::conj(turn);
  const auto a = phasors[0], b = phasors[reversed ? 2 : 1], c = phasors[reversed ? 1 : 2];
  return {(a + b + c) / 3.0, (a + turn * b + back * c) / 3.0, (a + back * b + turn * c) / 3.0};
}

}  // namespace polyphase::pq
