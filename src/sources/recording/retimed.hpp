#pragma once

#include <array>
#include <memory>

#include "sources/recording/row_part.hpp"

namespace polyphase::sources::recording {

/// Brings a part to one rate where its rows do not come evenly, and takes the skew of its channels
/// away, by interpolation with a windowed sinc along the rows' own time.
///
/// kernel   sinc(u) kaiser(u, 32, 9): 64 rows, level to 0.45 of the rows' rate within 1e-4;
/// narrower
///          where rows end or their rate jumps
/// skew_s   each lane's samples were taken so much after the time of their row
std::unique_ptr<Part> retimed(std::unique_ptr<RowPart> part,
                              const std::array<double, channel_count>& skew_s);

}  // namespace polyphase::sources::recording
