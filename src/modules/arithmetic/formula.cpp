#include "modules/arithmetic/formula.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "modules/arithmetic/formula_code.hpp"

namespace polyphase::modules::arithmetic {
namespace {

constexpr double not_available = std::numeric_limits<double>::quiet_NaN();

double truth(bool value) { return value ? 1.0 : 0.0; }

double modulo(double a, double b) {
  const double rest = std::fmod(a, b);
  return rest != 0 && (rest < 0) != (b < 0) ? rest + b : rest;
}

double mean_of_available(std::span<const double> x) {
  double sum = 0, count = 0;
  for (const double v : x)
    if (!std::isnan(v)) {
      sum += v;
      count += 1;
    }
  return sum / count;
}

}  // namespace

double Formula::evaluate(const Operands& operands) const noexcept {
  if (code_.empty()) return not_available;
  std::array<double, formula_stack_max> stack;
  std::size_t size = 0;
  for (const Instruction& instruction : code_) {
    switch (instruction.operation) {
      case Operation::number:
        stack[size++] = instruction.number;
        break;
      case Operation::source:
        stack[size++] = operands.sources[instruction.count];
        break;
      case Operation::result:
        stack[size++] = operands.results[instruction.count];
        break;
      case Operation::source_previous:
        stack[size++] = operands.sources_previous[instruction.count];
        break;
      case Operation::result_previous:
        stack[size++] = operands.results_previous[instruction.count];
        break;
      default:
        size -= instruction.count;
        stack[size] = apply(instruction, std::span(stack).subspan(size, instruction.count));
        if (!std::isfinite(stack[size])) stack[size] = not_available;
        ++size;
    }
  }
  return stack[0];
}

double Formula::apply(const Instruction& instruction, std::span<const double> x) const noexcept {
  using enum Operation;
  if (instruction.operation == available_mean) return mean_of_available(x);
  if (instruction.operation == choose)
    return std::isnan(x[0]) ? not_available : x[0] != 0 ? x[1] : x[2];
  if (std::any_of(x.begin(), x.end(), [](double v) { return std::isnan(v); })) return not_available;
  const auto n = static_cast<double>(x.size());
  const auto total = [&] { return std::accumulate(x.begin(), x.end(), 0.0); };
  const auto squares = [&] { return std::inner_product(x.begin(), x.end(), x.begin(), 0.0); };
  const auto true_ones = [&] {
    return std::count_if(x.begin(), x.end(), [](double v) { return v != 0; });
  };
  switch (instruction.operation) {
    case negate:
      return -x[0];
    case logical_not:
      return truth(x[0] == 0);
    case add:
      return x[0] + x[1];
    case subtract:
      return x[0] - x[1];
    case multiply:
      return x[0] * x[1];
    case divide:
      return x[1] == 0 ? not_available : x[0] / x[1];
    case Operation::modulo:
      return x[1] == 0 ? not_available : arithmetic::modulo(x[0], x[1]);
    case power:
      return std::pow(x[0], x[1]);
    case equal:
      return truth(x[0] == x[1]);
    case not_equal:
      return truth(x[0] != x[1]);
    case less:
      return truth(x[0] < x[1]);
    case less_equal:
      return truth(x[0] <= x[1]);
    case greater:
      return truth(x[0] > x[1]);
    case greater_equal:
      return truth(x[0] >= x[1]);
    case absolute:
      return std::abs(x[0]);
    case square_root:
      return std::sqrt(x[0]);
    case square:
      return x[0] * x[0];
    case exponential:
      return std::exp(x[0]);
    case ln:
      return std::log(x[0]);
    case Operation::log10:
      return std::log10(x[0]);
    case sine:
      return std::sin(x[0]);
    case cosine:
      return std::cos(x[0]);
    case tangent:
      return std::tan(x[0]);
    case arcsine:
      return std::asin(x[0]);
    case arccosine:
      return std::acos(x[0]);
    case arctangent:
      return std::atan(x[0]);
    case truncate:
      return std::trunc(x[0]);
    case Operation::floor:
      return std::floor(x[0]);
    case Operation::ceil:
      return std::ceil(x[0]);
    case Operation::round:
      return std::round(x[0]);
    case sign:
      return x[0] > 0 ? 1 : x[0] < 0 ? -1 : 0;
    case maximum:
      return *std::max_element(x.begin(), x.end());
    case minimum:
      return *std::min_element(x.begin(), x.end());
    case sum:
      return total();
    case sum_of_squares:
      return squares();
    case mean:
      return total() / n;
    case rms:
      return std::sqrt(squares() / n);
    case logical_and:
      return truth(true_ones() == static_cast<std::ptrdiff_t>(x.size()));
    case logical_or:
      return truth(true_ones() > 0);
    case logical_xor:
      return truth(true_ones() % 2 == 1);
    default:
      return not_available;
  }
}

}  // namespace polyphase::modules::arithmetic
