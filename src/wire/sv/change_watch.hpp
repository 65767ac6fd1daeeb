#pragma once

#include <cstdint>
#include <optional>

#include "wire/sv/observation.hpp"

namespace polyphase::wire::sv {

/// Notices that a stream is no longer what was learned of it: another number of channels, another
/// smpRate or smpMod, smpCnt beyond its end, or smpCnt that begins anew twice at the same place
/// well before its end. A stray frame, losses and a sender that starts again once are no change.
class ChangeWatch {
 public:
  static constexpr int misfits_max = 32;  ///< in a row: 8 ms at 4 000 a second

  enum class Verdict { fits, misfit, changed };
  /// Looks at a sample before it is added to `seen`. `pace`: once it is settled.
  Verdict look(const Observation& seen, const std::optional<Pace>& pace, const Asdu& asdu);

 private:
  int misfits_ = 0;
  std::uint32_t early_end_ = 0;  ///< where smpCnt began anew last; 0: at its end
};

}  // namespace polyphase::wire::sv
