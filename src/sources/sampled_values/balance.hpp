#pragma once

#include <cstdint>
#include <string>

#include "sources/sv_assembly.hpp"

namespace polyphase::sources::sampled_values {

/// What became of everything that one stream sent, since its source was opened. When nothing waits:
///   asdus    = samples.offered + dropped_by_queue + misfits
///   samples.offered = samples.delivered + samples.duplicates + samples.late
///   samples.expected() = samples.delivered + samples.bridged + samples.missed
/// While samples wait (in the queue, or for one that is missing) the first two are short of them.
struct StreamBalance {
  std::uint64_t frames = 0;
  std::uint64_t asdus = 0;             ///< that came
  std::uint64_t dropped_by_queue = 0;  ///< the meter did not keep up
  std::uint64_t misfits = 0;           ///< another number of channels or rate than at first
  std::uint64_t config_changes = 0;    ///< of confRev
  std::uint64_t relearned = 0;         ///< times that it became another stream; counts go on
  SvCounts samples;

  StreamBalance& operator+=(const StreamBalance& later);
  /// True where nothing waits and everything adds up.
  bool balanced() const {
    return asdus == samples.offered + dropped_by_queue + misfits &&
           samples.offered == samples.delivered + samples.duplicates + samples.late;
  }
};

/// What one interface received, over all of its streams. Frames that the kernel dropped cannot be
/// told apart by stream: each stream counts what it lacks as lost.
struct InterfaceBalance {
  std::uint64_t frames = 0;             ///< taken from the ring
  std::uint64_t dropped_by_kernel = 0;  ///< the ring was full
  std::uint64_t malformed = 0;
  std::uint64_t unlisted = 0;   ///< ASDUs of streams beyond the bound
  std::uint64_t forgotten = 0;  ///< streams that made room for others
  std::uint64_t reopened = 0;   ///< times that the interface came back
};

/// One line: "4000 expected = 3996 received + 4 bridged + 0 in gaps; 2 twice, …". What is zero and
/// usually is is left out.
std::string text(const StreamBalance& stream, const InterfaceBalance& interface);

}  // namespace polyphase::sources::sampled_values
