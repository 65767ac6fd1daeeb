#include "sources/sampled_values/stream_table.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sources/bridge.hpp"

namespace polyphase::sources::sampled_values {
namespace {

namespace sv = wire::sv;

// FNV-1a: the names come from outside, but they are few, and a long chain of equal hashes ends at
// streams_max.
constexpr std::uint64_t hash_start = 14'695'981'039'346'656'037u, hash_step = 1'099'511'628'211u;

std::uint64_t hash_of(const sv::Frame& frame, std::string_view sv_id) {
  std::uint64_t hash = (hash_start ^ frame.app_id) * hash_step;
  for (const std::uint8_t byte : frame.source) hash = (hash ^ byte) * hash_step;
  for (const char c : sv_id) hash = (hash ^ static_cast<std::uint8_t>(c)) * hash_step;
  return hash ^ hash >> 29;
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
    const std::size_t stream = same ? before : find(frame_, asdu.sv_id);
    if (stream == none) {
      ++counts_.unlisted;
      continue;
    }
    StreamInfo& info = streams_[stream];
    const bool changed = info.frames > 0 && info.seen.config_revision != asdu.config_revision;
    info.frames += same ? 0 : 1;
    info.config_changes += changed ? 1 : 0;
    if (seconds_between(info.seen.last_arrival, arrival) > silence_s_max) info.seen = {};
    info.seen.add(frame_, asdu, arrival);
    give(stream, asdu, !same, changed, arrival);
    before = stream;
  }
}

std::size_t StreamTable::find(const sv::Frame& frame, std::string_view sv_id) {
  for (std::size_t bucket = hash_of(frame, sv_id) % buckets;; bucket = (bucket + 1) % buckets) {
    if (index_[bucket] == 0) return add(frame, sv_id, bucket);
    const std::size_t stream = index_[bucket] - 1u;
    const StreamInfo& info = streams_[stream];
    if (info.app_id == frame.app_id && info.source == frame.source && info.sv_id == sv_id)
      return stream;
  }
}

std::size_t StreamTable::add(const sv::Frame& frame, std::string_view sv_id, std::size_t bucket) {
  if (streams_.size() == streams_max) return none;
  StreamInfo info;
  info.sv_id = sv_id;
  info.app_id = frame.app_id;
  info.source = frame.source;
  info.destination = frame.destination;
  info.vlan = frame.vlan;
  streams_.push_back(std::move(info));
  taps_.emplace_back();
  index_[bucket] = static_cast<std::uint16_t>(streams_.size());
  return streams_.size() - 1;
}

void StreamTable::give(std::size_t stream, const sv::Asdu& asdu, bool first_of_frame, bool changed,
                       Instant arrival) {
  for (const std::shared_ptr<Tap>& tap : taps_[stream]) {
    count(tap->asdus);
    if (first_of_frame) count(tap->frames);
    if (changed) count(tap->config_changes);
    if (asdu.channels() != tap->channels || asdu.sample_count >= tap->wrap) {
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
