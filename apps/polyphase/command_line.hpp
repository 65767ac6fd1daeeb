#pragma once

#include <string>
#include <variant>
#include <vector>

#include "config.hpp"
#include "lab/analyze.hpp"
#include "lab/publish.hpp"
#include "lab/verify/verify.hpp"

namespace polyphase::app {

/// Nothing to do but exit: help was printed, or the usage was wrong.
struct Exit {
  int status = 0;
};

/// Readings on the terminal, without services and without a store.
struct WatchOptions {
  SamplesConfig samples;
  lab::MeterOptions meter;
};

struct RunOptions {
  std::string config;   ///< file; empty: one meter, by the options below
  std::string data;     ///< folder
  int port_offset = 0;  ///< added to the configuration's
  SamplesConfig samples;
  std::string list;  ///< an interface, whose streams are listed
  lab::MeterOptions meter;
};

struct SynthOptions {
  std::string scenario, output;
  double duration_s = 0, sample_rate_hz = 0;  ///< 0: the scenario's
  lab::PublishOptions publish;                ///< in place of `output`, where it has an interface
};

struct ModuleOptions {
  bool list = false;
  std::string type, file;  ///< without a file: describe the type
  std::vector<std::string> sets;
};

struct DocsOptions {
  std::string folder;
};

/// The switch of the revenue lock, which holds from the next start on.
struct LockOptions {
  bool on = false;
  std::string data, meter;
};

using Command = std::variant<Exit, lab::AnalyzeOptions, ModuleOptions, RunOptions, WatchOptions,
                             SynthOptions, DocsOptions, LockOptions, lab::verify::VerifyOptions>;

/// What was wrong with the usage, on stderr.
Exit refuse_usage(const Error& error);

/// Reads the command line; messages and help go where they belong. Usage errors: Exit{2}.
Command parse_command_line(int argc, char** argv);

}  // namespace polyphase::app
