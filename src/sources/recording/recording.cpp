#include "sources/recording/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "formats/pcap/packets.hpp"
#include "sources/recording/mapped_file.hpp"
#include "sources/recording/part.hpp"

namespace polyphase::sources::recording {
namespace {

constexpr std::size_t block_frames = 4'096;
constexpr double rate_min_hz = 400, rate_max_hz = 200'000;

class JoinedParts final : public RecordingSource {
 public:
  JoinedParts(std::vector<std::unique_ptr<Part>> parts, Instant start)
      : parts_(std::move(parts)), start_(start), frames_(block_frames), bridged_(block_frames) {
    const Part::Info& first = parts_[0]->info();
    info_.sample_rate_hz = first.sample_rate_hz;
    info_.channels_present = first.present;
    info_.full_scale = first.full_scale;
    info_.line_frequency_hz = first.line_frequency_hz;
    info_.description = first.path;
    for (const auto& part : parts_) expected_ += part->info().frames_expected;
  }

  const SourceInfo& info() const override { return info_; }
  std::uint64_t frames_read() const override { return read_; }
  std::uint64_t frames_expected() const override { return expected_; }
  const std::vector<std::string>& warnings() const override { return warnings_; }

  Result<bool> next(SampleBlock& block) override {
    while (given_ == filled_) {
      if (at_ >= parts_.size()) return false;
      filled_ = parts_[at_]->read(frames_, bridged_);
      given_ = 0;
      if (filled_ == 0) end_of_part();
    }
    // As many as are of one quality.
    std::size_t count = 1;
    while (given_ + count < filled_ && bridged_[given_ + count] == bridged_[given_]) ++count;
    block.frames = std::span<const Frame>(frames_).subspan(given_, count);
    block.time_first = start_.plus_s(static_cast<double>(part_frames_) / info_.sample_rate_hz);
    block.bridged = bridged_[given_] != 0;
    block.clock_synchronised = true;
    block.after_gap = gap_;
    gap_ = false;
    given_ += count;
    part_frames_ += count;
    read_ += count;
    return true;
  }

 private:
  void end_of_part() {
    if (const std::string problem = parts_[at_]->problem(); !problem.empty())
      warnings_.push_back(fmt::format("{}: {}; read as far as that", parts_[at_]->info().path, problem));
    const Instant end = start_.plus_s(static_cast<double>(part_frames_) / info_.sample_rate_hz);
    ++at_;
    if (at_ >= parts_.size()) return;
    const Instant begin = parts_[at_]->info().start.value_or(end);
    gap_ = std::abs(seconds_between(end, begin)) > 0.5 / info_.sample_rate_hz;
    if (gap_) {
      start_ = begin;
      part_frames_ = 0;
    }
  }

  std::vector<std::unique_ptr<Part>> parts_;
  std::size_t at_ = 0;
  Instant start_;
  std::uint64_t part_frames_ = 0, read_ = 0, expected_ = 0;
  std::vector<Frame> frames_;
  std::vector<char> bridged_;
  std::size_t filled_ = 0, given_ = 0;
  bool gap_ = false;
  SourceInfo info_;
  std::vector<std::string> warnings_;
};

Result<std::unique_ptr<Part>> open_part(const std::string& path, const RecordingOptions& options) {
  std::string ending = std::filesystem::path(path).extension().string();
  for (char& c : ending)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  const std::string_view head = file->bytes().substr(0, 256);
  if (ending == ".cfg" || ending == ".dat" || ending == ".cff" || head.find("--- file type:") != std::string_view::npos)
    return open_comtrade(path, options);
  if (formats::pcap::Capture::looks_like(head)) return open_pcap(path, options);
  if (file->bytes().empty()) return fail(ErrorCode::invalid_input, "is empty", path);
  if (ending == ".csv" || ending == ".txt" || ending == ".tsv") return open_csv(path, options);
  return fail(ErrorCode::unsupported, "is of no kind that can be read: COMTRADE (.cfg, .dat, .cff), CSV, or a capture of Sampled Values (.pcap, .pcapng)", path);
}

}  // namespace

Result<void> check_rate(double sample_rate_hz, const std::string& path) {
  if (sample_rate_hz >= rate_min_hz && sample_rate_hz <= rate_max_hz) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("{:.6g} samples a second cannot be measured with: {} to {} are needed", sample_rate_hz,
                          rate_min_hz, rate_max_hz),
              path);
}

Result<OpenedRecording> open_recordings(const std::vector<std::string>& paths, const RecordingOptions& options) {
  if (paths.empty() || paths.size() > files_max)
    return fail(ErrorCode::limit, fmt::format("1 to {} recordings can be read at once", files_max));
  OpenedRecording opened;
  std::vector<std::unique_ptr<Part>> parts;
  for (const std::string& path : paths) {
    auto part = open_part(path, options);
    if (!part) return tl::unexpected(part.error());
    for (const std::string& note : (*part)->info().notes) opened.notes.push_back(path + ": " + note);
    parts.push_back(std::move(*part));
  }
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a->info().start.value_or(Instant{}) < b->info().start.value_or(Instant{});
  });
  const Part::Info& first = parts[0]->info();
  for (const auto& part : parts) {
    const Part::Info& info = part->info();
    if (std::abs(info.sample_rate_hz - first.sample_rate_hz) > rate_tolerance * first.sample_rate_hz)
      return fail(ErrorCode::invalid_input,
                  fmt::format("has {:.6g} samples a second where {} has {:.6g}: one run needs one rate",
                              info.sample_rate_hz, first.path, first.sample_rate_hz), info.path);
    if (info.present != first.present)
      return fail(ErrorCode::invalid_input,
                  fmt::format("has other channels than {}: one run needs the same", first.path), info.path);
  }
  const Instant start = options.start && first.start ? *options.start
                        : first.start                ? *first.start
                                                     : options.start.value_or(Instant{}).plus_s(first.relative_start_s);
  opened.source = std::make_unique<JoinedParts>(std::move(parts), start);
  return opened;
}

}  // namespace polyphase::sources::recording
