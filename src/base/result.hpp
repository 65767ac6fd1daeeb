#pragma once

#include <string>
#include <tl/expected.hpp>

namespace polyphase {

enum class ErrorCode {
  invalid_input,   ///< bytes or text from outside do not say what they should
  invalid_config,  ///< a setting is out of its bounds or contradicts another
  not_found,
  io,
  limit,      ///< a named bound would be exceeded
  refused,    ///< understood, and not allowed
  unsupported,
};

/// What the world said no to: one message for the operator (value, limit, what to do) and where.
struct Error {
  ErrorCode code = ErrorCode::invalid_input;
  std::string message;
  std::string where;  ///< file:line, register or frame offset; may be empty

  std::string text() const { return where.empty() ? message : where + ": " + message; }
};

template <class T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(ErrorCode code, std::string message, std::string where = {}) {
  return tl::unexpected<Error>(Error{code, std::move(message), std::move(where)});
}

}  // namespace polyphase
