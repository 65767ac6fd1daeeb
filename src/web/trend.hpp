#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "control/meter.hpp"
#include "text/json.hpp"

namespace polyphase::web {

/// The last hour of a few dozen registers, a value a second, so that a page that is opened has a
/// past to draw. In memory: 3600 x 24 doubles are 700 KB. One thread.
class Trend {
 public:
  static constexpr std::size_t seconds_max = 3'600;

  explicit Trend(const control::Meter& meter);

  /// Takes the latest second when there is a new one. A second that was missed is N/A; a clock that
  /// was set back begins anew.
  void tick();

  /// {step_s, time_end, labels, units, values}: of `labels`, or, where there are none, the labels
  /// that can be asked for, without values. errors  not_found: a label that is not kept
  Result<void> write(text::JsonWriter& json, const std::vector<std::string>& labels,
                     std::size_t seconds) const;

 private:
  void learn(const control::Catalogue& catalogue);
  void append(Instant time, const std::vector<registers::Value>& values);
  std::size_t slot(std::size_t age) const { return (next_ + seconds_max - 1 - age) % seconds_max; }
  void write_series(text::JsonWriter& json, std::size_t series, std::size_t seconds) const;

  const control::Meter& meter_;
  std::uint64_t catalogue_version_ = 0;
  std::uint64_t sequence_ = 0;
  bool learnt_ = false;
  std::vector<std::string> labels_, units_;
  std::vector<registers::Index> indices_;
  std::vector<double> values_;  ///< by series: a ring of seconds_max
  std::size_t next_ = 0, count_ = 0;
  std::int64_t second_end_ = 0;  ///< of the latest value, since 1970
};

}  // namespace polyphase::web
