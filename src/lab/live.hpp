#pragma once

#include <atomic>
#include <functional>
#include <string_view>

#include "lab/session.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::lab {

struct LiveOptions {
  double speed = 1;       ///< times real time; 0: flat out
  double duration_s = 0;  ///< of the scenario; 0: until stopped
  bool redraw = false;    ///< the output is a terminal: the table stays in its place
};

/// Runs a meter on a scenario at its pace and shows its readings once a second, until it ends or
/// `stop` is set.
/// errors  invalid_config: the scenario and the options do not fit
Result<void> run_live(const sources::simulator::Scenario& scenario, const MeterOptions& meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const std::function<bool(std::string_view)>& show);

}  // namespace polyphase::lab
