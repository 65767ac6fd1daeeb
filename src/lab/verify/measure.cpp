#include <algorithm>
#include <cmath>

#include "lab/verify/check.hpp"

namespace polyphase::lab::verify {
namespace {

using registers::Disturbance;
using registers::not_available;

// Times of registers are rounded to nanoseconds.
constexpr double tolerance_s = 1e-6;

std::vector<Told> within(const Outcome& outcome, const std::string& label, double from_s,
                         double to_s) {
  std::vector<Told> found;
  for (const Told& told : outcome.of(label)) {
    const double since_s = seconds_between(outcome.start, told.time);
    if (since_s > from_s + tolerance_s && since_s <= to_s + tolerance_s) found.push_back(told);
  }
  return found;
}

const Told* told_at(const Outcome& outcome, const std::string& label, double time_s) {
  for (const Told& told : outcome.of(label))
    if (seconds_between(outcome.start, told.time) >= time_s - tolerance_s) return &told;
  return nullptr;
}

double value_at(const Outcome& outcome, const std::string& label, double time_s) {
  const Told* told = told_at(outcome, label, time_s);
  return told != nullptr ? told->value : not_available;
}

double part_of(const Disturbance& d, const Outcome& outcome, Of what) {
  switch (what) {
    case Of::begin_s:
      return seconds_between(outcome.start, d.time);
    case Of::extreme:
      return d.extreme;
    case Of::duration_s:
      return d.open ? not_available : d.duration();
    case Of::delta_max:
      return d.delta_max;
    case Of::delta_ss:
      return d.delta_ss;
  }
  return not_available;
}

}  // namespace

const std::vector<Told>& Outcome::of(const std::string& label) const {
  static const std::vector<Told> none;
  const auto it = std::find(labels.begin(), labels.end(), label);
  return it == labels.end() ? none : told[static_cast<std::size_t>(it - labels.begin())];
}

double Check::share_percent() const {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  if (!std::isfinite(measured)) return infinite;
  if (limit.amount == 0) return measured == truth ? 0 : infinite;
  return 100 * std::abs(error()) / limit.amount;
}

Measure farthest(std::string label, double from_s) {
  return {{label}, [=](const Outcome& outcome, double truth) {
            double worst = not_available;
            for (const Told& told : outcome.of(label)) {
              if (seconds_between(outcome.start, told.time) < from_s - tolerance_s) continue;
              if (!registers::available(told.value)) return not_available;
              if (!(std::abs(told.value - truth) <= std::abs(worst - truth))) worst = told.value;
            }
            return worst;
          }};
}

Measure highest(std::string label, double from_s) {
  return {{label}, [=](const Outcome& outcome, double) {
            double most = not_available;
            for (const Told& told : outcome.of(label)) {
              if (seconds_between(outcome.start, told.time) < from_s - tolerance_s) continue;
              if (!registers::available(told.value)) return not_available;
              if (!(told.value <= most)) most = told.value;
            }
            return most;
          }};
}

Measure growth(std::string label, int from_s, int to_s) {
  return {{label}, [=](const Outcome& outcome, double) {
            return value_at(outcome, label, to_s) - value_at(outcome, label, from_s);
          }};
}

Measure at(std::string label, double time_s) {
  return {{label},
          [=](const Outcome& outcome, double) { return value_at(outcome, label, time_s); }};
}

Measure flag_at(std::string label, double time_s) {
  return {{label}, [=](const Outcome& outcome, double) {
            const Told* told = told_at(outcome, label, time_s);
            if (told == nullptr || !registers::available(told->value)) return not_available;
            return told->quality.has(Quality::disturbed) ? 1.0 : 0.0;
          }};
}

Measure stamp_at(std::string label, double time_s) {
  return {{label}, [=](const Outcome& outcome, double) {
            const Told* told = told_at(outcome, label, time_s);
            return told != nullptr ? seconds_between(outcome.start, told->time) : not_available;
          }};
}

Measure mean_at(std::string a, std::string b, double time_s) {
  return {{a, b}, [=](const Outcome& outcome, double) {
            return (value_at(outcome, a, time_s) + value_at(outcome, b, time_s)) / 2;
          }};
}

Measure count(std::string label, double from_s, double to_s) {
  return {{label}, [=](const Outcome& outcome, double) {
            return static_cast<double>(within(outcome, label, from_s, to_s).size());
          }};
}

Measure sum(std::string label, double from_s, double to_s) {
  return {{label}, [=](const Outcome& outcome, double) {
            const auto found = within(outcome, label, from_s, to_s);
            double all = found.empty() ? not_available : 0;
            for (const Told& told : found) all += told.value;
            return all;
          }};
}

Measure events(std::string type) {
  return {{}, [=](const Outcome& outcome, double) {
            return static_cast<double>(
                std::count_if(outcome.disturbances.begin(), outcome.disturbances.end(),
                              [&](const Disturbance& d) { return d.type == type; }));
          }};
}

Measure event(std::string type, std::size_t n, Of what) {
  return {{}, [=](const Outcome& outcome, double) {
            std::size_t seen = 0;
            for (const Disturbance& d : outcome.disturbances)
              if (d.type == type && seen++ == n) return part_of(d, outcome, what);
            return not_available;
          }};
}

}  // namespace polyphase::lab::verify
