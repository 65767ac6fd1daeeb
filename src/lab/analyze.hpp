#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/output.hpp"
#include "lab/reader.hpp"
#include "lab/report.hpp"
#include "lab/session.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::lab {

/// What `polyphase analyze` was asked for: rows, events, a log, a report, or of none a summary.
struct AnalyzeOptions {
  std::vector<std::string> recordings;
  MeterOptions meter;
  sources::recording::RecordingOptions recording;
  std::vector<std::string> read;  ///< labels; empty: no rows
  Every every = Every::end;
  bool events = false;
  std::string log;  ///< name of a log; empty: none
  std::optional<ReportKind> report;
  std::string html;                   ///< file that the report is also written to; empty: none
  std::string data;                   ///< folder in which the logs stay; empty: they are in memory
  Format format = Format::automatic;  ///< of rows and logs: CSV; of events: JSON
  bool progress = false;              ///< tell on `note` how far it is
};

/// Runs the engine over recordings and writes what was asked for.
/// errors  io, invalid_input, unsupported, limit: the recording or the output says no;
///         invalid_config, not_found, refused: the options do
Result<void> analyze(const AnalyzeOptions& options, const Output& output);

}  // namespace polyphase::lab
