#pragma once

#include <string>
#include <variant>

#include "lab/analyze.hpp"

namespace polyphase::app {

struct ModuleOptions {
  bool list = false;
  bool describe = false;
  std::string type, file;
  std::vector<std::string> sets;
};

struct RunOptions {
  std::string scenario;
  double speed = 1;
  double duration_s = 0;  ///< 0: until it is stopped
  lab::MeterOptions meter;
};

struct SynthOptions {
  std::string scenario, output;
  double duration_s = 0, sample_rate_hz = 0;
};

struct DocsOptions {
  std::string folder;
};

/// Nothing to do but exit: help was printed, or the usage was wrong.
struct Exit {
  int status = 0;
};

using Command = std::variant<Exit, lab::AnalyzeOptions, ModuleOptions, RunOptions, SynthOptions, DocsOptions>;

/// Reads the command line; messages and help go where they belong. Usage errors: Exit{2}.
Command parse_command_line(int argc, char** argv);

}  // namespace polyphase::app
