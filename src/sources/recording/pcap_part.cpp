// Sampled Values of a capture. Currents in mA and voltages in 10 mV, in the order Ia Ib Ic In Va Vb Vc Vn
// of 9-2 LE; the rate is smpRate's (61869-9), else what smpCnt and the times of arrival agree on.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "formats/pcap/packets.hpp"
#include "sources/recording/mapped_file.hpp"
#include "sources/recording/mapping.hpp"
#include "sources/recording/part.hpp"
#include "wire/sv/frame.hpp"

namespace polyphase::sources::recording {
namespace {

namespace sv = wire::sv;

constexpr double current_scale = 1e-3, voltage_scale = 1e-2;
constexpr std::array<const char*, 8> channel_order{"I1", "I2", "I3", "I4", "V1", "V2", "V3", "V4"};
constexpr std::uint64_t bridged_samples_max = 1'000;   // a quarter of a second at 4 000: beyond, the stream was off
constexpr std::uint64_t samples_max = 256'000'000;
constexpr std::array<double, 12> usual_rates{4000, 4800, 5760, 12'800, 14'400, 15'360, 96'000, 2400, 3840, 1920, 10'240, 20'000};

struct Sample {
  Instant arrival;
  std::uint16_t count = 0;
  bool doubtful = false, synchronised = false;
  std::array<float, channel_count> value{};  ///< in the order of the inputs
};

class PcapPart final : public Part {
 public:
  Result<void> load(const std::string& path, const RecordingOptions& options) {
    info_.path = path;
    auto file = MappedFile::open(path);
    if (!file) return tl::unexpected(file.error());
    file_ = std::make_unique<MappedFile>(std::move(*file));
    if (auto done = find_stream(options); !done) return done;
    if (auto done = collect(); !done) return done;
    if (auto done = find_rate(); !done) return done;
    if (auto done = check_rate(info_.sample_rate_hz, path); !done) return done;
    put_in_order();
    return map(options);
  }

  std::size_t read(std::span<Frame> frames, std::span<char> bridged) override {
    std::size_t n = 0;
    for (; n < frames.size() && next_ < ordered_.size(); ++n, ++next_) {
      bridged[n] = ordered_[next_].doubtful ? 1 : 0;
      for (std::size_t c = 0; c < channel_count; ++c)
        frames[n].value[c] = mapping_.source[c] < 0 ? 0.0f
                             : static_cast<float>(static_cast<double>(ordered_[next_].value[static_cast<std::size_t>(mapping_.source[c])]) * mapping_.factor[c]);
    }
    return n;
  }
  std::string problem() const override { return problem_; }

 private:
  // One stream is taken; several need a choice, by stream=NAME in the map.
  Result<void> find_stream(const RecordingOptions& options) {
    map_ = options.map;
    if (const std::size_t at = map_.find("stream="); at != std::string::npos) {
      const std::size_t end = std::min(map_.find(',', at), map_.size());
      stream_ = map_.substr(at + 7, end - at - 7);
      map_.erase(at, end + 1 - at);
      while (!map_.empty() && map_.back() == ',') map_.pop_back();
    }
    std::map<std::string, std::size_t> streams;
    auto capture = formats::pcap::Capture::open(file_->bytes(), info_.path);
    if (!capture) return tl::unexpected(capture.error());
    sv::Frame frame;
    for (formats::pcap::Packet packet; capture->next(packet);)
      if (sv::decode(packet.bytes, frame) == nullptr)
        for (std::size_t i = 0; i < frame.asdus; ++i) ++streams[std::string(frame.asdu[i].stream)];
    if (streams.empty()) return fail(ErrorCode::invalid_input, "holds no Sampled Values (EtherType 88BA)", info_.path);
    std::vector<std::string> names;
    for (const auto& [name, count] : streams) names.push_back(fmt::format("{} ({} samples)", name, count));
    if (stream_.empty() && streams.size() == 1) stream_ = streams.begin()->first;
    if (streams.count(stream_) == 0)
      return fail(ErrorCode::invalid_input,
                  fmt::format("holds several streams; choose with --map \"stream={}\": {}", streams.begin()->first, fmt::join(names, ", ")),
                  info_.path);
    info_.notes.push_back("stream " + stream_);
    return {};
  }

  Result<void> collect() {
    auto capture = formats::pcap::Capture::open(file_->bytes(), info_.path);
    if (!capture) return tl::unexpected(capture.error());
    sv::Frame frame;
    std::size_t broken = 0;
    for (formats::pcap::Packet packet; capture->next(packet);) {
      if (!sv::is_sampled_values(packet.bytes)) continue;
      if (sv::decode(packet.bytes, frame) != nullptr) {
        ++broken;
        continue;
      }
      for (std::size_t i = 0; i < frame.asdus && samples_.size() < samples_max; ++i)
        if (frame.asdu[i].stream == stream_) take(frame.asdu[i], packet.time);
    }
    problem_ = capture->problem();
    if (broken > 0) info_.notes.push_back(fmt::format("warning: {} frames of Sampled Values could not be read", broken));
    if (samples_.size() < 2) return fail(ErrorCode::invalid_input, "holds fewer than two samples of the stream", info_.path);
    return {};
  }

  void take(const sv::Asdu& asdu, Instant arrival) {
    Sample sample;
    sample.arrival = arrival;
    sample.count = asdu.sample_count;
    sample.synchronised = asdu.synchronised >= 1;
    if (asdu.sample_rate) named_rate_ = *asdu.sample_rate;
    for (std::size_t c = 0; c < std::min(asdu.channels, channel_order.size()); ++c) {
      sample.value[c] = static_cast<float>(asdu.value[c] * (c < 4 ? current_scale : voltage_scale));
      sample.doubtful |= (asdu.quality[c] & sv::quality_invalid_mask) != 0;
    }
    channels_ = std::max(channels_, std::min(asdu.channels, channel_order.size()));
    samples_.push_back(sample);
  }

  // smpCnt starts again each second at the rate: the largest one seen tells it, if a second was seen.
  Result<void> find_rate() {
    std::uint16_t largest = 0;
    bool wrapped = false;
    for (std::size_t i = 0; i < samples_.size(); ++i) {
      largest = std::max(largest, samples_[i].count);
      wrapped |= i > 0 && samples_[i].count < samples_[i - 1].count && samples_[i - 1].count - samples_[i].count > 1'000;
    }
    const double span_s = seconds_between(samples_.front().arrival, samples_.back().arrival);
    const double arrived = span_s > 0 ? static_cast<double>(samples_.size() - 1) / span_s : 0;
    double rate = named_rate_ > 1'000 ? named_rate_ : wrapped ? largest + 1.0 : arrived;
    for (const double usual : usual_rates)
      if (std::abs(rate / usual - 1) < (wrapped ? 0.002 : 0.02)) rate = usual;
    if (!(rate > 0)) return fail(ErrorCode::invalid_input, "the rate of its samples cannot be known", info_.path);
    info_.sample_rate_hz = rate;
    return {};
  }

  // By smpCnt: duplicates go, what came late is put in its place, what is missing is bridged by a line.
  void put_in_order() {
    const auto modulus = static_cast<std::int64_t>(std::llround(info_.sample_rate_hz));
    const bool synchronised = samples_.front().synchronised;
    std::int64_t number = 0, newest = 0;
    std::uint64_t lost = 0, duplicates = 0;
    std::vector<std::pair<std::int64_t, Sample>> placed{{0, samples_.front()}};
    for (std::size_t i = 1; i < samples_.size(); ++i) {
      std::int64_t step = (std::int64_t{samples_[i].count} - samples_[i - 1].count) % modulus;
      if (step > modulus / 2) step -= modulus;
      if (step < -modulus / 2) step += modulus;
      number += step;
      newest = std::max(newest, number);
      placed.emplace_back(number, samples_[i]);
    }
    std::stable_sort(placed.begin(), placed.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
    std::int64_t expected = placed.front().first;
    for (const auto& [at, sample] : placed) {
      if (at < expected) {
        ++duplicates;
        continue;
      }
      const auto gap = static_cast<std::uint64_t>(at - expected);
      if (gap > bridged_samples_max) {
        problem_ = fmt::format("{} samples are missing at smpCnt {}", gap, sample.count);
        break;
      }
      for (std::uint64_t g = 1; g <= gap; ++g) {
        Sample between = ordered_.back();
        const auto share = static_cast<float>(g) / static_cast<float>(gap + 1);
        for (std::size_t c = 0; c < channel_count; ++c)
          between.value[c] += (sample.value[c] - between.value[c]) * share;
        between.doubtful = true;
        ordered_.push_back(between);
      }
      lost += gap;
      ordered_.push_back(sample);
      expected = at + 1;
    }
    if (lost > 0) info_.notes.push_back(fmt::format("warning: {} samples are missing and were bridged", lost));
    if (duplicates > 0) info_.notes.push_back(fmt::format("warning: {} samples came twice", duplicates));
    Instant start = ordered_.front().arrival;
    if (synchronised) {
      // smpCnt 0 is the top of a second: which one, the arrival tells.
      const double fraction = ordered_.front().count / info_.sample_rate_hz;
      const double arrival_s = static_cast<double>(start.ns % 1'000'000'000) * 1e-9;
      const auto second = start.ns / 1'000'000'000 - (fraction > arrival_s + 0.5 ? 1 : fraction < arrival_s - 0.5 ? -1 : 0);
      start = Instant{second * 1'000'000'000}.plus_s(fraction);
    }
    info_.start = start;
    info_.frames_expected = ordered_.size();
    samples_.clear();
  }

  Result<void> map(const RecordingOptions& options) {
    std::vector<Candidate> candidates;
    for (std::size_t c = 0; c < channels_; ++c) candidates.push_back({channel_order[c], "", c < 4 ? "A" : "V", true});
    auto mapping = map_channels(candidates, map_, false);
    (void)options;
    if (!mapping) return tl::unexpected(mapping.error());
    mapping_ = std::move(*mapping);
    info_.present = mapping_.present();
    for (const std::string& note : mapping_.notes) info_.notes.push_back(note);
    return {};
  }

  std::unique_ptr<MappedFile> file_;
  std::string stream_, map_, problem_;
  std::vector<Sample> samples_, ordered_;
  std::size_t channels_ = 0, next_ = 0;
  double named_rate_ = 0;
  Mapping mapping_;
};

}  // namespace

Result<std::unique_ptr<Part>> open_pcap(const std::string& path, const RecordingOptions& options) {
  auto part = std::make_unique<PcapPart>();
  if (auto done = part->load(path, options); !done) return tl::unexpected(done.error());
  return part;
}

}  // namespace polyphase::sources::recording
