// fuzzes: modules/arithmetic
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "modules/arithmetic/formula.hpp"

// Any text is a formula or is refused, and any formula can be evaluated: to a finite number or to
// N/A.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace polyphase::modules::arithmetic;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto formula = Formula::parse(text);
  if (!formula) {
    if (formula.error().message.empty()) std::abort();
    return 0;
  }
  Operands operands;
  operands.sources.fill(2.5);
  operands.sources[1] = NAN;
  operands.results.fill(-1);
  if (std::isinf(formula->evaluate(operands))) std::abort();
  return 0;
}
