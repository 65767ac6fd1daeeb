#include "lab/publish.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <ctime>

#include "lab/sv_frames.hpp"
#include "lab/synth.hpp"
#include "sources/recording/recording.hpp"
#include "sources/sampled_values/packet_sender.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::lab {
namespace {

using sources::sampled_values::PacketSender;

constexpr std::int64_t second_ns = 1'000'000'000;
constexpr std::int64_t lead_ns = 300'000'000;  // what is done before the first frame takes less
constexpr double rate_max = 65'536;            // smpCnt has 16 bits

Instant now() {
  timespec time{};
  ::clock_gettime(CLOCK_REALTIME, &time);
  return {std::int64_t{time.tv_sec} * second_ns + time.tv_nsec};
}

/// Waits for a time of the clock, whatever is done to the clock meanwhile.
void wait_until(Instant due, const std::atomic<bool>& stop) {
  constexpr std::int64_t nap_ns = 100'000'000;  // a stop is not kept waiting longer
  for (Instant time = now(); time < due && !stop; time = now()) {
    const std::int64_t until = std::min(due.ns, time.ns + nap_ns);
    const timespec wanted{static_cast<std::time_t>(until / second_ns), until % second_ns};
    ::clock_nanosleep(CLOCK_REALTIME, TIMER_ABSTIME, &wanted, nullptr);
  }
}

class Publisher {
 public:
  Publisher(PacketSender sender, SvFrames frames, const PublishOptions& options, double rate_hz,
            const std::atomic<bool>& stop)
      : sender_(std::move(sender)),
        frames_(std::move(frames)),
        options_(options),
        rate_(std::llround(rate_hz)),
        stop_(stop),
        begin_{(now().ns + lead_ns + second_ns - 1) / second_ns * second_ns} {}

  Instant begin() const { return begin_; }

  void add(const Frame& frame, std::int64_t place) {
    const auto asdus = static_cast<std::int64_t>(options_.asdus);
    if (!group_.empty() && place / asdus != group_number_) send();
    group_number_ = place / asdus;
    group_.push_back({frame, static_cast<std::uint16_t>(place % rate_)});
    if (group_.size() == options_.asdus) send();
  }

  /// Sends what is there when the last sample that belongs to it was taken.
  void send() {
    if (group_.empty()) return;
    const auto asdus = static_cast<std::int64_t>(options_.asdus);
    const std::int64_t last = (group_number_ + 1) * asdus - 1;
    const Instant due = begin_.plus_ns(last / rate_ * second_ns + last % rate_ * second_ns / rate_);
    wait_until(due, stop_);
    if (stop_) return;
    const double late_s = seconds_between(due, now());
    if (late_s > static_cast<double>(asdus) / static_cast<double>(rate_)) ++late_;
    late_s_max_ = std::max(late_s_max_, late_s);
    ++rounds_;
    if (options_.drop_every > 0 && rounds_ % options_.drop_every == 0) {
      ++left_out_;
    } else {
      sent_ += sender_.send(frames_.of(group_));
      samples_ += group_.size();
    }
    group_.clear();
  }

  std::string told() const {
    const std::uint64_t due = (rounds_ - left_out_) * options_.streams;
    return fmt::format(
        "published {} samples of {} stream{} in {} frames; {} left out as asked, {} refused by the "
        "interface, {} late, at most by {:.1f} ms\n",
        samples_, options_.streams, options_.streams == 1 ? "" : "s", sent_,
        left_out_ * options_.streams, due - sent_, late_, late_s_max_ * 1e3);
  }

 private:
  PacketSender sender_;
  SvFrames frames_;
  const PublishOptions& options_;
  std::int64_t rate_;
  const std::atomic<bool>& stop_;
  Instant begin_;
  std::vector<SvOut> group_;
  std::int64_t group_number_ = 0;
  std::uint64_t rounds_ = 0, left_out_ = 0, sent_ = 0, samples_ = 0, late_ = 0;
  double late_s_max_ = 0;
};

Result<void> check(double rate_hz, const PublishOptions& options) {
  const double whole = std::round(rate_hz);
  if (std::abs(rate_hz - whole) > 1e-6 || whole < 1 || whole > rate_max)
    return fail(
        ErrorCode::invalid_config,
        fmt::format("{:g} samples a second cannot be published: smpCnt needs a whole number "
                    "up to {:g}; a scenario takes --rate 4000",
                    rate_hz, rate_max));
  if (options.asdus < 1 || options.asdus > wire::sv::asdus_max ||
      std::fmod(whole, static_cast<double>(options.asdus)) != 0)
    return fail(ErrorCode::invalid_config,
                fmt::format("--asdu {} must be 1 to {} and divide the {:g} samples of a second",
                            options.asdus, wire::sv::asdus_max, whole));
  return {};
}

}  // namespace

Result<void> publish(SampleSource& source, const PublishOptions& options,
                     const std::atomic<bool>& stop, const Output& output) {
  const double rate_hz = source.info().sample_rate_hz;
  if (auto good = check(rate_hz, options); !good) return good;
  auto sender = PacketSender::open(options.interface);
  if (!sender) return tl::unexpected(sender.error());
  SvFramesConfig config{options.sv_id,    options.app_id,       options.streams,
                        options.vlan,     options.synchronised, source.info().channels_present,
                        sender->address()};
  SvFrames frames(std::move(config));
  const std::string first_name = frames.name(0);
  Publisher publisher(std::move(*sender), std::move(frames), options, rate_hz, stop);
  output.note(fmt::format("{}: {}@{:04X}, {} stream{}, {:g} samples a second from {}\n",
                          options.interface, first_name, options.app_id, options.streams,
                          options.streams == 1 ? "" : "s", rate_hz, to_iso8601(publisher.begin())));
  const double places_max = options.duration_s > 0 ? options.duration_s * rate_hz : 1e18;
  std::optional<Instant> start;
  bool ended = false;
  for (SampleBlock block; !stop && !ended;) {
    auto more = source.next(block);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    if (!start) start = block.time_first;
    std::int64_t place = std::llround(seconds_between(*start, block.time_first) * rate_hz);
    for (const Frame& frame : block.frames) {
      ended = static_cast<double>(place) >= places_max - 0.5;
      if (ended || stop) break;
      if (!block.bridged) publisher.add(frame, place);
      ++place;
    }
  }
  publisher.send();
  output.note(publisher.told());
  return {};
}

Result<void> publish(const SynthInput& input, PublishOptions options, const std::atomic<bool>& stop,
                     const Output& output) {
  options.duration_s = input.duration_s;
  if (!input.path.ends_with(".toml")) {
    if (input.sample_rate_hz > 0)
      return fail(ErrorCode::invalid_config, "--rate is for scenarios; a recording has its own",
                  input.path);
    auto opened = sources::recording::open_recordings({input.path}, {});
    if (!opened) return tl::unexpected(opened.error());
    for (const std::string& note : opened->notes) output.note(note + "\n");
    return publish(*opened->source, options, stop, output);
  }
  auto scenario = load_scenario(input.path);
  if (!scenario) {
    scenario.error().code = ErrorCode::invalid_input;
    return tl::unexpected(scenario.error());
  }
  if (input.duration_s > 0) scenario->duration_s = input.duration_s;
  if (input.sample_rate_hz > 0) scenario->sample_rate_hz = input.sample_rate_hz;
  constexpr std::size_t block_frames = 64;  // making them holds up no frame for long
  sources::simulator::Simulator simulator(std::move(*scenario), block_frames);
  return publish(simulator, options, stop, output);
}

}  // namespace polyphase::lab
