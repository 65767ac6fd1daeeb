#include "pq/symmetrical_components.hpp"

#include <limits>
#include <numbers>

namespace polyphase::pq {
namespace {

double percent(std::complex<double> part, std::complex<double> whole) {
  constexpr double share_min = 1e-5;  // less of a whole is what rounding left: the rotation is the other one
  const double size = std::abs(whole);
  return size > share_min * std::abs(part) ? 100 * std::abs(part) / size : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

double SymmetricalComponents::negative_percent() const { return percent(negative, positive); }
double SymmetricalComponents::zero_percent() const { return percent(zero, positive); }

SymmetricalComponents symmetrical_components(const std::array<std::complex<double>, 3>& phasors,
                                             bool reversed) {
  const auto turn = std::complex<double>(-0.5, std::numbers::sqrt3 / 2);
  const auto back = std::conj(turn);
  const auto a = phasors[0], b = phasors[reversed ? 2 : 1], c = phasors[reversed ? 1 : 2];
  return {(a + b + c) / 3.0, (a + turn * b + back * c) / 3.0, (a + back * b + turn * c) / 3.0};
}

}  // namespace polyphase::pq
