#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "formats/comtrade/cff.hpp"
#include "formats/comtrade/rows.hpp"
#include "sources/recording/probe.hpp"
#include "sources/recording/retimed.hpp"

namespace polyphase::sources::recording {
namespace {

namespace comtrade = formats::comtrade;

constexpr double skew_min_us = 1;
constexpr double clock_error_max_s = 1.0 / 60;  // of class A, a cycle of 60 Hz; at 50 Hz 20 ms
constexpr double dead_part_of_range = 0.01;     // an input with nothing on it shows its offset only

class ComtradePart final : public RowPart {
 public:
  static Result<std::unique_ptr<Part>> open(const std::string& path,
                                            const RecordingOptions& options) {
    auto part = std::make_unique<ComtradePart>();
    if (auto done = part->load(path); !done) return tl::unexpected(done.error());
    if (auto done = part->choose(options); !done) return tl::unexpected(done.error());
    if (auto done = part->find_times(options); !done) return tl::unexpected(done.error());
    const auto skew_s = part->skews();
    const bool skewed = std::any_of(skew_s.begin(), skew_s.end(), [](double s) { return s != 0; });
    if (part->axis().even && !skewed) return part;
    return retimed(std::move(part), skew_s);
  }

  std::size_t read_rows(std::span<Frame> frames, bool& missing) override {
    const auto read = reader_->read(frames);
    missing = read.missing;
    return read.count;
  }

 private:
  Result<void> load(const std::string& path) {
    info_.path = path;
    auto file = MappedFile::open(path);
    if (!file) return tl::unexpected(file.error());
    if (comtrade::is_combined(file->octets())) return load_combined(path, std::move(*file));
    const bool data_named = ending_of(path) == ".dat";
    const std::string_view wanted = data_named ? ".cfg" : ".dat";
    const auto other = file_beside(path, wanted);
    if (!other)
      return fail(ErrorCode::io,
                  fmt::format("the file of the same name that ends in {} is missing beside it; a "
                              "COMTRADE recording needs both",
                              wanted),
                  path);
    auto second = MappedFile::open(*other);
    if (!second) return tl::unexpected(second.error());
    data_name_ = data_named ? path : *other;
    data_ = std::make_unique<MappedFile>(std::move(data_named ? *file : *second));
    const MappedFile config = std::move(data_named ? *second : *file);
    return prepare(config.bytes(), data_named ? *other : path, data_->octets());
  }

  Result<void> load_combined(const std::string& path, MappedFile file) {
    data_name_ = path;
    data_ = std::make_unique<MappedFile>(std::move(file));
    auto parts = comtrade::split_combined(data_->octets(), path);
    if (!parts) return tl::unexpected(parts.error());
    if (auto done = prepare(parts->config, path, parts->data, parts->kind); !done) return done;
    return {};
  }

  Result<void> prepare(std::string_view config_text, const std::string& config_name,
                       std::span<const std::uint8_t> data,
                       std::optional<comtrade::DataKind> marked = {}) {
    auto config = comtrade::parse_config(config_text, config_name);
    if (!config) return tl::unexpected(config.error());
    config_ = std::move(*config);
    std::vector<std::string> warnings = std::move(config_.warnings);
    if (marked && *marked != config_.kind) {
      warnings.push_back(fmt::format(
          "{}: the mark before the data says {}, the configuration {}; the mark is taken",
          config_name, comtrade::name_of(*marked), comtrade::name_of(config_.kind)));
      config_.kind = *marked;
    }
    auto reader = comtrade::RowReader::create(config_, data, data_name_, warnings);
    if (!reader) return tl::unexpected(reader.error());
    reader_ = std::move(*reader);
    for (const auto& warning : warnings) info_.notes.push_back("warning: " + warning);
    if (config_.line_frequency_hz > 0) info_.line_frequency_hz = config_.line_frequency_hz;
    judge_clock();
    return {};
  }

  void judge_clock() {
    const auto error_s = config_.clock_error_s();
    info_.clock_synchronised = error_s && *error_s <= clock_error_max_s;
    if (const int quality = config_.time_quality.value_or(0); quality == 15)
      info_.notes.emplace_back("time quality F: the recorder's clock had failed");
    else if (quality > 0)
      info_.notes.push_back(fmt::format(
          "time quality {:X}: the recorder's clock was not locked, its time is within {:g} s",
          quality, std::pow(10.0, quality - 10)));
    if (config_.leap_second)
      info_.notes.emplace_back("a leap second within the recording moves its times by up to 1 s");
  }

  std::vector<Candidate> candidates() {
    std::vector<Candidate> list;
    std::vector<Frame> frames(1'024);
    for (std::size_t first = 0; first < config_.analogs.size(); first += channel_count) {
      const std::size_t count = std::min(channel_count, config_.analogs.size() - first);
      std::vector<comtrade::Pick> picks;
      for (std::size_t k = 0; k < count; ++k) picks.push_back({first + k, k, 1});
      reader_->choose(picks);
      std::array<Probe, channel_count> probes;
      for (std::size_t rows = 0; rows < rows_looked_at;) {
        const std::size_t read = reader_->read(frames).count;
        if (read == 0) break;
        rows += read;
        for (std::size_t n = 0; n < read; ++n)
          for (std::size_t k = 0; k < count; ++k)
            probes[k].add(static_cast<double>(frames[n].value[k]));
      }
      for (std::size_t k = 0; k < count; ++k) {
        const auto& channel = config_.analogs[first + k];
        const double range =
            config_.kind == comtrade::DataKind::float32
                ? 0
                : std::max(std::abs(channel.code_min), std::abs(channel.code_max)) *
                      std::abs(channel.a);
        const bool flat = probes[k].flat(dead_part_of_range * range);
        list.push_back(
            {channel.name, channel.phase, channel.unit, flat || probes[k].oscillates(), flat});
      }
    }
    return list;
  }

  Result<void> choose(const RecordingOptions& options) {
    auto mapping = choose_inputs(candidates(), options, info_);
    if (!mapping) return tl::unexpected(mapping.error());
    std::vector<comtrade::Pick> picks;
    std::string primary_voltages, primary_currents;  // that --pt or --ct was meant for
    for (std::size_t lane = 0; lane < channel_count; ++lane) {
      channel_[lane] = mapping->source[lane];
      if (channel_[lane] < 0) continue;
      const auto analog = static_cast<std::size_t>(channel_[lane]);
      const auto& channel = config_.analogs[analog];
      double factor = mapping->factor[lane];
      const auto& given = lane < 4 ? options.pt : options.ct;
      if (given && !channel.in_secondary)
        (lane < 4 ? primary_voltages : primary_currents) += fmt::format(" '{}'", channel.name);
      if (channel.in_secondary) {
        const bool ratio_known = channel.primary > 0 && channel.secondary > 0;
        if (!given && !ratio_known)
          info_.notes.push_back(
              fmt::format("warning: '{}' is a secondary value without a ratio (primary {}, "
                          "secondary {}); 1:1 is taken, --pt and --ct set it",
                          channel.name, channel.primary, channel.secondary));
        factor *= given         ? given->primary / given->secondary
                  : ratio_known ? channel.primary / channel.secondary
                                : 1;
      }
      picks.push_back({analog, lane, factor});
      info_.full_scale[lane] = full_scale_of(channel, factor);
    }
    reader_->choose(picks);
    for (const auto& [option, names] :
         {std::pair{"--pt", primary_voltages}, std::pair{"--ct", primary_currents}})
      if (!names.empty())
        info_.notes.push_back(fmt::format(
            "warning: {} has no effect on{}: {}", option, names,
            config_.revision == 1991
                ? "a file of 1991 does not mark secondary values, they are taken as primary; "
                  "--map \"V1=#1*200\" scales them"
                : "they are primary values"));
    return {};
  }

  // Clipping is real where the codes use the whole range of their type.
  float full_scale_of(const comtrade::AnalogChannel& channel, double factor) const {
    double type_max = 0;
    if (config_.kind == comtrade::DataKind::binary) type_max = 32'767;
    if (config_.kind == comtrade::DataKind::binary32) type_max = 2'147'483'647;
    if (type_max == 0 || channel.code_max < type_max || channel.code_min > -type_max) return 0;
    const double reach = (type_max * std::abs(channel.a) - std::abs(channel.b)) * std::abs(factor);
    return reach > 0 ? static_cast<float>(std::min(reach, 1e30)) : 0;
  }

  Result<void> find_times(const RecordingOptions& options) {
    if (config_.start) {
      const int offset =
          config_.utc_offset_s ? *config_.utc_offset_s : options.utc_offset_s.value_or(0);
      info_.start = config_.start->plus_ns(-std::int64_t{offset} * 1'000'000'000);
    }
    const std::uint64_t rows = reader_->row_count();
    if (config_.rates_known()) {
      std::vector<Section> sections;
      std::uint64_t before = 0;
      for (const auto& section : config_.sections) {
        if (section.last > before) sections.push_back({section.last - before, section.rate_hz});
        before = std::max(before, section.last);
      }
      if (sections.empty()) sections.push_back({rows, config_.sections.back().rate_hz});
      axis_ = axis_of_sections(sections, rows);
      if (axis_.even) leave_out_holes();
    } else {
      auto axis = axis_of_stamps(reader_->stamps_s(), config_.stamp_unit_s(), bridged_rows_max);
      if (!axis) return fail(axis.error().code, axis.error().message, data_name_);
      axis_ = std::move(*axis);
    }
    info_.sample_rate_hz = axis_.rate_hz;
    info_.frames_expected = rows + axis_.inserted();
    if (auto good = check_rate(axis_.rate_hz, info_.path); !good) return good;
    if (!config_.rates_known())
      info_.notes.push_back(fmt::format(
          "no sampling rate is named; {:.6g} a second by the time stamps", axis_.rate_hz));
    if (!axis_.even) {
      if (axis_.duration_s() * axis_.rate_hz > retimed_growth_max * static_cast<double>(rows) + 1)
        return fail(ErrorCode::invalid_input,
                    fmt::format("{} rows in {:.6g} s cannot be brought to {:.6g} samples a second; "
                                "check the sampling rates",
                                rows, axis_.duration_s(), axis_.rate_hz),
                    info_.path);
      info_.notes.push_back(
          fmt::format("sampled at rates that change; brought to {:.7g} a second", axis_.rate_hz));
    }
    return {};
  }

  void leave_out_holes() {
    std::vector<TimeAxis::Insertion> missing;
    std::uint64_t rows = 0;
    for (const comtrade::Hole& hole : reader_->holes(axis_.rate_hz)) {
      missing.push_back({hole.row, static_cast<std::size_t>(hole.missing)});
      rows += hole.missing;
    }
    if (missing.empty()) return;
    leave_out(axis_, missing, bridged_rows_max);
    info_.notes.push_back(
        fmt::format("warning: {}: by their numbers and time stamps {} rows are missing at {} "
                    "place(s), the first "
                    "behind row {}",
                    data_name_, rows, missing.size(), missing[0].row));
  }

  std::array<double, channel_count> skews() {
    std::array<double, channel_count> skew_s{};
    std::optional<double> common;
    bool differ = false;
    const double period_us = 1e6 / axis_.rate_hz;
    for (const int channel : channel_) {
      if (channel < 0) continue;
      const double skew = config_.analogs[static_cast<std::size_t>(channel)].skew_us;
      differ = differ || (common && std::abs(skew - *common) >= skew_min_us);
      common = common.value_or(skew);
    }
    if (!differ) return skew_s;
    double largest_us = 0;
    for (std::size_t lane = 0; lane < channel_count; ++lane) {
      if (channel_[lane] < 0) continue;
      const auto& channel = config_.analogs[static_cast<std::size_t>(channel_[lane])];
      if (std::abs(channel.skew_us) > period_us) {
        info_.notes.push_back(fmt::format(
            "warning: the skew of '{}', {} us, is more than a sampling interval and is left out",
            channel.name, channel.skew_us));
        continue;
      }
      skew_s[lane] = channel.skew_us * 1e-6;
      largest_us = std::max(largest_us, std::abs(channel.skew_us));
    }
    if (largest_us > 0)
      info_.notes.push_back(
          fmt::format("skew between channels of up to {} us is taken away", largest_us));
    return skew_s;
  }

  std::unique_ptr<MappedFile> data_;
  std::string data_name_;
  comtrade::Config config_;
  std::optional<comtrade::RowReader> reader_;
  std::array<int, channel_count> channel_{};
};

}  // namespace

Result<std::unique_ptr<Part>> open_comtrade(const std::string& path,
                                            const RecordingOptions& options) {
  return ComtradePart::open(path, options);
}

}  // namespace polyphase::sources::recording
