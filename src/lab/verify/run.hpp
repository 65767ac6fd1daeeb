#pragma once

#include <atomic>

#include "lab/verify/check.hpp"

namespace polyphase::lab::verify {

/// Runs a meter, made as `analyze` makes one, over the scenario and fills what the checks measured.
/// errors  what the meter or the scenario refuses: the set-up the user asked for, or a label that
/// is not there
Result<void> run(Experiment& experiment);

/// Runs all of them on so many threads, an engine each. The first refusal ends it.
Result<void> run_all(std::vector<Group>& groups, unsigned threads,
                     const std::function<void(std::size_t done, std::size_t of)>& progress);

}  // namespace polyphase::lab::verify
