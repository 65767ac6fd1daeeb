#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "lab/reader.hpp"
#include "lab/session.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::lab {

/// What `polyphase analyze` was asked for.
struct AnalyzeOptions {
  std::vector<std::string> recordings;
  MeterOptions meter;
  sources::recording::RecordingOptions recording;
  std::vector<std::string> read;  ///< labels; empty: no rows
  Every every = Every::end;
  bool events = false;
  bool event_log = false;
  bool json = false;
  bool progress = false;  ///< tell on `note` how far it is
};

/// Where the output goes: data, and what is said beside it.
struct Output {
  std::function<bool(std::string_view)> data;  ///< false: it cannot be written any more
  std::function<void(std::string_view)> note;
};

/// Runs the engine over recordings and writes what was asked for.
/// errors  io, invalid_input: the recording says no; invalid_config, not_found: the options do
Result<void> analyze(const AnalyzeOptions& options, const Output& output);

}  // namespace polyphase::lab
