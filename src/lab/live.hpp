#pragma once

#include <atomic>
#include <functional>
#include <string>

#include "base/samples.hpp"
#include "lab/output.hpp"
#include "lab/session.hpp"
#include "sources/simulator/scenario.hpp"

namespace polyphase::lab {

struct LiveOptions {
  double speed = 1;       ///< times real time; 0: flat out
  double duration_s = 0;  ///< in place of the scenario's; 0: as the scenario says
  bool redraw = false;    ///< the output is a terminal: a page that stays in its place, else lines
};

/// Samples that a meter is run on.
struct LiveSource {
  SampleSource& samples;
  std::string name;
  std::function<std::string()> note;  ///< a line about the source, shown with the readings; or empty
};

/// A scenario without a start begins at the second that it is now.
void begin_now(sources::simulator::Scenario& scenario);
/// What the scenario says of nominal values and wiring holds where `meter` says nothing.
MeterOptions meter_for(MeterOptions meter, const sources::simulator::Scenario& scenario);

/// Runs a meter on samples until they end or `stop` is set, and shows its readings once a second.
/// errors  those below; and those of the source
Result<void> run_live(const LiveSource& source, const MeterOptions& meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const Output& output);

/// Runs a meter on a scenario at its pace and shows its readings once a second, until the scenario
/// ends or `stop` is set. What the scenario says of nominal values and wiring holds where `meter`
/// says nothing; a scenario without a start begins now.
/// errors  invalid_config, not_found: the options; invalid_input: the scenario cannot be measured;
/// io: the output cannot be written
Result<void> run_live(const sources::simulator::Scenario& scenario, const MeterOptions& meter,
                      const LiveOptions& options, const std::atomic<bool>& stop,
                      const Output& output);

}  // namespace polyphase::lab
