#include "sources/sampled_values/stream_source.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace polyphase::sources::sampled_values {
namespace {

using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds look_again{100};  // a stop is not kept waiting longer
constexpr double others_s = 1.2;         // within which every stream that is there has shown itself
constexpr double heard_s_max = 2;        // a stream that is silent for longer is not there

Instant wall_clock() {
  using std::chrono::duration_cast, std::chrono::nanoseconds, std::chrono::system_clock;
  return {duration_cast<nanoseconds>(system_clock::now().time_since_epoch()).count()};
}

std::string titles_of(const std::vector<StreamInfo>& streams) {
  constexpr std::size_t shown_max = 16;
  std::string out;
  for (std::size_t i = 0; i < std::min(streams.size(), shown_max); ++i)
    out += (i > 0 ? ", " : "") + streams[i].title() + "/" + text(streams[i].source);
  if (streams.size() > shown_max) out += fmt::format(" and {} more", streams.size() - shown_max);
  return out;
}

/// The streams that are meant and there, by their place.
std::vector<std::size_t> meant(const std::deque<StreamInfo>& streams, const std::string& wanted) {
  Instant latest;
  for (const StreamInfo& stream : streams) latest = std::max(latest, stream.last_seen);
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < streams.size(); ++i)
    if (streams[i].matches(wanted) && seconds_between(streams[i].last_seen, latest) < heard_s_max)
      found.push_back(i);
  return found;
}

struct Chosen {
  StreamInfo stream;
  wire::sv::Pace pace;
};

Result<Chosen> choose(Receiver& receiver, const StreamOptions& options) {
  const auto began = Clock::now();
  const auto passed_s = [&] { return std::chrono::duration<double>(Clock::now() - began).count(); };
  std::vector<std::size_t> found;
  bool settled = false;
  const auto look = [&](const std::deque<StreamInfo>& streams) {
    if (options.stream.empty() && passed_s() < others_s) return false;
    found = meant(streams, options.stream);
    settled = !found.empty() && std::all_of(found.begin(), found.end(), [&](std::size_t i) {
      return streams[i].pace.has_value();
    });
    return settled;
  };
  while (!settled && passed_s() < options.patience_s) {
    if (options.stopped && options.stopped())
      return fail(ErrorCode::refused, "stopped before the stream was found", receiver.interface());
    receiver.watch(look_again, look);
  }
  const std::vector<StreamInfo> streams = receiver.streams();
  if (const std::string trouble = receiver.trouble(); found.empty() && !trouble.empty())
    return fail(ErrorCode::io, trouble);
  if (found.empty())
    return fail(ErrorCode::not_found,
                streams.empty() ? fmt::format("no Sampled Values within {:g} s (EtherType 88BA)",
                                              options.patience_s)
                                : fmt::format("no stream '{}'; there are {}",
                                              options.stream.substr(0, 64), titles_of(streams)),
                receiver.interface());
  if (found.size() > 1) {
    std::vector<StreamInfo> several;
    for (const std::size_t i : found) several.push_back(streams[i]);
    return fail(ErrorCode::invalid_input,
                fmt::format("{} streams fit; choose one of {}", found.size(), titles_of(several)),
                receiver.interface());
  }
  Chosen chosen{streams[found[0]], {}};
  if (!settled || !chosen.stream.pace)
    return fail(ErrorCode::invalid_input,
                fmt::format("{} samples of {} within {:g} s are too few to tell the sampling rate",
                            chosen.stream.seen.samples, chosen.stream.title(), options.patience_s),
                receiver.interface());
  chosen.pace = *chosen.stream.pace;
  return chosen;
}

}  // namespace

Result<std::unique_ptr<StreamSource>> StreamSource::open(std::shared_ptr<Receiver> receiver,
                                                         const StreamOptions& options) {
  auto chosen = choose(*receiver, options);
  if (!chosen) return tl::unexpected(chosen.error());
  auto mapping = map_sv_channels(chosen->stream.seen.channels, options.map, options.delta);
  if (!mapping) return fail(mapping.error().code, mapping.error().message, chosen->stream.title());
  const StreamInfo stream = chosen->stream;
  std::unique_ptr<StreamSource> source(new StreamSource(
      std::move(receiver), std::move(chosen->stream), chosen->pace, std::move(*mapping), options));
  if (auto done = source->receiver_->attach(stream, source->tap_); !done)
    return tl::unexpected(done.error());
  return source;
}

StreamSource::StreamSource(std::shared_ptr<Receiver> receiver, StreamInfo stream,
                           const wire::sv::Pace& pace, Mapping mapping,
                           const StreamOptions& options)
    : receiver_(std::move(receiver)),
      stream_(std::move(stream)),
      stopped_(options.stopped),
      wanted_name_(options.stream),
      tap_(std::make_shared<Tap>(mapping, stream_.seen.channels, pace.wrap,
                                 static_cast<std::size_t>(pace.sample_rate_hz * queued_s_max))),
      assembly_(pace, mapping.present()),
      frames_(block_frames_max),
      marks_(block_frames_max) {
  info_.sample_rate_hz = pace.sample_rate_hz;
  info_.channels_present = mapping.present();
  info_.line_frequency_hz = wire::sv::line_frequency_of(stream_.seen, pace);
  info_.description = receiver_->interface() + ":" + stream_.title();
  notes_.push_back(fmt::format("stream {} from {}: {} channels, {} samples a second",
                               stream_.title(), text(stream_.source), stream_.seen.channels,
                               pace.sample_rate_hz));
  notes_.insert(notes_.end(), mapping.notes.begin(), mapping.notes.end());
  if (stream_.seen.simulated) notes_.push_back("warning: the stream is marked as simulated");
}

StreamSource::~StreamSource() { receiver_->detach(tap_.get()); }

Result<bool> StreamSource::next(SampleBlock& block) {
  if (given_ == run_.count && !fill()) {
    if (replaced_)
      return fail(ErrorCode::invalid_input,
                  "the stream is silent, and another sender has its name: it is learned anew",
                  info_.description);
    if (!tap_->changed) return false;
    return fail(ErrorCode::invalid_input,
                fmt::format("the stream is not any more what it was ({} channels, {} samples a "
                            "second): it is learned anew",
                            tap_->channels, info_.sample_rate_hz),
                info_.description);
  }
  // As many as are of one quality.
  std::size_t count = 1;
  while (given_ + count < run_.count && marks_[given_ + count] == marks_[given_]) ++count;
  block.frames = std::span<const Frame>(frames_).subspan(given_, count);
  block.time_first = anchor_.plus_s(static_cast<double>(since_anchor_) / info_.sample_rate_hz);
  block.bridged = (marks_[given_] & mark_bridged) != 0;
  block.clipped = (marks_[given_] & mark_clipped) != 0;
  block.clock_synchronised = run_.synchronised;
  block.after_gap = std::exchange(gap_, false);
  given_ += count;
  since_anchor_ += count;
  return true;
}

/// Waits for the next run of frames. False: nothing more comes.
bool StreamSource::fill() {
  given_ = 0;
  const std::size_t wanted = std::exchange(wanted_, 1);
  for (bool waits = true;;) {
    SvSample sample;
    while (!assembly_.waiting() && assembly_.ready() < block_frames_max && tap_->queue.pop(sample))
      assembly_.offer(sample);
    const bool more = assembly_.waiting();
    const std::size_t ready = assembly_.ready();
    if (more || !waits || ready >= wanted) {
      run_ = assembly_.take(frames_, marks_);
      if (run_.count > 0) break;
      if (more) continue;
    }
    const bool over = (stopped_ && stopped_()) || tap_->changed || replaced_;
    const std::size_t queued = tap_->queue.size();
    waits = !over && (tap_->queue.wait(silence_max, wanted - std::min(ready, wanted - 1)) ||
                      tap_->queue.size() > queued);
    if (waits) continue;
    assembly_.flush();
    if (!over) replaced_ = replaced();
    if (over && assembly_.ready() == 0 && tap_->queue.size() == 0) return false;
  }
  last_run_ = Clock::now();
  gap_ = run_.after_gap;
  if (run_.time) {
    anchor_ = *run_.time;
    since_anchor_ = 0;
  }
  return true;
}

/// Whether the stream is silent and one other sender has its name.
bool StreamSource::replaced() {
  if (Clock::now() - last_run_ < std::chrono::duration<double>(heard_s_max)) return false;
  const std::string& name = wanted_name_.empty() ? stream_.sv_id : wanted_name_;
  const Instant now = wall_clock();
  std::size_t others = 0;
  receiver_->watch(milliseconds(0), [&](const std::deque<StreamInfo>& streams) {
    for (const std::size_t i : meant(streams, name)) {
      const bool heard = std::abs(seconds_between(streams[i].last_seen, now)) < heard_s_max;
      others += heard && !streams[i].is(stream_) ? 1u : 0u;
    }
    return true;
  });
  return others == 1;
}

StreamBalance StreamSource::balance() const {
  constexpr auto order = std::memory_order_relaxed;
  StreamBalance balance;
  balance.frames = tap_->frames.load(order);
  balance.asdus = tap_->asdus.load(order);
  balance.dropped_by_queue = tap_->dropped.load(order);
  balance.misfits = tap_->misfits.load(order);
  balance.config_changes = tap_->config_changes.load(order);
  balance.samples = assembly_.counts();
  return balance;
}

}  // namespace polyphase::sources::sampled_values
