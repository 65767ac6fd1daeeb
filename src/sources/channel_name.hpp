#pragma once

#include <string>
#include <string_view>
#include <utility>

namespace polyphase::sources {

enum class Kind { none, voltage, current };

/// What a channel's name says: voltage or current, and which.
struct Meaning {
  enum Which { nothing, a, b, c, neutral, ab, bc, ca, ba, cb, ac };
  Kind kind = Kind::none;
  Which which = nothing;

  bool complete() const { return kind != Kind::none && which != nothing; }
  friend bool operator==(Meaning, Meaning) = default;
};

/// Reads one word of capitals and digits: "VA", "UL1", "I0", "3U0", "U12", "VBN"; without the
/// letter of the kind "A", "L1", "N".
Meaning meaning_of_word(std::string_view word);

/// How a name as a whole is read.
struct NameReading {
  Meaning meaning;
  bool whole = false;     ///< the name says nothing else
  bool computed = false;  ///< a magnitude, an angle, a frequency
};
NameReading read_name(std::string_view name);

/// Kind and factor to volts or amperes of a unit; none and 1 for no unit, none and 0 for any other
/// unit.
std::pair<Kind, double> unit_of(std::string_view unit);

/// Capitals of ASCII; Cyrillic letters that look like Latin ones become those.
std::string upper(std::string_view text);
std::string_view trimmed(std::string_view text);

}  // namespace polyphase::sources
