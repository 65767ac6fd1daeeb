#pragma once

#include "sources/recording/part.hpp"

namespace polyphase::sources::recording {

/// Makes one source of parts that are in the order of their time. Parts without a date follow each
/// other without a gap, the first from `start` on (1970-01-01 where that is not given); where the
/// first part has a date, `start` moves all of them. Samples of a part that lie before the end of
/// the part before it are left out, and told.
///
/// needs  at least one part; rates and channels alike
std::unique_ptr<RecordingSource> join(std::vector<std::unique_ptr<Part>> parts,
                                      std::optional<Instant> start);

}  // namespace polyphase::sources::recording
