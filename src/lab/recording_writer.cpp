#include "lab/recording_writer.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>

#include "formats/comtrade/writer.hpp"
#include "formats/csv/csv.hpp"
#include "formats/wav/wav.hpp"

namespace polyphase::lab {
namespace {

namespace comtrade = formats::comtrade;
namespace csv = formats::csv;
namespace wav = formats::wav;

class File {
 public:
  explicit File(std::string path) : path_(std::move(path)) {
    file_.reset(std::fopen(path_.c_str(), "wb"));
  }
  Result<void> write(std::string_view bytes) {
    if (file_ && std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size()) return {};
    return cannot();
  }
  Result<void> write(std::span<const std::uint8_t> bytes) {
    return write({reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  }
  Result<void> close() {
    if (file_ && std::fclose(file_.release()) == 0) return {};
    return cannot();
  }

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  tl::unexpected<Error> cannot() const {
    return fail(ErrorCode::io, "cannot be written; is the folder there, and is there room?", path_);
  }

  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
};

const char* unit_of(std::size_t channel) { return channel < 4 ? "V" : "A"; }

/// Values of the channels chosen, row by row.
void gather(std::span<const Frame> frames, const std::vector<std::size_t>& channels,
            std::vector<float>& values) {
  values.clear();
  for (const Frame& frame : frames)
    for (const std::size_t c : channels) values.push_back(frame.value[c]);
}

class ComtradeWriter final : public RecordingWriter {
 public:
  ComtradeWriter(const std::filesystem::path& path, const RecordingTitle& title)
      : channels_(title.channels),
        configuration_(path.string()),
        data_(std::filesystem::path(path).replace_extension(".dat").string()) {
    config_.station = title.station;
    config_.device = "polyphase";
    config_.kind = comtrade::DataKind::float32;
    config_.line_frequency_hz = title.line_frequency_hz;
    config_.sections = {{title.sample_rate_hz, title.rows}};
    config_.start = title.start;
    config_.utc_offset_s = 0;
    config_.time_multiplier =
        comtrade::time_multiplier_for(static_cast<double>(title.rows) / title.sample_rate_hz);
    for (const std::size_t c : channels_) {
      comtrade::AnalogChannel channel;
      channel.name = channel_names[c];
      channel.phase = std::string(1, "ABCN"[c % 4]);
      channel.unit = unit_of(c);
      comtrade::scale_channel(channel, config_.kind, 0);
      config_.analogs.push_back(std::move(channel));
    }
  }

  Result<void> begin() {
    if (auto done = configuration_.write(comtrade::write_config(config_)); !done) return done;
    return configuration_.close();
  }
  Result<void> append(std::span<const Frame> frames) override {
    gather(frames, channels_, values_);
    bytes_.clear();
    comtrade::append_rows(config_, next_row_, values_, {}, bytes_);
    next_row_ += frames.size();
    return data_.write(bytes_);
  }
  Result<void> close() override { return data_.close(); }

 private:
  std::vector<std::size_t> channels_;
  comtrade::Config config_;
  File configuration_, data_;
  std::uint64_t next_row_ = 1;
  std::vector<float> values_;
  std::vector<std::uint8_t> bytes_;
};

class CsvWriter final : public RecordingWriter {
 public:
  CsvWriter(const std::filesystem::path& path, const RecordingTitle& title)
      : title_(title), file_(path.string()) {
    format_.iso_time = title.start != Instant{};
  }

  Result<void> begin() {
    std::vector<csv::Column> columns;
    for (const std::size_t c : title_.channels) columns.push_back({channel_names[c], unit_of(c)});
    return file_.write(csv::write_header(format_, columns));
  }
  Result<void> append(std::span<const Frame> frames) override {
    gather(frames, title_.channels, values_);
    text_.clear();
    csv::append_rows(format_, title_.channels.size(), values_,
                     static_cast<double>(rows_) / title_.sample_rate_hz, title_.sample_rate_hz,
                     title_.start, text_);
    rows_ += frames.size();
    return file_.write(text_);
  }
  Result<void> close() override { return file_.close(); }

 private:
  RecordingTitle title_;
  csv::WriteFormat format_;
  File file_;
  std::uint64_t rows_ = 0;
  std::vector<float> values_;
  std::string text_;
};

class WavWriter final : public RecordingWriter {
 public:
  WavWriter(const std::filesystem::path& path, const RecordingTitle& title)
      : title_(title),
        format_{wav::Coding::float32, channel_count,
                static_cast<std::uint32_t>(title.sample_rate_hz)},
        path_(path.string()),
        file_(path_) {}

  Result<void> begin() {
    if (title_.sample_rate_hz != std::floor(title_.sample_rate_hz))
      return fail(
          ErrorCode::invalid_config,
          fmt::format("{} samples a second: WAV needs a whole number", title_.sample_rate_hz),
          path_);
    const auto header = wav::header(format_, title_.rows);
    if (!header) return fail(header.error().code, header.error().message, path_);
    return file_.write(*header);
  }
  Result<void> append(std::span<const Frame> frames) override {
    values_.clear();
    for (const Frame& frame : frames)
      for (const float value : frame.value) values_.push_back(std::isnan(value) ? 0 : value);
    bytes_.clear();
    wav::append_values(format_, values_, bytes_);
    return file_.write(bytes_);
  }
  Result<void> close() override { return file_.close(); }

 private:
  RecordingTitle title_;
  wav::Format format_;
  std::string path_;
  File file_;
  std::vector<float> values_;
  std::vector<std::uint8_t> bytes_;
};

template <class Writer>
Result<std::unique_ptr<RecordingWriter>> begun(const std::filesystem::path& path,
                                               const RecordingTitle& title) {
  auto writer = std::make_unique<Writer>(path, title);
  if (auto done = writer->begin(); !done) return tl::unexpected(done.error());
  return writer;
}

}  // namespace

Result<std::unique_ptr<RecordingWriter>> create_recording(const std::string& path,
                                                          const RecordingTitle& title) {
  if (title.channels.empty() || title.rows == 0)
    return fail(ErrorCode::invalid_config, "there is no signal to write", title.station);
  const std::filesystem::path file(path);
  const std::string ending = file.extension().string();
  if (ending == ".cfg") return begun<ComtradeWriter>(file, title);
  if (ending == ".csv") return begun<CsvWriter>(file, title);
  if (ending == ".wav") return begun<WavWriter>(file, title);
  return fail(ErrorCode::unsupported, "write .cfg (COMTRADE), .csv or .wav", path);
}

}  // namespace polyphase::lab
