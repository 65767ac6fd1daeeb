#pragma once

#include <functional>
#include <limits>
#include <string>
#include <vector>

#include "base/time.hpp"
#include "lab/session.hpp"
#include "registers/sinks.hpp"

namespace polyphase::lab::verify {

/// How far a value may be off: amount * size, in the unit of the quantity.
struct Limit {
  double amount = 0;  ///< 0: the value must be exact
  double size = 1;
  std::string unit;  ///< of the amount: "% Udin", "mHz", "cycles"
};

/// A register's value, when it was told.
struct Told {
  Instant time;
  double value = 0;
  Quality quality = {};
};

/// What came out of one run of a meter over a scenario.
struct Outcome {
  Instant start;
  std::vector<std::string> labels;
  std::vector<std::vector<Told>> told;               ///< by label, each value once, oldest first
  std::vector<registers::Disturbance> disturbances;  ///< in order of their time

  const std::vector<Told>& of(const std::string& label) const;
};

/// How a measured value is had from an outcome; N/A where there is none. What it takes to be wrong
/// about may depend on what is true.
struct Measure {
  std::vector<std::string> labels;  ///< that have to be watched
  std::function<double(const Outcome&, double truth)> value;
};

/// One line of a test report.
struct Check {
  std::string clause, test, influence, quantity, unit;
  double truth = 0;
  Limit limit;
  Measure measure;
  std::string series = {};  ///< of a plot; empty: in none
  double x = 0;
  double measured = std::numeric_limits<double>::quiet_NaN();

  /// In units of the limit.
  double error() const { return (measured - truth) / limit.size; }
  /// How much of the limit the error takes; infinite: the value is missing, or not exact.
  double share_percent() const;
  bool passed() const { return share_percent() <= 100; }
};

/// A scenario, and all that is checked in it.
struct Experiment {
  std::string scenario;  ///< TOML (docs/scenario.md)
  double samples = 0;    ///< how many it takes: the long ones are begun first
  MeterOptions meter;
  std::vector<Check> checks;
};

/// Where limits come from.
enum class Confidence { read, public_sources, unconfirmed };

/// The plot of a group's checks that are part of a series: error in percent of the truth over x.
struct Curve {
  std::string title, x_label;
  bool log_x = false, dots = false;
};

struct Group {
  std::string key, title;
  Confidence confidence = Confidence::unconfirmed;
  std::string limits;  ///< where they come from, for the report
  Curve curve;         ///< where checks have a series
  std::vector<Experiment> experiments;
};

// ---- how to measure

/// Of all values told from `from_s` after the start on, the one farthest from the truth. One that
/// is not available makes the measure so.
Measure farthest(std::string label, double from_s);
/// The highest of them.
Measure highest(std::string label, double from_s);
/// How much a counter has grown between two whole seconds after the start.
Measure growth(std::string label, int from_s, int to_s);
/// The value told at so many seconds after the start, or the first behind.
Measure at(std::string label, double time_s);
/// 1 if that value is marked disturbed, else 0; when it says it was, in seconds after the start.
Measure flag_at(std::string label, double time_s);
Measure stamp_at(std::string label, double time_s);
/// The mean of two registers then.
Measure mean_at(std::string a, std::string b, double time_s);
/// How many values were told in (from, to] seconds after the start.
Measure count(std::string label, double from_s, double to_s);
/// Sum of them: how many were on.
Measure sum(std::string label, double from_s, double to_s);

/// Disturbances: how many of a type; of the n-th of a type, what became of it.
Measure events(std::string type);
enum class Of { begin_s, extreme, duration_s, delta_max, delta_ss };  ///< begin: after the start
Measure event(std::string type, std::size_t n, Of what);

}  // namespace polyphase::lab::verify
