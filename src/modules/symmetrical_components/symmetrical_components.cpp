#include "modules/symmetrical_components/symmetrical_components.hpp"

#include <numbers>

#include "graph/describe.hpp"
#include "metering/datasets.hpp"
#include "pq/symmetrical_components.hpp"

namespace polyphase::modules::symmetrical_components {
namespace {

using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Input : std::size_t { interval, phase_order, volts_mode };
enum Setting : std::size_t { quantity };
enum Output : std::size_t {
  zero_magnitude,
  zero_phase,
  positive_magnitude,
  positive_phase,
  negative_magnitude,
  negative_phase,
  u2,
  u0,
};

constexpr double volts_mode_single = 3;  // choice of the Power Meter's Volts Mode

graph::ModuleDescriptor describe_components() {
  graph::ModuleDescriptor d;
  d.type = "Symmetrical Components";
  d.number = 18;
  d.help =
      "Zero, positive and negative sequence of three voltages or currents, and their unbalance.";
  d.inputs = {
      describe::dataset("Interval", "interval", "fundamentals over cycles, a window or a second"),
      describe::setup_link("PhaseOrder", RegisterType::enumerated,
                           "of the Power Meter; ACB exchanges b and c"),
      describe::setup_link("Volts Mode", RegisterType::enumerated,
                           "of the Power Meter: SINGLE has no V3"),
  };
  d.inputs[interval].mandatory = true;
  d.setups = {describe::choice("Quantity", {"VOLTAGE", "CURRENT"}, 0, "of what")};
  for (const char* sequence : {"Zero", "Pos", "Neg"}) {
    const std::string name = std::string(sequence) + "Seq";
    d.outputs.push_back(describe::output(name + "Mag", RegisterType::numeric, "", "rms, V or A",
                                         graph::Aggregation::rms));
    d.outputs.push_back(describe::output(name + "Phs", RegisterType::numeric, "deg",
                                         "angle to the fundamental of V1"));
  }
  d.outputs.push_back(describe::output("u2", RegisterType::numeric, "%",
                                       "negative over positive sequence", graph::Aggregation::rms));
  d.outputs.push_back(describe::output("u0", RegisterType::numeric, "%",
                                       "zero over positive sequence", graph::Aggregation::rms));
  d.events = {describe::setup_event()};
  return d;
}

class Components final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    first_ = setup.choice(quantity) == 0 ? 0 : static_cast<std::size_t>(Channel::i1);
    return {};
  }

  std::string unit(std::size_t, const graph::Setup& setup,
                   std::span<const std::string>) const override {
    return setup.choice(quantity) == 0 ? "V" : "A";
  }

  void run(graph::Step& step) noexcept override {
    const auto* data = step.dataset<metering::IntervalData>(interval);
    if (data == nullptr) return;
    const bool single = step.linked(volts_mode) && step.in(volts_mode) == volts_mode_single;
    const unsigned three = 0x07u << first_;
    if (single || (data->present & three) != three) {
      for (std::size_t o = zero_magnitude; o <= u0; ++o) step.out(o, not_available);
      return;
    }
    Quality quality;
    for (std::size_t c = first_; c < first_ + 3; ++c) quality |= data->quality[c];
    const auto& phasors = data->means.fundamental;
    const bool reversed = step.linked(phase_order) && step.in(phase_order) == 1;
    const auto s = pq::symmetrical_components(
        {phasors[first_], phasors[first_ + 1], phasors[first_ + 2]}, reversed);
    const bool v1 = (data->present & mask_of(Channel::v1)) != 0;
    const auto reference = v1 ? phasors[0] : 0.0;
    const bool line_voltages = first_ == 0 && data->connection == metering::Connection::delta;
    const auto tell = [&](std::size_t o, std::complex<double> phasor) {
      step.out(o, std::abs(phasor), quality);
      step.out(o + 1, angle(phasor, reference), quality);
    };
    tell(positive_magnitude, s.positive);
    tell(negative_magnitude, s.negative);
    step.out(u2, s.negative_percent(), quality);
    if (line_voltages) {
      for (const Output o : {zero_magnitude, zero_phase, u0}) step.out(o, not_available);
    } else {
      tell(zero_magnitude, s.zero);
      step.out(u0, s.zero_percent(), quality);
    }
  }

 private:
  static double angle(std::complex<double> phasor, std::complex<double> reference) {
    const auto turned = phasor * std::conj(reference);
    return turned == 0.0 ? not_available : std::arg(turned) * 180 / std::numbers::pi;
  }

  std::size_t first_ = 0;  ///< channel of phase a
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_components();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Components>(); }

}  // namespace polyphase::modules::symmetrical_components
