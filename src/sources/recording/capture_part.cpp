// Sampled Values of a packet capture: put in order by smpCnt, bridged where a few are lost, timed
// by smpCnt where the sender is synchronised and by arrival where it is not.
#include <fmt/format.h>

#include "sources/recording/part.hpp"
#include "sources/recording/sv_stream.hpp"
#include "sources/sv_assembly.hpp"

namespace polyphase::sources::recording {
namespace {

namespace sv = wire::sv;
namespace pcap = formats::pcap;

class CapturePart final : public Part {
 public:
  CapturePart(MappedFile file, pcap::Reader reader)
      : file_(std::move(file)), reader_(std::move(reader)) {}

  Result<void> load(const std::string& path, const RecordingOptions& options) {
    info_.path = path;
    info_.of_stream = true;
    const SvSurvey found = survey(reader_);
    if (!reader_.warning().empty()) info_.notes.push_back("warning: " + reader_.warning());
    auto stream = choose_stream(found, options.stream, path);
    if (!stream) return tl::unexpected(stream.error());
    stream_ = std::move(*stream);
    if (found.malformed > 0)
      info_.notes.push_back(
          fmt::format("warning: {} frames of Sampled Values cannot be read; the first: {}",
                      found.malformed, found.first_malformed));
    if (stream_.seen.simulated) info_.notes.push_back("warning: the stream is marked as simulated");
    const auto pace = sv::pace_of(stream_.seen);
    if (!pace)
      return fail(
          ErrorCode::invalid_input,
          fmt::format(
              "{} samples of {} are too few to tell the sampling rate; capture a second or more",
              stream_.seen.samples, stream_.title()),
          path);
    if (auto good = check_rate(pace->sample_rate_hz, path); !good) return good;
    info_.sample_rate_hz = pace->sample_rate_hz;
    info_.line_frequency_hz = sv::line_frequency_of(stream_.seen, *pace);
    info_.frames_expected = stream_.seen.places + 1;
    info_.start = stream_.seen.first_synchronised > 0
                      ? sv::time_by_count(stream_.seen.first_count, pace->sample_rate_hz,
                                          stream_.seen.first_arrival)
                      : stream_.seen.first_arrival;
    if (auto done = choose(options); !done) return done;
    assembly_.emplace(*pace, info_.present);
    reader_.rewind();
    return {};
  }

  Run read(std::span<Frame> frames, std::span<char> marks) override {
    for (;;) {
      while (!ended_ && !assembly_->waiting() && assembly_->ready() < frames.size())
        if (!read_asdu()) {
          assembly_->flush();
          ended_ = true;
        }
      const bool more = assembly_->waiting();
      const SvRun taken = assembly_->take(frames, marks);
      if (taken.count == 0 && more) continue;
      Run run{taken.count, taken.after_gap, taken.synchronised, {}};
      if (taken.time) run.time_s = seconds_between(*info_.start, *taken.time);
      return run;
    }
  }

  std::string problem() const override {
    std::string text;
    const auto say = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
    };
    const SvCounts& counts = assembly_->counts();
    say(counts.bridged, "samples lost and bridged");
    say(counts.gaps, "gaps");
    say(counts.duplicates + counts.late, "samples that came twice or too late");
    return text;
  }

 private:
  Result<void> choose(const RecordingOptions& options) {
    auto mapping = map_sv_channels(stream_.seen.channels, options.map, options.delta);
    if (!mapping) return fail(mapping.error().code, mapping.error().message, info_.path);
    info_.present = mapping->present();
    info_.notes.insert(info_.notes.begin(),
                       fmt::format("stream {}: {} channels, {} samples a second", stream_.title(),
                                   stream_.seen.channels, info_.sample_rate_hz));
    info_.notes.insert(info_.notes.end(), mapping->notes.begin(), mapping->notes.end());
    mapping_ = std::move(*mapping);
    return {};
  }

  /// Offers the next sample of the stream. False: the capture has ended.
  bool read_asdu() {
    while (asdu_ >= frame_.asdu_count) {
      if (!reader_.next(packet_)) return false;
      asdu_ = 0;
      const bool sampled_values = packet_.link == pcap::link_ethernet &&
                                  sv::decode(packet_.bytes, frame_) == sv::Verdict::ok;
      if (!sampled_values) frame_.asdu_count = 0;
    }
    const sv::Asdu& asdu = frame_.asdu[asdu_++];
    if (!stream_.matches(frame_, asdu) || asdu.channels() != stream_.seen.channels) return true;
    SvSample sample;
    convert(asdu, mapping_, packet_.time, sample);
    assembly_->offer(sample);
    return true;
  }

  MappedFile file_;
  pcap::Reader reader_;
  SvStream stream_;
  Mapping mapping_;
  std::optional<SvAssembly> assembly_;
  pcap::Packet packet_;
  sv::Frame frame_;
  std::size_t asdu_ = 0;
  bool ended_ = false;
};

}  // namespace

Result<std::unique_ptr<Part>> open_capture(const std::string& path, MappedFile file,
                                           const RecordingOptions& options) {
  auto reader = pcap::Reader::create(file.octets(), path);
  if (!reader) return tl::unexpected(reader.error());
  auto part = std::make_unique<CapturePart>(std::move(file), std::move(*reader));
  if (auto done = part->load(path, options); !done) return tl::unexpected(done.error());
  return part;
}

}  // namespace polyphase::sources::recording
