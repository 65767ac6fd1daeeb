#pragma once

#include "modules/arithmetic/formula.hpp"

namespace polyphase::modules::arithmetic {

/// What an instruction does with the values that wait on the stack.
enum class Formula::Operation : std::uint8_t {
  number,
  source,
  result,
  source_previous,
  result_previous,  // push one
  negate,
  logical_not,  // one operand
  add,
  subtract,
  multiply,
  divide,
  modulo,
  power,  // two
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  choose,  // three: condition, then, else
  absolute,
  square_root,
  square,
  exponential,
  ln,
  log10,
  sine,
  cosine,
  tangent,
  arcsine,
  arccosine,
  arctangent,
  truncate,
  floor,
  ceil,
  round,
  sign,  // one
  maximum,
  minimum,
  sum,
  sum_of_squares,
  mean,
  rms,
  available_mean,  // one or more
  logical_and,
  logical_or,
  logical_xor,
};

}  // namespace polyphase::modules::arithmetic
