#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace polyphase::modules::arithmetic {

inline constexpr std::size_t sources_max = 16;
inline constexpr std::size_t formulas_max = 8;
inline constexpr std::size_t formula_length_max = 500;  ///< characters
inline constexpr std::size_t formula_depth_max =
    40;  ///< parentheses, functions and signs within one another
inline constexpr std::size_t formula_stack_max = 64;  ///< values that wait for their operator

/// What the names in a formula stand for.
struct Operands {
  std::array<double, sources_max> sources{};            ///< S1..S16
  std::array<double, formulas_max> results{};           ///< R1..R8
  std::array<double, sources_max> sources_previous{};   ///< PS1..PS16
  std::array<double, formulas_max> results_previous{};  ///< PR1..PR8
};

/// A formula, translated once and evaluated often.
///
///   or         and { (OR | XOR) and }
///   and        comparison { AND comparison }
///   comparison sum [ (= | <> | < | <= | > | >=) sum ]
///   sum        product { (+ | -) product }
///   product    signed { (* | / | MOD) signed }
///   signed     (- | + | NOT) signed | power
///   power      primary [ ^ signed ]
///   primary    number | PI | Sn | Rn | PSn | PRn | function ( or { , or } ) | ( or )
///
/// Case and blanks do not matter. ^ binds tighter than a sign before it: -2^2 is -4. Truth is 1 and
/// 0; any number but 0 is true.
///
/// Functions of one operand: ABS SQRT SQR (square) EXP LN LOG10 SIN COS TAN ARCSIN ARCCOS ARCTAN
/// (radian) INT (towards 0, as TRUNC) FLOOR CEIL ROUND (half away from 0) SIGN; of two: MOD (sign
/// of the divisor) POWER; of three: IF(condition, then, else); of one or more: MAX MIN SUM SUMSQ
/// AVG = MEAN RMS VAVG AND OR XOR.
///
/// An operand that is not available makes the result so, except in the branch that IF does not take
/// and in VAVG, the mean of those that are available. So does what has no result: a division by 0,
/// the root of a negative number, an overflow. source  names of the functions from the project's
/// facts on the module, where they are marked as
///         recalled; definitions of VAVG, MOD and ROUND are ours
class Formula {
 public:
  /// errors  invalid_config: the message names the position, counted from 1, and what is wrong
  /// there
  static Result<Formula> parse(std::string_view text, std::size_t source_count = sources_max,
                               std::size_t result_count = formulas_max);

  /// NaN: not available. Does not allocate.
  double evaluate(const Operands& operands) const noexcept;

  /// The unit of the result, where it follows from those of the operands: "kW" of IF(S1 > 0, S1,
  /// 0), "V^2" of SQR(S1). Empty: there is none, or it does not follow.
  std::string unit(std::span<const std::string> sources,
                   std::span<const std::string> results) const;

  bool empty() const { return code_.empty(); }

 private:
  friend class Parser;
  enum class Operation : std::uint8_t;
  struct Instruction {
    Operation operation;
    std::uint16_t count = 0;  ///< index of a name, or number of operands
    double number = 0;
  };
  double apply(const Instruction& instruction, std::span<const double> operands) const noexcept;

  std::vector<Instruction> code_;
};

}  // namespace polyphase::modules::arithmetic
