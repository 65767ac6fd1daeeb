#pragma once

#include <string>
#include <vector>

#include "lab/output.hpp"
#include "lab/reader.hpp"
#include "lab/session.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::lab {

/// What `polyphase analyze` was asked for: rows, events, the event log, or of none of these a
/// summary.
struct AnalyzeOptions {
  std::vector<std::string> recordings;
  MeterOptions meter;
  sources::recording::RecordingOptions recording;
  std::vector<std::string> read;  ///< labels; empty: no rows
  Every every = Every::end;
  bool events = false;
  bool event_log = false;
  Format format = Format::automatic;  ///< of rows: CSV; of events: JSON
  bool progress = false;              ///< tell on `note` how far it is
};

/// Runs the engine over recordings and writes what was asked for.
/// errors  io, invalid_input, unsupported, limit: the recording or the output says no;
///         invalid_config, not_found, refused: the options do
Result<void> analyze(const AnalyzeOptions& options, const Output& output);

}  // namespace polyphase::lab
