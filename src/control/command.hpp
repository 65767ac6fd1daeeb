#pragma once

#include <cstdint>
#include <string>

namespace polyphase::control {

/// What is asked of a running engine. It takes effect at the first boundary (end of a half cycle)
/// at or after the sample it names, and is journalled with the sample at which it did, so that the
/// same samples and the same journal give the same registers again.
struct Command {
  enum class Kind : std::uint8_t {
    write,  ///< target: a setup register, or an output that is written from outside; value as text
    pulse,  ///< target: a pulse output that is written from outside
    link,   ///< target: "module.input"; value: the source register, empty to unlink
    clock_step,  ///< value: seconds to add to the meter's clock
  };
  std::uint64_t sample = 0;  ///< 0: as soon as possible
  Kind kind = Kind::write;
  std::string target;
  std::string value;
  std::string actor = {};  ///< user who asked; empty: nobody
  std::uint64_t ticket = 0;  ///< whoever asked knows it again when it was applied
};

}  // namespace polyphase::control
