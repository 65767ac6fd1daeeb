#include "modules/disturbance_direction/disturbance_direction.hpp"

#include "graph/describe.hpp"
#include "metering/datasets.hpp"
#include "pq/disturbance_direction.hpp"

namespace polyphase::modules::disturbance_direction {
namespace {

using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { half_cycle, dist_start, dist_end, enable };
enum Setting : std::size_t { enabled, priority };
enum Output : std::size_t { direction, confidence, analysis_done };

graph::ModuleDescriptor describe_direction() {
  graph::ModuleDescriptor d;
  d.type = "Disturbance Direction Detection";
  d.number = 67;
  d.cadence = graph::Cadence::half_cycle;
  d.instances_max = 4;
  d.help = "Finds on which side of the meter a sag or swell was caused.";
  d.inputs = {
      describe::dataset("Half Cycle", "half cycle", "voltages and currents of the half cycle"),
      describe::mandatory("Dist Start", RegisterType::pulse,
                          "of a Sag/Swell module: begins an analysis"),
      describe::optional("Dist End", RegisterType::pulse,
                         "of the same: what there is by then is judged"),
      describe::enable("nothing is analysed, outputs N/A"),
  };
  d.inputs[half_cycle].mandatory = true;
  d.setups = {
      describe::toggle("Enable", true,
                       "off: as the input Enable; Sag/Swell modules linked here tell "
                       "no direction"),
      describe::event_priority(200),
  };
  d.outputs = {
      describe::output("Direction", RegisterType::enumerated, "", "of the last disturbance"),
      describe::output("Confidence", RegisterType::enumerated, "", "how sure that is"),
      describe::output("Analysis Done", RegisterType::pulse, "",
                       "a disturbance has been analysed; with the time of its start"),
  };
  // In the order of polyphase::Direction and polyphase::Confidence.
  d.outputs[direction].choices = {"UNDETERMINED", "UPSTREAM", "DOWNSTREAM"};
  d.outputs[confidence].choices = {"UNDETERMINED", "LOW", "MEDIUM", "HIGH"};
  d.events = {{"Direction", -1, "a direction was found, or none could be"},
              describe::setup_event()};
  return d;
}

const char* text_of(DirectionFinding found) {
  static constexpr const char* upstream[] = {
      "Disturbance Direction Detected - Upstream - Low Confidence",
      "Disturbance Direction Detected - Upstream - Medium Confidence",
      "Disturbance Direction Detected - Upstream - High Confidence"};
  static constexpr const char* downstream[] = {
      "Disturbance Direction Detected - Downstream - Low Confidence",
      "Disturbance Direction Detected - Downstream - Medium Confidence",
      "Disturbance Direction Detected - Downstream - High Confidence"};
  if (found.direction == Direction::undetermined) return "Disturbance Direction Undetermined";
  const auto level = static_cast<std::size_t>(found.confidence) - 1;
  return found.direction == Direction::upstream ? upstream[level] : downstream[level];
}

class DirectionDetection final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    enabled_ = setup.enabled(enabled);
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const bool starts = step.pulses(dist_start) > 0, ends = step.pulses(dist_end) > 0;
    const auto* data = step.dataset<metering::HalfCycleData>(half_cycle);
    if (data == nullptr || data->half_cycle == nullptr) return;
    if (!step.enabled(enable) || !enabled_) {
      step.out(direction, not_available);
      step.out(confidence, not_available);
      analysing_ = false;
      direction_ = {};
      return;
    }
    direction_.update(*data);
    if (starts && !analysing_) {
      direction_.start();
      analysing_ = true;
      time_ = step.time_of(dist_start);
    }
    if (analysing_ && (ends || !direction_.running())) tell(step);
  }

  void finish(graph::Step& step) noexcept override {
    if (analysing_) tell(step);
  }

 private:
  void tell(graph::Step& step) {
    const DirectionFinding found = direction_.finish();
    analysing_ = false;
    step.out_at(direction, static_cast<double>(found.direction), time_);
    step.out_at(confidence, static_cast<double>(found.confidence), time_);
    step.pulse_at(analysis_done, time_);
    if (priority_ != 0)
      step.event_at(time_, priority_, direction, text_of(found), step.output(analysis_done));
  }

  pq::DisturbanceDirection direction_;
  bool enabled_ = true, analysing_ = false;
  Instant time_;  ///< of the disturbance
  std::uint8_t priority_ = 0;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_direction();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<DirectionDetection>(); }

}  // namespace polyphase::modules::disturbance_direction
