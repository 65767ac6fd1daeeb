#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "formats/comtrade/records.hpp"
#include "sources/recording/mapped_file.hpp"
#include "sources/recording/mapping.hpp"
#include "sources/recording/part.hpp"
#include "sources/recording/retimed.hpp"

namespace polyphase::sources::recording {
namespace {

namespace fs = std::filesystem;
namespace comtrade = formats::comtrade;

constexpr std::uint64_t looked_at_records = 4'000;

// Beside `path` the file of the same name with another ending, in any case.
std::optional<std::string> sibling(const std::string& path, std::string_view ending) {
  const fs::path given(path);
  const auto lower = [](std::string s) {
    for (char& c : s)
      if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return s;
  };
  const std::string wanted = lower(given.stem().string()) + std::string(ending);
  std::error_code error;
  const fs::path folder = given.has_parent_path() ? given.parent_path() : fs::path(".");
  for (const bool exact : {true, false})
    for (const auto& entry : fs::directory_iterator(folder, error)) {
      const std::string name = entry.path().filename().string();
      if (exact ? entry.path().stem() == given.stem() && lower(entry.path().extension().string()) == ending
                : lower(name) == wanted)
        return entry.path().string();
    }
  return std::nullopt;
}

bool looks_like_wave(double sum, double square, double low, double high, double count) {
  if (count < 8 || square == 0) return true;  // nothing tells that it is none
  const double mean = sum / count, rms = std::sqrt(square / count);
  return low < 0 && high > 0 && std::abs(mean) < 0.8 * rms;
}

class ComtradePart final : public Part {
 public:
  static Result<std::unique_ptr<Part>> open(const std::string& path, const RecordingOptions& options) {
    auto part = std::make_unique<ComtradePart>();
    if (auto done = part->load(path); !done) return tl::unexpected(done.error());
    if (auto done = part->choose_channels(options); !done) return tl::unexpected(done.error());
    auto times = part->timing(options);
    if (!times) return tl::unexpected(times.error());
    if (times->size() < 2) return part;
    return retimed(std::move(part), *times);
  }

  std::size_t read(std::span<Frame> frames, std::span<char> bridged) override {
    comtrade::Record record;
    std::size_t n = 0;
    for (; n < frames.size() && reader_->next(record); ++n) {
      bridged[n] = record.missing ? 1 : 0;
      if (!record.missing)
        for (std::size_t c = 0; c < channel_count; ++c)
          last_.value[c] = static_cast<float>(record.value[c] * factor_[c]);
      frames[n] = last_;
    }
    return n;
  }
  std::string problem() const override { return reader_->problem(); }

 private:
  Result<void> load(const std::string& path) {
    info_.path = path;
    auto file = MappedFile::open(path);
    if (!file) return tl::unexpected(file.error());
    const std::string_view head = file->bytes().substr(0, 256);
    std::string_view configuration_text;
    std::string configuration_name = path, data_name = path;
    if (head.find("--- file type:") != std::string_view::npos) {
      file_ = std::make_unique<MappedFile>(std::move(*file));
      auto parts = comtrade::split_combined(file_->bytes(), path);
      if (!parts) return tl::unexpected(parts.error());
      configuration_text = parts->configuration;
      data_ = parts->data;
    } else {
      std::string ending = fs::path(path).extension().string();
      for (char& c : ending)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
      const auto other = sibling(path, ending == ".dat" ? ".cfg" : ".dat");
      if (!other)
        return fail(ErrorCode::io, fmt::format("the {} file beside it is missing", ending == ".dat" ? ".cfg" : ".dat"), path);
      auto second = MappedFile::open(*other);
      if (!second) return tl::unexpected(second.error());
      auto& configuration_file = ending == ".dat" ? *second : *file;
      auto& data_file = ending == ".dat" ? *file : *second;
      configuration_name = ending == ".dat" ? *other : path;
      data_name = ending == ".dat" ? path : *other;
      configuration_file_ = std::make_unique<MappedFile>(std::move(configuration_file));
      file_ = std::make_unique<MappedFile>(std::move(data_file));
      configuration_text = configuration_file_->bytes();
      data_ = file_->bytes();
    }
    auto configuration = comtrade::parse_configuration(configuration_text, configuration_name);
    if (!configuration) return tl::unexpected(configuration.error());
    configuration_ = std::move(*configuration);
    records_ = comtrade::RecordReader::count(configuration_, data_);
    if (records_ == 0) return fail(ErrorCode::invalid_input, "holds not one whole sample", data_name);
    data_name_ = data_name;
    for (const std::string& warning : configuration_.warnings) info_.notes.push_back("warning: " + warning);
    const std::uint64_t declared = configuration_.declared_samples();
    if (declared != 0 && declared != records_)
      info_.notes.push_back(fmt::format("warning: {} samples are declared, {} are there", declared, records_));
    info_.frames_expected = records_;
    info_.line_frequency_hz = configuration_.line_frequency_hz;
    return {};
  }

  Result<void> choose_channels(const RecordingOptions& options) {
    std::vector<Candidate> candidates;
    for (std::size_t first = 0; first < configuration_.analogs.size(); first += channel_count)
      look_at(first, candidates);
    auto mapping = map_channels(candidates, options.map, options.delta);
    if (!mapping) {
      Error error = mapping.error();
      if (error.where.empty()) error.where = info_.path;
      return tl::unexpected(error);
    }
    info_.present = mapping->present();
    for (std::string& note : mapping->notes) info_.notes.push_back(std::move(note));
    std::array<int, channel_count> chosen{};
    for (std::size_t c = 0; c < channel_count; ++c) {
      chosen[c] = mapping->source[c];
      factor_[c] = mapping->factor[c];
      if (chosen[c] < 0) continue;
      const comtrade::AnalogChannel& a = configuration_.analogs[static_cast<std::size_t>(chosen[c])];
      if (a.secondary) {
        const auto& given = c < 4 ? options.pt : options.ct;
        factor_[c] *= given ? given->primary / given->secondary : a.primary_rating / a.secondary_rating;
      }
      if (std::abs(a.skew_us) >= 1 && a.skew_us != configuration_.analogs[static_cast<std::size_t>(chosen[0] < 0 ? chosen[c] : chosen[0])].skew_us)
        info_.notes.push_back(fmt::format("warning: channel '{}' was sampled {} us late, which is not corrected", a.name, a.skew_us));
      // Clipping can be seen where the codes use the whole range of their type.
      const double type_max = configuration_.type == comtrade::DataType::binary ? 32'767
                              : configuration_.type == comtrade::DataType::binary32 ? 2'147'483'647.0 : 0;
      if (type_max > 0 && a.code_max >= type_max)
        info_.full_scale[c] = static_cast<float>(std::abs((std::abs(a.multiplier) * type_max - std::abs(a.offset)) * factor_[c]));
    }
    reader_.emplace(configuration_, data_, chosen);
    return {};
  }

  void look_at(std::size_t first, std::vector<Candidate>& candidates) const {
    std::vector<int> channels;
    for (std::size_t i = first; i < std::min(first + channel_count, configuration_.analogs.size()); ++i)
      channels.push_back(static_cast<int>(i));
    comtrade::RecordReader reader(configuration_, data_, channels);
    std::array<double, channel_count> sum{}, square{}, low{}, high{};
    comtrade::Record record;
    double count = 0;
    for (std::uint64_t n = 0; n < looked_at_records && reader.next(record); ++n, ++count)
      for (std::size_t k = 0; k < channels.size(); ++k) {
        const double x = record.value[k];
        sum[k] += x;
        square[k] += x * x;
        low[k] = std::min(low[k], x);
        high[k] = std::max(high[k], x);
      }
    for (std::size_t k = 0; k < channels.size(); ++k) {
      const comtrade::AnalogChannel& a = configuration_.analogs[first + k];
      candidates.push_back({a.name, a.phase, a.unit, looks_like_wave(sum[k], square[k], low[k], high[k], count)});
    }
  }

  // Sets rate and start; returns the sections as (samples, rate) where they differ.
  Result<std::vector<Stretch>> timing(const RecordingOptions& options) {
    if (configuration_.start) {
      info_.start = *configuration_.start;
      const int offset = configuration_.utc_offset_s ? *configuration_.utc_offset_s
                         : options.utc_offset_s      ? *options.utc_offset_s : 0;
      info_.start = info_.start->plus_ns(-std::int64_t{offset} * 1'000'000'000);
    }
    std::vector<Stretch> stretches;
    std::uint64_t before = 0;
    for (const comtrade::Section& section : configuration_.sections) {
      if (section.sample_rate_hz > 0 && section.last_sample > before)
        stretches.push_back({section.last_sample - before, section.sample_rate_hz});
      before = std::max(before, section.last_sample);
    }
    if (stretches.empty()) {
      auto rate = rate_by_time_stamps();
      if (!rate) return tl::unexpected(rate.error());
      info_.sample_rate_hz = *rate;
      if (auto good = check_rate(*rate, info_.path); !good) return tl::unexpected(good.error());
      return stretches;
    }
    double low = stretches[0].sample_rate_hz, high = low;
    for (const Stretch& s : stretches) {
      low = std::min(low, s.sample_rate_hz);
      high = std::max(high, s.sample_rate_hz);
    }
    info_.sample_rate_hz = high;
    if (auto good = check_rate(high, info_.path); !good) return tl::unexpected(good.error());
    if (high - low <= rate_tolerance * high) return std::vector<Stretch>{};
    info_.notes.push_back(fmt::format("warning: {} sampling sections of {} to {} a second are brought to {}",
                                      stretches.size(), low, high, high));
    return stretches;
  }

  Result<double> rate_by_time_stamps() {
    comtrade::Record record;
    std::optional<double> first, last;
    std::uint64_t n = 0, first_n = 0, last_n = 0;
    for (; reader_->next(record); ++n) {
      if (!record.time_stamp_us) continue;
      if (!first) {
        first = record.time_stamp_us;
        first_n = n;
      }
      last = record.time_stamp_us;
      last_n = n;
    }
    reader_->rewind();
    if (!first || !(*last > *first))
      return fail(ErrorCode::invalid_input,
                  "names no sampling rate and its samples have no rising time stamps: the rate cannot be known",
                  data_name_);
    return static_cast<double>(last_n - first_n) / ((*last - *first) * 1e-6);
  }

  std::unique_ptr<MappedFile> configuration_file_, file_;
  std::string data_name_;
  std::string_view data_;
  comtrade::Configuration configuration_;
  std::uint64_t records_ = 0;
  std::optional<comtrade::RecordReader> reader_;
  std::array<double, channel_count> factor_{};
  Frame last_;
};

}  // namespace

Result<std::unique_ptr<Part>> open_comtrade(const std::string& path, const RecordingOptions& options) {
  return ComtradePart::open(path, options);
}

}  // namespace polyphase::sources::recording
