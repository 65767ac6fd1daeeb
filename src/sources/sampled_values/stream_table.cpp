#include "sources/sampled_values/stream_table.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "sources/bridge.hpp"

namespace polyphase::sources::sampled_values {
namespace {

namespace sv = wire::sv;

// FNV-1a: the names come from outside, but they are few, and a long chain of equal hashes ends at
// streams_max.
constexpr std::uint64_t hash_start = 14'695'981'039'346'656'037u, hash_step = 1'099'511'628'211u;

std::uint64_t hash_of(std::uint16_t app_id, const MacAddress& source, std::string_view sv_id) {
  std::uint64_t hash = (hash_start ^ app_id) * hash_step;
  for (const std::uint8_t byte : source) hash = (hash ^ byte) * hash_step;
  for (const char c : sv_id) hash = (hash ^ static_cast<std::uint8_t>(c)) * hash_step;
  return hash ^ hash >> 29;
}

double age_s(const StreamInfo& stream, Instant now) {
  return std::abs(seconds_between(stream.last_seen, now));  // the clock may have been set back
}

void count(std::atomic<std::uint64_t>& counter) {
  counter.store(counter.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
}

}  // namespace

std::string text(const MacAddress& address) {
  return fmt::format("{:02X}", fmt::join(address, ":"));
}

std::string StreamInfo::title() const {
  std::string name = sv_id.substr(0, 64);
  for (char& c : name)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  return fmt::format("{}@{:04X}", name, app_id);
}

bool StreamInfo::matches(std::string_view wanted) const {
  return wanted.empty() || wanted == sv_id || wanted == title() ||
         wanted == fmt::format("@{:04X}", app_id) || wanted == title() + "/" + text(source);
}

void StreamTable::take(std::span<const std::uint8_t> ethernet, std::optional<std::uint16_t> vlan,
                       Instant arrival) {
  const sv::Verdict verdict = sv::decode(ethernet, frame_);
  if (verdict == sv::Verdict::other_protocol) return;
  ++counts_.frames;
  if (verdict != sv::Verdict::ok) {
    ++counts_.malformed;
    return;
  }
  if (!frame_.vlan) frame_.vlan = vlan;
  std::size_t before = none;
  for (std::size_t i = 0; i < frame_.asdu_count; ++i) {
    const sv::Asdu& asdu = frame_.asdu[i];
    const bool same = before != none && streams_[before].sv_id == asdu.sv_id;
    const std::size_t stream = same ? before : find(frame_, asdu.sv_id, arrival);
    if (stream == none) {
      ++counts_.unlisted;
      continue;
    }
    StreamInfo& info = streams_[stream];
    const bool changed = info.frames > 0 && info.config_revision != asdu.config_revision;
    info.config_revision = asdu.config_revision;
    info.frames += same ? 0 : 1;
    info.config_changes += changed ? 1 : 0;
    learn(stream, asdu, arrival);
    give(stream, asdu, !same, changed, arrival);
    before = stream;
  }
}

/// Adds the sample to what is known of its stream, unless it does not fit.
void StreamTable::learn(std::size_t stream, const sv::Asdu& asdu, Instant arrival) {
  StreamInfo& info = streams_[stream];
  info.last_seen = arrival;
  const auto verdict = info.watch.look(info.seen, info.pace, asdu);
  if (verdict == sv::ChangeWatch::Verdict::misfit) return;
  if (verdict == sv::ChangeWatch::Verdict::changed) {
    info.seen = {};
    info.pace.reset();
    info.watch = {};
    ++info.changes;
    for (const auto& tap : taps_[stream]) tap->changed = true;
  }
  info.seen.add(frame_, asdu, arrival);
  if (!info.pace && sv::pace_is_settled(info.seen)) info.pace = sv::pace_of(info.seen);
}

std::size_t StreamTable::find(const sv::Frame& frame, std::string_view sv_id, Instant now) {
  for (std::size_t bucket = hash_of(frame.app_id, frame.source, sv_id) % buckets;;
       bucket = (bucket + 1) % buckets) {
    if (index_[bucket] == 0) return add(frame, sv_id, now);
    const std::size_t stream = index_[bucket] - 1u;
    const StreamInfo& info = streams_[stream];
    if (info.app_id == frame.app_id && info.source == frame.source && info.sv_id == sv_id)
      return stream;
  }
}

std::size_t StreamTable::add(const sv::Frame& frame, std::string_view sv_id, Instant now) {
  std::size_t place = streams_.size();
  if (place == streams_max) {
    place = make_room(now);
    if (place == none) return none;
  } else {
    streams_.emplace_back();
    taps_.emplace_back();
  }
  StreamInfo info;
  info.sv_id = sv_id;
  info.app_id = frame.app_id;
  info.source = frame.source;
  info.destination = frame.destination;
  info.vlan = frame.vlan;
  info.last_seen = now;
  streams_[place] = std::move(info);
  index(place);
  return place;
}

/// The place of the stream that was not seen for longest. Looks for one no oftener than there can
/// be one: whoever sends ever new streams shall not keep us busy.
std::size_t StreamTable::make_room(Instant now) {
  const double full_s = seconds_between(now, full_until_);
  if (full_s > 0 && full_s <= forgotten_s) return none;
  std::size_t oldest = none;
  for (std::size_t i = 0; i < streams_.size(); ++i)
    if (taps_[i].empty() &&
        (oldest == none || age_s(streams_[i], now) > age_s(streams_[oldest], now)))
      oldest = i;
  const double age = oldest == none ? 0 : age_s(streams_[oldest], now);
  if (age < forgotten_s) {
    full_until_ = now.plus_s(forgotten_s - age);
    return none;
  }
  ++counts_.forgotten;
  index_.fill(0);
  for (std::size_t i = 0; i < streams_.size(); ++i)
    if (i != oldest) index(i);
  return oldest;
}

void StreamTable::index(std::size_t stream) {
  const StreamInfo& info = streams_[stream];
  std::size_t bucket = hash_of(info.app_id, info.source, info.sv_id) % buckets;
  while (index_[bucket] != 0) bucket = (bucket + 1) % buckets;
  index_[bucket] = static_cast<std::uint16_t>(stream + 1);
}

void StreamTable::give(std::size_t stream, const sv::Asdu& asdu, bool first_of_frame, bool changed,
                       Instant arrival) {
  for (const std::shared_ptr<Tap>& tap : taps_[stream]) {
    count(tap->asdus);
    if (first_of_frame) count(tap->frames);
    if (changed) count(tap->config_changes);
    if (tap->changed || asdu.channels() != tap->channels || asdu.sample_count >= tap->wrap) {
      count(tap->misfits);
      continue;
    }
    SvSample sample;
    convert(asdu, tap->mapping, arrival, sample);
    // What a new configuration means nobody has told yet.
    if (changed) sample.marks = static_cast<char>(sample.marks | mark_bridged);
    if (!tap->queue.push(sample)) count(tap->dropped);
    if (!std::exchange(tap->fed, true)) fed_.push_back(tap.get());
  }
}

void StreamTable::notify() {
  for (Tap* tap : fed_) {
    tap->fed = false;
    tap->queue.notify();
  }
  fed_.clear();
}

Result<void> StreamTable::attach(std::size_t stream, std::shared_ptr<Tap> tap) {
  if (taps_[stream].size() == taps_max)
    return fail(ErrorCode::limit, fmt::format("{} is read by {} meters already, no more can",
                                              streams_[stream].title(), taps_max));
  taps_[stream].push_back(std::move(tap));
  return {};
}

void StreamTable::detach(const Tap* tap) {
  std::erase(fed_, tap);
  for (auto& taps : taps_) std::erase_if(taps, [&](const auto& t) { return t.get() == tap; });
}

}  // namespace polyphase::sources::sampled_values
