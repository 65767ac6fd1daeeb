#pragma once

#include <atomic>
#include <optional>
#include <string>

#include "base/samples.hpp"
#include "lab/output.hpp"

namespace polyphase::lab {

struct PublishOptions {
  std::string interface;
  std::string sv_id = "POLYPHASE";
  std::uint16_t app_id = 0x4000;
  std::size_t streams = 1;  ///< alike and aligned; svID with 01, 02, … behind, APPID counting up
  std::size_t asdus = 1;    ///< samples in a frame
  std::optional<std::uint16_t> vlan;
  std::uint8_t synchronised = 1;  ///< smpSynch: the seconds are those of this machine
  double duration_s = 0;          ///< 0: until the samples end
  std::uint64_t drop_every = 0;   ///< one frame in so many is left out, in every stream; 0: none
};

/// What is published: a scenario (.toml) or a recording.
struct SynthInput {
  std::string path;
  double duration_s = 0, sample_rate_hz = 0;  ///< 0: its own; the rate of a recording is its own
};

/// Sends samples as Sampled Values of 9-2 LE at their true pace: the first one at the top of a
/// second, each frame when its last sample was taken. Samples that a source stands in for, or
/// leaves out, are not sent. Says on `output.note` what is sent, and in the end how much and how
/// late.
///
/// errors  invalid_config: a rate that smpCnt cannot count, or asdus do not divide; those of
/// PacketSender::open(); those of the source
Result<void> publish(SampleSource& source, const PublishOptions& options,
                     const std::atomic<bool>& stop, const Output& output);

/// As above. errors  besides: io, invalid_input: it cannot be read; invalid_config: a rate for a
/// recording
Result<void> publish(const SynthInput& input, PublishOptions options, const std::atomic<bool>& stop,
                     const Output& output);

}  // namespace polyphase::lab
