#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "formats/csv/table.hpp"
#include "sources/recording/mapped_file.hpp"
#include "sources/recording/mapping.hpp"
#include "sources/recording/part.hpp"

namespace polyphase::sources::recording {
namespace {

using formats::csv::Table;

constexpr std::uint64_t looked_at_rows = 4'000;
constexpr double jitter_max = 0.5;  // of a sampling interval; beyond it a sample is missing

class CsvPart final : public Part {
 public:
  Result<void> load(const std::string& path, const RecordingOptions& options) {
    info_.path = path;
    auto file = MappedFile::open(path);
    if (!file) return tl::unexpected(file.error());
    file_ = std::make_unique<MappedFile>(std::move(*file));
    auto table = Table::open(file_->bytes(), path);
    if (!table) return tl::unexpected(table.error());
    table_.emplace(std::move(*table));
    values_.resize(table_->columns().size());
    if (!table_->has_time())
      return fail(ErrorCode::invalid_input,
                  "needs a first column of time (time_s,…), from which the sampling rate follows", path + ":1");
    if (auto done = look(options); !done) return done;
    return check_rate(info_.sample_rate_hz, path);
  }

  std::size_t read(std::span<Frame> frames, std::span<char> bridged) override {
    std::size_t n = 0;
    while (n < frames.size()) {
      if (missing_ > 0) {  // rows that are not there: the line between their neighbours
        const auto gone = static_cast<float>(gap_ - missing_ + 1) / static_cast<float>(gap_ + 1);
        for (std::size_t c = 0; c < channel_count; ++c)
          frames[n].value[c] = last_.value[c] + (pending_.value[c] - last_.value[c]) * gone;
        bridged[n++] = 1;
        if (--missing_ == 0) have_pending_ = true;
        continue;
      }
      if (have_pending_) {
        frames[n] = last_ = pending_;
        bridged[n++] = pending_bridged_;
        have_pending_ = false;
        ++index_;
        continue;
      }
      double time = 0;
      if (!table_->next(time, values_)) break;
      take_row();
      // A row that comes whole intervals late tells that others are missing.
      const double late = (time - first_time_) * info_.sample_rate_hz - static_cast<double>(index_);
      constexpr std::uint64_t bridged_rows_max = 1'000;
      if (index_ > 0 && late > jitter_max && late < bridged_rows_max) {
        gap_ = missing_ = static_cast<std::uint64_t>(std::llround(late));
        index_ += gap_;
        if (missing_ == 0) have_pending_ = true;
      } else {
        have_pending_ = true;
      }
    }
    return n;
  }
  std::string problem() const override {
    return table_->problem().empty() ? "" : fmt::format("line {}: {}", table_->line(), table_->problem());
  }

 private:
  void take_row() {
    pending_bridged_ = 0;
    for (std::size_t c = 0; c < channel_count; ++c) {
      if (mapping_.source[c] < 0) continue;
      const double x = values_[static_cast<std::size_t>(mapping_.source[c])] * mapping_.factor[c];
      if (std::isfinite(x)) pending_.value[c] = static_cast<float>(x);
      else pending_bridged_ = 1;
    }
  }

  Result<void> look(const RecordingOptions& options) {
    std::vector<double> low(values_.size(), 0), high(values_.size(), 0), sum(values_.size(), 0), square(values_.size(), 0);
    double time = 0, last = 0;
    std::vector<double> steps;
    std::uint64_t rows = 0;
    for (; table_->next(time, values_); ++rows) {
      if (rows == 0) first_time_ = time;
      else if (!(time > last)) {
        return fail(ErrorCode::invalid_input, "the time must rise from row to row",
                    fmt::format("{}:{}", info_.path, table_->line()));
      } else if (rows <= looked_at_rows) {
        steps.push_back(time - last);
      }
      last = time;
      if (rows >= looked_at_rows) continue;
      for (std::size_t i = 0; i < values_.size(); ++i) {
        low[i] = std::min(low[i], values_[i]);
        high[i] = std::max(high[i], values_[i]);
        sum[i] += values_[i];
        square[i] += values_[i] * values_[i];
      }
    }
    if (rows < 2)
      return fail(ErrorCode::invalid_input,
                  table_->problem().empty() ? "holds fewer than two rows of samples" : table_->problem(),
                  fmt::format("{}:{}", info_.path, table_->line()));
    // Whole intervals between the first and the last row; then the rate to all their digits.
    const double intervals = static_cast<double>(rows - 1 + missing_rows(std::move(steps), last, rows));
    double rate = intervals / (last - first_time_);
    const double whole = std::round(rate);
    const double printed = whole * 1.5e-6 / (last - first_time_);  // times are printed to a microsecond or better
    if (std::abs(rate - whole) <= std::max(printed, 1e-9 * whole)) rate = whole;
    info_.sample_rate_hz = rate;
    info_.frames_expected = static_cast<std::uint64_t>(intervals) + 1;
    if (table_->absolute_time()) {
      info_.start = Instant{}.plus_s(first_time_);
      const int offset = options.utc_offset_s.value_or(0);
      info_.start = info_.start->plus_ns(-std::int64_t{offset} * 1'000'000'000);
    } else {
      info_.relative_start_s = first_time_;
    }
    table_->rewind();

    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const double count = static_cast<double>(std::min(rows, looked_at_rows));
      const bool wave = square[i] == 0 || (low[i] < 0 && high[i] > 0 && std::abs(sum[i] / count) < 0.8 * std::sqrt(square[i] / count));
      candidates.push_back({table_->columns()[i].name, "", table_->columns()[i].unit, wave || std::isnan(sum[i])});
    }
    auto mapping = map_channels(candidates, options.map, options.delta);
    if (!mapping) {
      Error error = mapping.error();
      if (error.where.empty()) error.where = info_.path;
      return tl::unexpected(error);
    }
    mapping_ = std::move(*mapping);
    info_.present = mapping_.present();
    info_.notes = mapping_.notes;
    return {};
  }

  // How many rows are not there: steps of time that are several times the usual one.
  std::uint64_t missing_rows(std::vector<double> steps, double last, std::uint64_t rows) {
    const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
    std::nth_element(steps.begin(), middle, steps.end());
    const double usual = *middle, mean = (last - first_time_) / static_cast<double>(rows - 1);
    if (std::abs(mean / usual - 1) < 1e-4) return 0;
    std::uint64_t missing = 0;
    table_->rewind();
    double time = 0, before = first_time_;
    while (table_->next(time, values_)) {
      if (const double step = time - before; step > 1.5 * usual)
        missing += static_cast<std::uint64_t>(std::llround(step / usual)) - 1;
      before = time;
    }
    return missing;
  }

  std::unique_ptr<MappedFile> file_;
  std::optional<Table> table_;
  Mapping mapping_;
  std::vector<double> values_;
  double first_time_ = 0;
  std::uint64_t index_ = 0, gap_ = 0, missing_ = 0;
  Frame last_, pending_;
  bool have_pending_ = false;
  char pending_bridged_ = 0;
};

}  // namespace

Result<std::unique_ptr<Part>> open_csv(const std::string& path, const RecordingOptions& options) {
  auto part = std::make_unique<CsvPart>();
  if (auto done = part->load(path, options); !done) return tl::unexpected(done.error());
  return part;
}

}  // namespace polyphase::sources::recording
