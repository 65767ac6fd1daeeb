#pragma once

#include <array>

#include "base/quality.hpp"

namespace polyphase {

struct QualityName {
  Quality::Flag flag;
  const char* name;
};

/// What flags are called outside, in the order of their bits. A name once published never changes.
inline constexpr std::array quality_names{
    QualityName{Quality::bridged, "bridged"},
    QualityName{Quality::clipped, "clipped"},
    QualityName{Quality::clock_unsynchronised, "clock_unsynchronised"},
    QualityName{Quality::frequency_held, "frequency_held"},
    QualityName{Quality::partial, "partial"},
    QualityName{Quality::disturbed, "disturbed"},
};

}  // namespace polyphase
