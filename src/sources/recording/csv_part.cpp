#include <fmt/format.h>

#include <algorithm>

#include "formats/csv/csv.hpp"
#include "sources/recording/probe.hpp"
#include "sources/recording/retimed.hpp"

namespace polyphase::sources::recording {
namespace {

namespace csv = formats::csv;

class CsvPart final : public RowPart {
 public:
  explicit CsvPart(MappedFile file) : file_(std::move(file)) {}

  Result<void> load(const std::string& path, const RecordingOptions& options) {
    info_.path = path;
    auto table = csv::parse(file_.octets(), path);
    if (!table) return tl::unexpected(table.error());
    table_ = std::move(*table);
    for (const auto& warning : table_.warnings) info_.notes.push_back("warning: " + warning);
    reader_.emplace(table_);
    if (auto done = choose(options); !done) return done;
    return find_times(options);
  }

  std::size_t read_rows(std::span<Frame> frames, bool& missing) override {
    return reader_->read(frames, missing);
  }

 private:
  Result<void> choose(const RecordingOptions& options) {
    for (std::size_t i = 0; i < table_.columns.size(); ++i)
      if (table_.time_kind == csv::TimeKind::none || i != table_.time_column) columns_.push_back(i);
    const auto positional = names_by_position(columns_.size());
    std::vector<Candidate> candidates;
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const auto& column = table_.columns[columns_[i]];
      candidates.push_back({table_.named ? column.name : positional[i], "", column.unit});
    }
    look_at(candidates);
    auto mapping = choose_inputs(candidates, options, info_);
    if (!mapping) return tl::unexpected(mapping.error());
    std::vector<csv::Pick> picks;
    for (std::size_t lane = 0; lane < channel_count; ++lane)
      if (mapping->source[lane] >= 0)
        picks.push_back({columns_[static_cast<std::size_t>(mapping->source[lane])], lane,
                         mapping->factor[lane]});
    reader_->choose(picks);
    return {};
  }

  void look_at(std::vector<Candidate>& candidates) {
    std::vector<Frame> frames(1'024);
    for (std::size_t first = 0; first < columns_.size(); first += channel_count) {
      const std::size_t count = std::min(channel_count, columns_.size() - first);
      std::vector<csv::Pick> picks;
      for (std::size_t k = 0; k < count; ++k) picks.push_back({columns_[first + k], k, 1});
      reader_->choose(picks);
      std::array<Probe, channel_count> probes;
      bool missing = false;
      for (std::size_t rows = 0; rows < rows_looked_at;) {
        const std::size_t read = reader_->read(frames, missing);
        if (read == 0) break;
        rows += read;
        for (std::size_t n = 0; n < read; ++n)
          for (std::size_t k = 0; k < count; ++k)
            probes[k].add(static_cast<double>(frames[n].value[k]));
      }
      for (std::size_t k = 0; k < count; ++k) {
        candidates[first + k].flat = probes[k].flat(0);
        candidates[first + k].oscillates = probes[k].oscillates();
      }
    }
  }

  Result<void> find_times(const RecordingOptions& options) {
    if (table_.time_kind == csv::TimeKind::none) {
      const auto rate = options.sample_rate_hz ? options.sample_rate_hz : table_.sample_rate_hz;
      if (!rate)
        return fail(ErrorCode::invalid_input,
                    "has no column of time and no line '# sample_rate_hz = …' before the header, "
                    "so that the sampling rate is not known; add one of them or use --sample-rate",
                    info_.path + ":1");
      axis_ = axis_at(*rate, table_.row_count);
    } else {
      auto times = csv::read_times(table_);
      if (!times) return fail(times.error().code, times.error().message, info_.path);
      const auto first = std::find_if(times->seconds.begin(), times->seconds.end(),
                                      [](double t) { return std::isfinite(t); });
      auto axis = axis_of_stamps(times->seconds, times->resolution_s, bridged_rows_max);
      if (!axis) return fail(axis.error().code, axis.error().message, info_.path);
      axis_ = std::move(*axis);
      if (times->origin)
        info_.start = times->origin->plus_ns(-std::int64_t{zone_of(options)} * 1'000'000'000);
      else
        info_.relative_start_s = *first;
      if (times->origin && table_.time_kind == csv::TimeKind::seconds)
        info_.notes.push_back(fmt::format("times are {} since 1970, the first {}",
                                          unit_name(times->unit_s), to_iso8601(*info_.start)));
    }
    info_.sample_rate_hz = axis_.rate_hz;
    info_.frames_expected = axis_.row_count + axis_.inserted();
    if (!axis_.even) {
      if (axis_.duration_s() * axis_.rate_hz >
          retimed_growth_max * static_cast<double>(axis_.row_count) + 1)
        return fail(ErrorCode::invalid_input,
                    "the times of the rows are too uneven to know a sampling rate", info_.path);
      info_.notes.push_back(
          fmt::format("the rows do not come evenly; brought to {:.7g} a second", axis_.rate_hz));
    }
    auto good = check_rate(axis_.rate_hz, info_.path);
    if (!good && table_.time_kind == csv::TimeKind::seconds && !table_.time_unit_s)
      return fail(good.error().code,
                  good.error().message +
                      "; if the times are no seconds, name their unit: 'time "
                      "[ms]'",
                  info_.path);
    return good;
  }

  /// Seconds east of Greenwich of times that name no zone; counts since 1970 are of UTC.
  int zone_of(const RecordingOptions& options) const {
    const bool utc = table_.zoned || table_.time_kind == csv::TimeKind::seconds;
    return utc ? 0 : options.utc_offset_s.value_or(0);
  }

  static std::string_view unit_name(double unit_s) {
    if (unit_s == 1) return "seconds";
    return unit_s == 1e-3 ? "milliseconds" : unit_s == 1e-6 ? "microseconds" : "nanoseconds";
  }

  MappedFile file_;
  csv::Table table_;
  std::optional<csv::RowReader> reader_;
  std::vector<std::size_t> columns_;  ///< those that are not the time
};

}  // namespace

Result<std::unique_ptr<Part>> open_csv(const std::string& path, MappedFile file,
                                       const RecordingOptions& options) {
  auto part = std::make_unique<CsvPart>(std::move(file));
  if (auto done = part->load(path, options); !done) return tl::unexpected(done.error());
  if (part->axis().even) return part;
  return retimed(std::move(part), {});
}

}  // namespace polyphase::sources::recording
