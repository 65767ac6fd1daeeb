// Sampled Values of a packet capture: put in order by smpCnt, bridged where a few are lost, timed
// by smpCnt where the sender is synchronised and by arrival where it is not.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sources/recording/bridge.hpp"
#include "sources/recording/part.hpp"
#include "sources/recording/sv_stream.hpp"
#include "wire/sv/sequencer.hpp"

namespace polyphase::sources::recording {
namespace {

namespace sv = wire::sv;
namespace pcap = formats::pcap;

constexpr double bridged_s_max = 0.02;   // one period: more that is lost is a gap
constexpr double pause_s = 0.4;          // arrivals so far apart may hide a whole second
constexpr double drift_samples = 4'096;  // over so many the time by arrival is smoothed

struct Sample {
  Frame frame;
  Instant arrival;
  std::uint16_t count = 0;
  bool synchronised = false, doubtful = false;
};

std::vector<Candidate> candidates_of(std::size_t channels) {
  // 9-2 LE, and the usual data set of 61869-9; other numbers of channels say nothing.
  std::vector<std::string> names(channels);
  if (channels == 8) names = {"Ia", "Ib", "Ic", "In", "Va", "Vb", "Vc", "Vn"};
  if (channels == 6) names = {"Ia", "Ib", "Ic", "Va", "Vb", "Vc"};
  std::vector<Candidate> candidates;
  for (const auto& name : names) candidates.push_back({name, "", ""});
  return candidates;
}

class CapturePart final : public Part {
 public:
  CapturePart(MappedFile file, pcap::Reader reader)
      : file_(std::move(file)), reader_(std::move(reader)) {}

  Result<void> load(const std::string& path, const RecordingOptions& options) {
    info_.path = path;
    const SvSurvey found = survey(reader_);
    if (!reader_.warning().empty()) info_.notes.push_back("warning: " + reader_.warning());
    auto stream = choose_stream(found, options.stream, path);
    if (!stream) return tl::unexpected(stream.error());
    stream_ = std::move(*stream);
    if (found.malformed > 0)
      info_.notes.push_back(
          fmt::format("warning: {} frames of Sampled Values cannot be read; the first: {}",
                      found.malformed, found.first_malformed));
    if (stream_.simulated) info_.notes.push_back("warning: the stream is marked as simulated");
    auto pace = pace_of(stream_, path);
    if (!pace) return tl::unexpected(pace.error());
    pace_ = *pace;
    if (auto good = check_rate(pace_.sample_rate_hz, path); !good) return good;
    info_.sample_rate_hz = pace_.sample_rate_hz;
    info_.line_frequency_hz = line_frequency_of(stream_, pace_);
    info_.frames_expected = stream_.places + 1;
    info_.start =
        stream_.first_synchronised > 0
            ? time_by_count(stream_.first_count, pace_.sample_rate_hz, stream_.first_arrival)
            : stream_.first_arrival;
    if (auto done = choose(options); !done) return done;
    const auto gap_max = static_cast<std::uint32_t>(
        std::min(pace_.sample_rate_hz * bridged_s_max + 1, pace_.wrap / 2.0 - 1));
    sequencer_.emplace(pace_.wrap, gap_max);
    samples_.resize(gap_max + 2 * sv::Sequencer::window + 1);
    bridge_.emplace(info_.present);
    reader_.rewind();
    return {};
  }

  Run read(std::span<Frame> frames, std::span<char> bridged) override {
    Run run;
    while (run.count == 0) {
      while (!waiting_ && !ended_ && bridge_->ready() < frames.size())
        if (!read_asdu()) {
          finish_run();
          ended_ = true;
        }
      run.count = bridge_->take(frames, bridged);
      if (run.count > 0) break;
      if (!waiting_) return run;
      begin_run();
    }
    run.synchronised = synchronised_;
    // Times by arrival are told anew with every run: they drift against the nominal rate.
    if (begun_ || !synchronised_)
      run.time_s = seconds_between(*info_.start, anchor_) +
                   static_cast<double>(handed_out_) / pace_.sample_rate_hz +
                   (synchronised_ ? 0 : drift_s_);
    run.after_gap = begun_ && gap_;
    begun_ = false;
    handed_out_ += run.count;
    return run;
  }

  std::string problem() const override {
    std::string text;
    const auto say = [&](std::uint64_t count, std::string_view what) {
      if (count > 0) text += fmt::format("{}{} {}", text.empty() ? "" : ", ", count, what);
    };
    say(lost_, "samples lost and bridged");
    say(gaps_, "gaps");
    say(unused_, "samples that came twice or too late");
    return text;
  }

 private:
  Result<void> choose(const RecordingOptions& options) {
    auto mapping = choose_inputs(candidates_of(stream_.channels), options, info_);
    if (!mapping) return tl::unexpected(mapping.error());
    info_.notes.insert(info_.notes.begin(),
                       fmt::format("stream {}: {} channels, {} samples a second", stream_.title(),
                                   stream_.channels, pace_.sample_rate_hz));
    mapping_ = std::move(*mapping);
    for (std::size_t lane = 0; lane < channel_count; ++lane)
      mapping_.factor[lane] *= lane < 4 ? sv::voltage_v_per_code : sv::current_a_per_code;
    return {};
  }

  /// Takes the next sample of the stream into the sequencer. False: the capture has ended.
  bool read_asdu() {
    while (asdu_ >= frame_.asdu_count) {
      if (!reader_.next(packet_)) return false;
      asdu_ = 0;
      const bool sampled_values = packet_.link == pcap::link_ethernet &&
                                  sv::decode(packet_.bytes, frame_) == sv::Verdict::ok;
      if (!sampled_values) frame_.asdu_count = 0;
    }
    const sv::Asdu& asdu = frame_.asdu[asdu_++];
    if (!stream_.matches(frame_, asdu) || asdu.channels() != stream_.channels) return true;
    Sample& sample = samples_[next_sample_];
    fill(sample, asdu);
    const double pause = running_ ? std::abs(seconds_between(last_arrival_, packet_.time)) : 0;
    last_arrival_ = packet_.time;
    const bool same_clock = sample.synchronised == synchronised_;
    const auto pushed = running_ && pause < pause_s && same_clock
                            ? sequencer_->push(asdu.sample_count, next_sample_)
                            : sv::Sequencer::Push::new_run;
    // Of a sample that was handed on already nobody can tell whether it came twice or late.
    if (pushed == sv::Sequencer::Push::duplicate || pushed == sv::Sequencer::Push::too_late)
      ++unused_;
    if (pushed == sv::Sequencer::Push::kept) {
      use_sample();
      drain(false);
      if (!synchronised_) follow(sample);
    }
    if (pushed == sv::Sequencer::Push::new_run) {
      if (running_) finish_run();
      waiting_ = true;
      gap_after_ =
          running_ && !(same_clock ? false : pause < pause_s && asdu.sample_count == next_count());
    }
    return true;
  }

  void fill(Sample& sample, const sv::Asdu& asdu) const {
    sample.arrival = packet_.time;
    sample.count = asdu.sample_count;
    sample.synchronised = asdu.synchronised > 0;
    sample.doubtful = false;
    sample.frame = {};
    for (std::size_t lane = 0; lane < channel_count; ++lane) {
      if (mapping_.source[lane] < 0) continue;
      const auto channel = static_cast<std::size_t>(mapping_.source[lane]);
      sample.frame.value[lane] = static_cast<float>(asdu.value(channel) * mapping_.factor[lane]);
      sample.doubtful = sample.doubtful || (asdu.quality(channel) & sv::quality_validity) != 0;
    }
  }

  void use_sample() { next_sample_ = (next_sample_ + 1) % samples_.size(); }

  std::uint16_t next_count() const {
    return static_cast<std::uint16_t>((last_count_ + 1u) % pace_.wrap);
  }

  void drain(bool all) {
    sv::Sequencer::Place place;
    while (sequencer_->next(place, all)) {
      if (!place.present) {
        bridge_->add_missing(1);
        ++lost_;
        continue;
      }
      const Sample& sample = samples_[place.payload];
      bridge_->add({&sample.frame, 1}, sample.doubtful);
      last_count_ = sample.count;
    }
  }

  void finish_run() {
    if (running_) drain(true);
    bridge_->finish();
  }

  /// The sample that waits becomes the first of a run.
  void begin_run() {
    const Sample& first = samples_[next_sample_];
    waiting_ = false;
    begun_ = true;
    gap_ = running_ && gap_after_;
    gaps_ += gap_ ? 1 : 0;
    running_ = true;
    synchronised_ = first.synchronised;
    anchor_ = synchronised_ ? time_by_count(first.count, pace_.sample_rate_hz, first.arrival)
                            : first.arrival;
    first_count_ = first.count;
    handed_out_ = 0;
    drift_s_ = 0;
    followed_ = 0;
    bridge_.emplace(info_.present);
    sequencer_->start(first.count, next_sample_);
    use_sample();
    drain(false);
  }

  /// Learns how far the sender's clock has drifted from the capture's.
  void follow(const Sample& sample) {
    ++followed_;
    const double late_s = seconds_between(anchor_, sample.arrival) -
                          static_cast<double>(followed_) / pace_.sample_rate_hz;
    drift_s_ += (late_s - drift_s_) / drift_samples;
  }

  MappedFile file_;
  pcap::Reader reader_;
  SvStream stream_;
  SvPace pace_;
  Mapping mapping_;
  std::optional<sv::Sequencer> sequencer_;
  std::optional<Bridge> bridge_;
  pcap::Packet packet_;
  sv::Frame frame_;
  std::size_t asdu_ = 0;
  std::vector<Sample> samples_;  ///< those that the sequencer may still ask for
  std::size_t next_sample_ = 0;
  Instant last_arrival_, anchor_;
  std::uint16_t first_count_ = 0, last_count_ = 0;
  bool running_ = false, waiting_ = false, ended_ = false;
  bool begun_ = false, gap_ = false, gap_after_ = false, synchronised_ = false;
  std::uint64_t handed_out_ = 0, followed_ = 0;
  double drift_s_ = 0;
  std::uint64_t lost_ = 0, gaps_ = 0, unused_ = 0;
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
