#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "base/result.hpp"
#include "base/time.hpp"

namespace polyphase {

/// The eight inputs of a meter, in the order of the lanes of a frame.
enum class Channel : std::uint8_t { v1, v2, v3, v4, i1, i2, i3, i4 };
inline constexpr std::size_t channel_count = 8;
inline constexpr std::array<const char*, channel_count> channel_names{"V1", "V2", "V3", "V4",
                                                                      "I1", "I2", "I3", "I4"};
using ChannelMask = std::uint8_t;  ///< bit n: channel n
constexpr ChannelMask mask_of(Channel channel) {
  return static_cast<ChannelMask>(1u << static_cast<unsigned>(channel));
}

/// One sampling instant of all inputs, in volts and amperes.
struct alignas(32) Frame {
  std::array<float, channel_count> value{};
};

/// Consecutive frames of one quality, equally spaced in time.
struct SampleBlock {
  std::span<const Frame> frames;
  Instant time_first;             ///< of frames[0]
  bool bridged = false;           ///< the values stand in for samples that were lost
  bool clipped = false;           ///< the sender says that an input was beyond its range
  bool clock_synchronised = true; ///< time_first is traceable to UTC
  bool after_gap = false;         ///< frames[0] does not follow the last frame delivered before
};

/// What holds for every sample that a source will deliver.
struct SourceInfo {
  double sample_rate_hz = 0;
  ChannelMask channels_present = 0;                   ///< the others deliver zeros
  std::array<float, channel_count> full_scale{};      ///< |value| at which an input clips; 0: unknown
  std::optional<double> line_frequency_hz;            ///< when the source names one
  bool secondary = false;  ///< values are those of the transformers' secondary side
  std::string description;
};

/// Where samples come from: a recording, the simulator, the network. One thread reads it.
class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual const SourceInfo& info() const = 0;

  /// Fills `block`, whose frames stay valid until the next call. False: the samples have ended.
  /// errors  invalid_input, io: nothing further can be read
  virtual Result<bool> next(SampleBlock& block) = 0;

  /// Fewer than so many further frames tell the reader nothing new: a live source may gather them
  /// before the following next() gives any. Holds for that one.
  virtual void gather(std::size_t) {}
};

}  // namespace polyphase
