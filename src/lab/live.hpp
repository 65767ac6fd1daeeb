#pragma once

#include <atomic>

#include "lab/output.hpp"
#include "lab/session.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::lab {

struct LiveOptions {
  double speed = 1;       ///< times real time; 0: flat out
  double duration_s = 0;  ///< in place of the scenario's; 0: as the scenario says
  bool redraw = false;    ///< the output is a terminal: a page that stays in its place, else lines
};

/// Runs a meter on a scenario at its pace and shows its readings once a second, until the scenario
/// ends or `stop` is set. What the scenario says of nominal values and wiring holds where `meter`
/// says nothing; a scenario without a start begins now. errors  invalid_config, not_found: the
/// options; invalid_input: the scenario cannot be measured;
///         io: the output cannot be written
Result<void> run_live(const sources::simulator::Scenario& scenario, const MeterOptions& meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const Output& output);

}  // namespace polyphase::lab
