#pragma once

#include <optional>
#include <string>
#include <vector>

#include "lab/analyze.hpp"

namespace polyphase::app {

/// The options of `analyze` as they stand on the command line, before they are checked.
struct AnalyzeText {
  lab::MeterOptions meter;
  std::string pt, ct;  ///< P:S
  std::vector<std::string> recordings;
  std::string read, every = "end", map, start, utc_offset, stream, log, data, report, html;
  std::optional<double> sample_rate_hz;
  bool events = false, csv = false, json = false;
};

/// errors  invalid_config: what is asked for contradicts itself or does not exist
Result<lab::AnalyzeOptions> checked(const AnalyzeText& text);

/// errors  invalid_config: not P:S
Result<void> set_ratios(lab::MeterOptions& meter, const std::string& pt, const std::string& ct);

}  // namespace polyphase::app
