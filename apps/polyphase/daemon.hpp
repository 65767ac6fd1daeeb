#pragma once

#include <functional>
#include <string>

#include "config.hpp"
#include "unit.hpp"

namespace polyphase::app {

struct DaemonOptions {
  DaemonConfig config;
  std::string data;         ///< folder
  lab::Settings overrides;  ///< of every meter
  bool end_with_samples = false;
  /// Gets what a person needs to open each meter. May be empty.
  std::function<void(const std::string&)> greet;
};

/// Runs the meters until SIGINT or SIGTERM, or until their samples have ended where that is asked
/// for. errors  what keeps a meter from starting; a service that does not come up does not
Result<void> run_daemon(const DaemonOptions& options);

}  // namespace polyphase::app
