#pragma once

namespace polyphase {

/// Stops the process after one line on stderr. For broken promises of our own code only; nothing
/// received from outside may lead here.
[[noreturn]] void contract_violated(const char* condition, const char* file, int line) noexcept;

}  // namespace polyphase

#define EXPECTS(condition) \
  ((condition) ? void(0) : ::polyphase::contract_violated(#condition, __FILE__, __LINE__))
