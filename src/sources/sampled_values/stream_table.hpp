#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sources/sampled_values/balance.hpp"
#include "sources/sampled_values/sample_queue.hpp"
#include "wire/sv/change_watch.hpp"

namespace polyphase::sources::sampled_values {

using MacAddress = std::array<std::uint8_t, 6>;

/// A stream on the wire, told from others by svID, APPID and the sender's address.
struct StreamInfo {
  std::string sv_id;
  std::uint16_t app_id = 0;
  MacAddress source{}, destination{};
  std::optional<std::uint16_t> vlan;   ///< tag control: priority and number
  wire::sv::Observation seen;          ///< since it is learned (anew)
  std::optional<wire::sv::Pace> pace;  ///< once it is settled
  wire::sv::ChangeWatch watch;
  Instant last_seen;
  std::uint32_t config_revision = 0;
  std::uint64_t frames = 0;
  std::uint64_t config_changes = 0;
  std::uint64_t changes = 0;  ///< times that it was learned anew

  /// The same svID, APPID and sender.
  bool is(const StreamInfo& other) const {
    return app_id == other.app_id && source == other.source && sv_id == other.sv_id;
  }
  std::string title() const;  ///< "MU01@4000"
  /// `wanted`: empty, "MU01", "@4000", "MU01@4000", or that with the sender, "MU01@4000/02:…:0A".
  bool matches(std::string_view wanted) const;
};
std::string text(const MacAddress& address);

/// One reader of one stream: what it wants of each sample, the queue to it, what was counted.
struct Tap {
  Tap(Mapping lanes, std::size_t channel_total, std::uint32_t count_end, std::size_t capacity)
      : mapping(std::move(lanes)), channels(channel_total), wrap(count_end), queue(capacity) {}
  const Mapping mapping;
  const std::size_t channels;
  const std::uint32_t wrap;  ///< smpCnt is below
  SampleQueue queue;
  std::atomic<std::uint64_t> frames{0}, asdus{0}, dropped{0}, misfits{0}, config_changes{0};
  /// The stream is not any more what the tap was made for: nothing comes to the queue any more.
  std::atomic<bool> changed{false};
  bool fed = false;  ///< since notify()
};

/// Sorts frames to their streams. Streams that nobody reads and that were not seen for
/// forgotten_s make room for new ones where there is none. Not safe for several threads: Receiver
/// locks.
class StreamTable {
 public:
  static constexpr std::size_t streams_max = 256;
  static constexpr std::size_t taps_max = 16;  ///< of one stream
  static constexpr double forgotten_s = 10;

  /// `vlan`: the tag that the kernel took out of the frame.
  void take(std::span<const std::uint8_t> ethernet, std::optional<std::uint16_t> vlan,
            Instant arrival);
  /// After a batch of take(): wakes those that were given samples.
  void notify();

  const std::deque<StreamInfo>& streams() const { return streams_; }
  const InterfaceBalance& counts() const { return counts_; }

  /// errors  limit
  Result<void> attach(std::size_t stream, std::shared_ptr<Tap> tap);
  void detach(const Tap* tap);

 private:
  static constexpr std::size_t buckets = 4 * streams_max;
  static constexpr std::size_t none = static_cast<std::size_t>(-1);
  std::size_t find(const wire::sv::Frame& frame, std::string_view sv_id, Instant now);
  std::size_t add(const wire::sv::Frame& frame, std::string_view sv_id, Instant now);
  std::size_t make_room(Instant now);
  void index(std::size_t stream);
  void learn(std::size_t stream, const wire::sv::Asdu& asdu, Instant arrival);
  void give(std::size_t stream, const wire::sv::Asdu& asdu, bool first_of_frame, bool changed,
            Instant arrival);

  std::deque<StreamInfo> streams_;
  std::vector<std::vector<std::shared_ptr<Tap>>> taps_;  ///< by stream
  std::array<std::uint16_t, buckets> index_{};           ///< stream + 1; 0: free
  std::vector<Tap*> fed_;
  Instant full_until_;  ///< nobody makes room before
  InterfaceBalance counts_;
  wire::sv::Frame frame_;
};

}  // namespace polyphase::sources::sampled_values
