#pragma once

#include <string>
#include <vector>

#include "lab/verify/check.hpp"

namespace polyphase::lab::verify {

/// What stands at the top of every report.
struct Title {
  std::string program, command, machine, date;
  double took_s = 0;
};
inline constexpr const char* what_it_certifies =
    "This certifies the arithmetic of this build on computed samples, not a sensor, a converter or "
    "a "
    "clock.";

/// Where limits come from, in words.
const char* confidence_text(Confidence confidence);

/// What the checks of a group, or of one clause of it, come to.
struct Tally {
  std::size_t checks = 0, failed = 0;
  const Check *worst = nullptr, *worst_passed = nullptr;
  void add(const Check& check);
};
Tally tally_of(const Group& group);
/// By clause, in the order in which they come.
std::vector<std::pair<std::string, Tally>> by_clause(const Group& group);

/// How all came out, in a sentence.
std::string summary(const Tally& all);

/// "3.1 %", or "exact" and "missed" where there is no share.
std::string share_text(const Check& check);
/// A number as people read it: six digits.
std::string number_text(double value);

std::string terminal_report(const std::vector<Group>& groups, const Title& title);
std::string json_report(const std::vector<Group>& groups, const Title& title);
std::string html_report(const std::vector<Group>& groups, const Title& title);

}  // namespace polyphase::lab::verify
