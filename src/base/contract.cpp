#include "base/contract.hpp"

#include <cstdio>
#include <cstdlib>

namespace polyphase {

void contract_violated(const char* condition, const char* file, int line) noexcept {
  std::fprintf(stderr, "polyphase: internal error at %s:%d: %s does not hold\n", file, line, condition);
  std::abort();
}

}  // namespace polyphase
