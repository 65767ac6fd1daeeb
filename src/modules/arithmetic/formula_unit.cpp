#include <algorithm>

#include "modules/arithmetic/formula.hpp"
#include "modules/arithmetic/formula_code.hpp"

namespace polyphase::modules::arithmetic {
namespace {

struct Unit {
  bool any = false;  ///< of a plain number, which may stand for a value of any unit
  std::string name;
};
using Units = std::span<const Unit>;

// Of values that are added, compared or chosen from.
Unit common(Units x) {
  Unit all{true, {}};
  for (const Unit& unit : x) {
    if (unit.any) continue;
    if (!all.any && all.name != unit.name) return {};
    all = unit;
  }
  return all;
}

Unit squared(const Unit& unit) {
  if (unit.any) return unit;
  return unit.name.empty() || unit.name.find('^') != std::string::npos
             ? Unit{}
             : Unit{false, unit.name + "^2"};
}

Unit root(const Unit& unit) {
  constexpr std::string_view square = "^2";
  if (unit.any) return unit;
  if (!std::string_view(unit.name).ends_with(square)) return {};
  return {false, unit.name.substr(0, unit.name.size() - square.size())};
}

// A number that multiplies may be a share or turn W into kW: nobody knows.
Unit product(Units x) {
  if (x[0].any && x[1].any) return {true, {}};
  return x[0].any || x[1].any || x[0].name != x[1].name ? Unit{} : squared(x[0]);
}

}  // namespace

std::string Formula::unit(std::span<const std::string> sources,
                          std::span<const std::string> results) const {
  using enum Operation;
  std::vector<Unit> stack;
  for (const Instruction& instruction : code_) {
    if (instruction.operation == number) {
      stack.push_back({true, {}});
      continue;
    }
    if (instruction.operation <= result_previous) {
      const bool is_source =
          instruction.operation == source || instruction.operation == source_previous;
      stack.push_back({false, (is_source ? sources : results)[instruction.count]});
      continue;
    }
    const Units x = Units(stack).last(instruction.count);
    Unit unit;
    switch (instruction.operation) {
      case negate:
      case absolute:
      case truncate:
      case Operation::floor:
      case Operation::ceil:
      case Operation::round:
      case add:
      case subtract:
      case Operation::modulo:
      case maximum:
      case minimum:
      case sum:
      case mean:
      case rms:
      case available_mean:
        unit = common(x);
        break;
      case choose:
        unit = common(x.subspan(1));
        break;
      case square:
      case sum_of_squares:
        unit = squared(common(x));
        break;
      case square_root:
        unit = root(x[0]);
        break;
      case multiply:
        unit = product(x);
        break;
      default:
        break;
    }
    stack.resize(stack.size() - instruction.count);
    stack.push_back(std::move(unit));
  }
  return stack.empty() ? std::string() : stack.front().name;
}

}  // namespace polyphase::modules::arithmetic
