#pragma once

#include <functional>
#include <string_view>

namespace polyphase::lab {

/// Where the output of a command goes: data, and what is said beside it.
struct Output {
  std::function<bool(std::string_view)> data;  ///< false: it cannot be written any more
  std::function<void(std::string_view)> note;
};

enum class Format { automatic, csv, json };

}  // namespace polyphase::lab
