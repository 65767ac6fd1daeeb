#include "lab/verify/report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace polyphase::lab::verify {
namespace {

// A report of a thousand failures helps nobody; --json has them all.
constexpr std::size_t failures_shown_max = 20;

std::string place_of(const Check& check) {
  return check.test + (check.influence == "none" ? "" : "; " + check.influence);
}

std::string failures(const Group& group) {
  std::string out;
  std::size_t shown = 0, failed = 0;
  for (const Experiment& e : group.experiments)
    for (const Check& c : e.checks) {
      if (c.passed()) continue;
      ++failed;
      if (shown == failures_shown_max) continue;
      ++shown;
      out += fmt::format(
          "  FAILED  {} | {} | {}\n          true {} {}, measured {}, error {} of {} {}\n",
          c.clause, place_of(c), c.quantity, number_text(c.truth), c.unit, number_text(c.measured),
          number_text(c.error()), number_text(c.limit.amount), c.limit.unit);
    }
  if (failed > shown) out += fmt::format("  and {} more; --json has all\n", failed - shown);
  return out;
}

}  // namespace

const char* confidence_text(Confidence confidence) {
  switch (confidence) {
    case Confidence::read:
      return "read in the standard";
    case Confidence::public_sources:
      return "from public sources";
    case Confidence::unconfirmed:
      return "not confirmed";
  }
  return "";
}

void Tally::add(const Check& check) {
  ++checks;
  if (!check.passed())
    ++failed;
  else if (worst_passed == nullptr || check.share_percent() > worst_passed->share_percent())
    worst_passed = &check;
  if (worst == nullptr || check.share_percent() > worst->share_percent()) worst = &check;
}

Tally tally_of(const Group& group) {
  Tally tally;
  for (const Experiment& e : group.experiments)
    for (const Check& c : e.checks) tally.add(c);
  return tally;
}

std::vector<std::pair<std::string, Tally>> by_clause(const Group& group) {
  std::vector<std::pair<std::string, Tally>> clauses;
  for (const Experiment& e : group.experiments)
    for (const Check& c : e.checks) {
      auto it = std::find_if(clauses.begin(), clauses.end(),
                             [&](const auto& known) { return known.first == c.clause; });
      if (it == clauses.end()) it = clauses.insert(clauses.end(), {c.clause, {}});
      it->second.add(c);
    }
  return clauses;
}

std::string summary(const Tally& all) {
  std::string out = fmt::format("{} checks, {} failed", all.checks, all.failed);
  if (all.worst_passed != nullptr)
    out +=
        fmt::format("; the largest error{} takes {} of its limit",
                    all.failed == 0 ? "" : " of those that passed", share_text(*all.worst_passed));
  return out;
}

std::string share_text(const Check& check) {
  const double share = check.share_percent();
  if (!std::isfinite(share)) return registers::available(check.measured) ? "missed" : "N/A";
  if (check.limit.amount == 0) return "exact";
  if (share < 0.01) return "< 0.01 %";
  return fmt::format("{:.{}f} %", share, share < 1 ? 2 : 1);
}

std::string number_text(double value) {
  return std::isfinite(value) ? fmt::format("{:.6g}", value) : "N/A";
}

std::string terminal_report(const std::vector<Group>& groups, const Title& title) {
  std::string out = fmt::format("{}\n{}\n{}; {}; {}\n", title.program, what_it_certifies,
                                title.command, title.machine, title.date);
  Tally all;
  for (const Group& group : groups) {
    out += fmt::format("\n{}: {}\n  limits {}: {}\n", group.key, group.title,
                       confidence_text(group.confidence), group.limits);
    out +=
        fmt::format("  {:<26} {:>6} {:>6} {:>10}   worst at\n", "", "checks", "failed", "of limit");
    for (const auto& [clause, tally] : by_clause(group))
      out += fmt::format("  {:<26} {:>6} {:>6} {:>10}   {}, {}\n", clause, tally.checks,
                         tally.failed == 0 ? "-" : std::to_string(tally.failed),
                         share_text(*tally.worst), tally.worst->quantity, place_of(*tally.worst));
    out += failures(group);
    for (const Experiment& e : group.experiments)
      for (const Check& c : e.checks) all.add(c);
  }
  out += "\n" + summary(all) + fmt::format("; {:.1f} s\n", title.took_s);
  return out + (all.failed == 0 ? "PASSED\n" : "FAILED\n");
}

}  // namespace polyphase::lab::verify
