#include "sources/recording/time_axis.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

namespace polyphase::sources::recording {
namespace {

constexpr double one_rate = 1e-4;     // sections whose rates differ by less have one rate
constexpr double gap_in_steps = 1.5;  // a step of so many usual ones tells that rows are missing
constexpr double jitter_max = 0.02;  // of a step: less is the writing of the time, not the sampling
constexpr double on_the_grid = 0.1;  // of a step: the rows after a gap go on in step
constexpr double rounded_max = 0.6;  // of the clock's resolution

// Straight line between the known times; beyond the first and last one the usual step goes on.
Result<void> fill_in(std::vector<double>& t) {
  if (t.size() < 2)
    return fail(ErrorCode::invalid_input,
                "holds fewer than two rows of samples, from whose times the sampling rate follows");
  std::vector<std::size_t> known;
  for (std::size_t i = 0; i < t.size(); ++i) {
    if (!std::isfinite(t[i])) continue;
    if (!known.empty() && t[i] < t[known.back()])
      return fail(ErrorCode::invalid_input,
                  fmt::format("the time must rise from row to row; in row {} it falls by {:.9g} s",
                              i + 1, t[known.back()] - t[i]));
    known.push_back(i);
  }
  if (known.size() < 2 || !(t[known.back()] > t[known.front()]))
    return fail(ErrorCode::invalid_input,
                "the rows carry no rising times and nothing names the sampling rate; it cannot be "
                "known");
  const double step =
      (t[known.back()] - t[known.front()]) / static_cast<double>(known.back() - known.front());
  for (std::size_t i = 0; i < known.front(); ++i)
    t[i] = t[known.front()] - step * static_cast<double>(known.front() - i);
  for (std::size_t i = known.back() + 1; i < t.size(); ++i)
    t[i] = t[known.back()] + step * static_cast<double>(i - known.back());
  for (std::size_t k = 1; k < known.size(); ++k) {
    const std::size_t a = known[k - 1], b = known[k];
    for (std::size_t i = a + 1; i < b; ++i)
      t[i] = t[a] + (t[b] - t[a]) * static_cast<double>(i - a) / static_cast<double>(b - a);
  }
  return {};
}

double percentile(std::vector<double> values, double part) {
  const auto at =
      values.begin() + static_cast<std::ptrdiff_t>(static_cast<double>(values.size() - 1) * part);
  std::nth_element(values.begin(), at, values.end());
  return *at;
}

// A gap stands alone: where long steps follow each other the rate has changed.
std::vector<std::size_t> gaps_of(const std::vector<double>& steps, double usual,
                                 double resolution_s) {
  const auto is_long = [&](std::size_t i) {
    return steps[i] > gap_in_steps * usual + resolution_s;
  };
  std::vector<std::size_t> rows{0};
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const bool alone = (i == 0 || !is_long(i - 1)) && (i + 1 == steps.size() || !is_long(i + 1));
    if (is_long(i) && alone) rows.push_back(i + 1);
  }
  return rows;
}

struct Fit {
  double step_s = 0;
  double residual_s = 0;
  std::vector<double> start_s;  ///< of each segment
};

// One step for all segments, by least squares; each segment has its own start.
Fit fit_segments(const std::vector<double>& t, const std::vector<std::size_t>& first) {
  double products = 0, squares = 0;
  std::vector<double> mean_t, mean_n;
  for (std::size_t s = 0; s < first.size(); ++s) {
    const std::size_t end = s + 1 < first.size() ? first[s + 1] : t.size();
    const double centre = static_cast<double>(end - first[s] - 1) / 2;
    double sum = 0;
    for (std::size_t i = first[s]; i < end; ++i) sum += t[i] - t[first[s]];
    const double mean = t[first[s]] + sum / static_cast<double>(end - first[s]);
    for (std::size_t i = first[s]; i < end; ++i) {
      const double n = static_cast<double>(i - first[s]) - centre;
      products += n * (t[i] - mean);
      squares += n * n;
    }
    mean_t.push_back(mean);
    mean_n.push_back(centre);
  }
  Fit fit;
  fit.step_s = squares > 0 ? products / squares : 0;
  for (std::size_t s = 0; s < first.size(); ++s) {
    const std::size_t end = s + 1 < first.size() ? first[s + 1] : t.size();
    fit.start_s.push_back(mean_t[s] - mean_n[s] * fit.step_s);
    for (std::size_t i = first[s]; i < end; ++i)
      fit.residual_s = std::max(
          fit.residual_s,
          std::abs(t[i] - fit.start_s[s] - static_cast<double>(i - first[s]) * fit.step_s));
  }
  return fit;
}

// Times are written with so many digits; a whole number of samples a second that fits them is
// meant.
double tidy_rate(double rate_hz, double residual_s, double duration_s) {
  const double whole = std::round(rate_hz);
  const double uncertain = rate_hz * std::max(2 * residual_s / duration_s, 1e-9);
  return std::abs(rate_hz - whole) <= uncertain ? whole : rate_hz;
}

// A gap of a few whole rows is filled, anything else begins a segment.
void place_segments(const std::vector<std::size_t>& first, const Fit& fit, double off_grid_max,
                    std::size_t inserted_max, TimeAxis& axis) {
  axis.segments = {{}};
  std::uint64_t places = 0;  // rows and inserted rows since the segment's start
  for (std::size_t s = 1; s < first.size(); ++s) {
    places += first[s] - first[s - 1];
    const double start_s = fit.start_s[s] - fit.start_s[0];
    const double lost =
        (start_s - axis.segments.back().start_s) / fit.step_s - static_cast<double>(places);
    const double whole = std::round(lost);
    const bool fits = std::abs(lost - whole) <= std::min(off_grid_max, 0.3) && whole >= 0 &&
                      whole <= static_cast<double>(inserted_max);
    if (fits && whole > 0) {
      axis.insertions.push_back({first[s], static_cast<std::size_t>(whole)});
      places += axis.insertions.back().count;
    } else if (!fits) {
      axis.segments.push_back({first[s], start_s});
      places = 0;
    }
  }
}

}  // namespace

TimeAxis axis_at(double rate_hz, std::uint64_t rows) {
  TimeAxis axis;
  axis.rate_hz = rate_hz;
  axis.row_count = rows;
  axis.segments = {{}};
  return axis;
}

void leave_out(TimeAxis& axis, std::span<const TimeAxis::Insertion> missing,
               std::size_t inserted_max) {
  std::uint64_t before = 0;  // rows left out in all
  for (const TimeAxis::Insertion& hole : missing) {
    before += hole.count;
    if (hole.count <= inserted_max)
      axis.insertions.push_back(hole);
    else
      axis.segments.push_back({hole.row, static_cast<double>(hole.row + before) / axis.rate_hz});
  }
}

TimeAxis axis_of_sections(std::span<const Section> sections, std::uint64_t rows) {
  double lowest = sections[0].rate_hz, highest = lowest, seconds = 0;
  std::uint64_t sum = 0;
  for (const Section& section : sections) {
    lowest = std::min(lowest, section.rate_hz);
    highest = std::max(highest, section.rate_hz);
    sum += section.rows;
    seconds += static_cast<double>(section.rows) / section.rate_hz;
  }
  if (highest == lowest) return axis_at(highest, rows);
  if (highest - lowest <= one_rate * highest)
    return axis_at(static_cast<double>(sum) / seconds, rows);
  TimeAxis axis = axis_at(std::min(highest, retimed_rate_max_hz), rows);
  axis.even = false;
  std::uint64_t row = 0;
  double time = 0;
  for (const Section& section : sections) {
    if (row >= rows) break;
    if (!axis.knots.empty() &&
        std::abs(section.rate_hz / axis.knots.back().rate_hz - 1) > break_ratio)
      axis.breaks.push_back(row);
    axis.knots.push_back({row, time, section.rate_hz});
    row += section.rows;
    time += static_cast<double>(section.rows) / section.rate_hz;
  }
  return axis;
}

Result<TimeAxis> axis_of_stamps(std::vector<double> t, double resolution_s,
                                std::size_t inserted_max) {
  if (auto filled = fill_in(t); !filled) return tl::unexpected(filled.error());
  std::vector<double> steps(t.size() - 1);
  for (std::size_t i = 0; i < steps.size(); ++i) steps[i] = t[i + 1] - t[i];
  double usual = percentile(steps, 0.5);
  // A clock that is coarser than the sampling gives many equal times.
  if (usual < 2 * resolution_s)
    usual = std::max(usual, (t.back() - t.front()) / static_cast<double>(steps.size()));
  const auto first = gaps_of(steps, usual, 2 * resolution_s);
  const Fit fit = fit_segments(t, first);
  TimeAxis axis;
  axis.row_count = t.size();
  axis.even = fit.step_s > 0 &&
              fit.residual_s <= std::max(jitter_max * fit.step_s, rounded_max * resolution_s);
  if (axis.even) {
    axis.rate_hz = tidy_rate(1 / fit.step_s, fit.residual_s, t.back() - t.front());
    place_segments(first, fit, std::max(on_the_grid, 2 * fit.residual_s / fit.step_s), inserted_max,
                   axis);
    return axis;
  }
  for (const std::size_t row : first) axis.segments.push_back({row, t[row] - t[0]});
  const double shortest = percentile(steps, 0.1);
  if (!(shortest > 0))
    return fail(ErrorCode::invalid_input,
                "the times of the rows are too coarse and too uneven to know the sampling rate; "
                "write them with more digits");
  // A rate that only wanders is brought to its mean, one that jumps to the highest.
  const bool wanders = percentile(steps, 0.99) < (1 + break_ratio) * percentile(steps, 0.01);
  axis.rate_hz = std::min(1 / (wanders ? fit.step_s : shortest), retimed_rate_max_hz);
  for (std::size_t i = 0; i < t.size(); ++i) {
    // Two rows of one time: the second comes with the next.
    const double step = i < steps.size() ? steps[i] : shortest;
    axis.knots.push_back({i, t[i] - t[0], step > 0 ? 1 / step : 0});
  }
  std::erase_if(axis.knots, [](const TimeAxis::Knot& knot) { return knot.rate_hz <= 0; });
  return axis;
}

}  // namespace polyphase::sources::recording
