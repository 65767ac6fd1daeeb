#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace polyphase::sources::recording {

/// So many rows at one rate.
struct Section {
  std::uint64_t rows = 0;
  double rate_hz = 0;
};

/// When the rows of a table were sampled. Row numbers count from 0, times from the recording's
/// start.
///
/// The rows fall into segments with gaps between them. Where `even` is set, the rows of each
/// segment, and those to be inserted, are spaced by 1 / rate_hz; else the knots tell, and the rows
/// must be brought to rate_hz.
struct TimeAxis {
  struct Segment {
    std::uint64_t first_row = 0;
    double start_s = 0;
  };
  /// So many rows are missing before this one.
  struct Insertion {
    std::uint64_t row = 0;
    std::size_t count = 0;
  };
  /// From this row on until the next knot the rows come at this rate.
  struct Knot {
    std::uint64_t row = 0;
    double time_s = 0;
    double rate_hz = 0;
  };
  double rate_hz = 0;
  bool even = true;
  std::uint64_t row_count = 0;
  std::vector<Segment> segments;      ///< at least one
  std::vector<Insertion> insertions;  ///< only where even
  std::vector<Knot> knots;            ///< only where not even
  std::vector<std::uint64_t> breaks;  ///< rows that no filter may reach across: rates jump there

  std::uint64_t inserted() const {
    std::uint64_t sum = 0;
    for (const Insertion& insertion : insertions) sum += insertion.count;
    return sum;
  }
  double duration_s() const {
    if (even)
      return segments.back().start_s +
             static_cast<double>(row_count - segments.back().first_row + inserted()) / rate_hz;
    return knots.back().time_s +
           static_cast<double>(row_count - knots.back().row) / knots.back().rate_hz;
  }
  std::uint64_t segment_end(std::size_t segment) const {
    return segment + 1 < segments.size() ? segments[segment + 1].first_row : row_count;
  }
};

/// Rates that change by more from one section to the next make a break.
inline constexpr double break_ratio = 0.02;
/// Frames for each row that bringing rows to one rate may make: 400 rows a second to 100 000.
inline constexpr double retimed_growth_max = 250;
/// No axis is brought to a higher rate.
inline constexpr double retimed_rate_max_hz = 100'000;

TimeAxis axis_at(double rate_hz, std::uint64_t rows);

/// Opens an even axis of one segment where rows are missing, by row: at most `inserted_max` are
/// inserted, behind more a segment begins.
void leave_out(TimeAxis& axis, std::span<const TimeAxis::Insertion> missing,
               std::size_t inserted_max);

/// Rows beyond the last section go on at its rate. needs  sections not empty, rates > 0
TimeAxis axis_of_sections(std::span<const Section> sections, std::uint64_t rows);

/// From the time of each row, NaN where one has none. `resolution_s` is the step of the clock that
/// wrote them: that much is not taken for jitter. A gap of at most `inserted_max` whole rows is
/// filled by insertion. errors  invalid_input: fewer than two times, or they fall; the message
/// names the row (from 1)
Result<TimeAxis> axis_of_stamps(std::vector<double> stamps_s, double resolution_s,
                                std::size_t inserted_max);

}  // namespace polyphase::sources::recording
