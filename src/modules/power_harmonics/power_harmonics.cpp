// P_h + j Q_h = V_h conj(I_h), V_h against the (virtual) neutral: va = (vab - vca) / 3 where V1,
// V2, V3 are line voltages. S_h = |V_h| |I_h|; that of the total is |sum P + j sum Q|.
#include "modules/power_harmonics/power_harmonics.hpp"

#include <array>
#include <numbers>

#include "graph/describe.hpp"
#include "metering/datasets.hpp"

namespace polyphase::modules::power_harmonics {
namespace {

using graph::not_available;
using graph::RegisterType;
using Phasor = std::complex<double>;
namespace describe = graph::describe;

enum Input : std::size_t { window, enable };
enum Setting : std::size_t { order };
constexpr std::size_t phases = 3;
constexpr std::size_t first_current = static_cast<std::size_t>(Channel::i1);

enum Output : std::size_t {
  voltage,  // V1, V2, V3
  current = voltage + phases,
  active = current + phases,  // phases and total
  reactive = active + phases + 1,
  apparent = reactive + phases + 1,
  voltage_angle = apparent + phases + 1,
  current_angle = voltage_angle + phases,
  phase_angle = current_angle + phases,
  output_end = phase_angle + phases,
};

graph::ModuleDescriptor describe_harmonics() {
  graph::ModuleDescriptor d;
  d.type = "Power Harmonics";
  d.number = 69;
  d.help = "Voltages, currents and powers of one harmonic order over 10 or 12 cycles.";
  d.inputs = {describe::dataset("Window", "window", "the spectrum of all channels"),
              describe::enable("all outputs are N/A")};
  d.inputs[window].mandatory = true;
  d.setups = {
      describe::number("Harmonic Number", "", 1, metering::harmonic_order_max, 1, "which order")};
  const auto add = [&](std::string name, const char* unit, const char* help,
                       graph::Aggregation kind) {
    d.outputs.push_back(describe::output(std::move(name), RegisterType::numeric, unit, help, kind));
  };
  using graph::Aggregation;
  for (const char* name : {"V1", "V2", "V3"})
    add(name, "V", "of this order, rms", Aggregation::rms);
  for (const char* name : {"I1", "I2", "I3"})
    add(name, "A", "of this order, rms", Aggregation::rms);
  for (const char* name : {"kW 1", "kW 2", "kW 3", "kW Total"})
    add(name, "kW", "active power of this order", Aggregation::mean);
  for (const char* name : {"kVAR 1", "kVAR 2", "kVAR 3", "kVAR Total"})
    add(name, "kVAR", "reactive power of this order", Aggregation::mean);
  for (const char* name : {"kVA 1", "kVA 2", "kVA 3", "kVA Total"})
    add(name, "kVA", "apparent power of this order; the total of the sums of both",
        Aggregation::mean);
  for (const auto& [kind, help] : {std::pair{"V", "to V1's fundamental"},
                                   {"I", "to V1's fundamental"},
                                   {"Phase", "of the voltage to the current"}})
    for (std::size_t p = 1; p <= phases; ++p)
      add(std::string(kind) + (*kind == 'P' ? " Ang " : "") + std::to_string(p) +
              (*kind == 'P' ? "" : " Ang"),
          "deg", help, Aggregation::last);
  d.events = {describe::setup_event()};
  return d;
}

/// Of the voltages to the neutral, which there may only be in thought.
std::array<Phasor, phases> phase_voltages(const metering::WindowData& data, unsigned h) {
  const auto at = [&](std::size_t c) { return Phasor(data.window->phasor[h][c]); };
  if (data.connection == metering::Connection::wye) return {at(0), at(1), at(2)};
  return {(at(0) - at(2)) / 3.0, (at(1) - at(0)) / 3.0, (at(2) - at(1)) / 3.0};
}

double degrees(Phasor phasor) {
  return phasor == 0.0 ? not_available : std::arg(phasor) * 180 / std::numbers::pi;
}

class PowerHarmonics final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    order_ = static_cast<unsigned>(setup.number(order));
    return {};
  }

  void run(graph::Step& step) noexcept override {
    const auto* data = step.dataset<metering::WindowData>(window);
    if (data == nullptr || data->window == nullptr) return;
    for (std::size_t o = 0; o < output_end; ++o) step.out(o, not_available);
    if (!step.enabled(enable) || data->window->order_max < order_) return;
    constexpr ChannelMask wanted = 0x77;
    const auto volts = phase_voltages(*data, order_);
    const Phasor first(data->window->phasor[1][0]);
    const Phasor turn =
        first == 0.0 ? Phasor(0) : std::polar(1.0, -static_cast<double>(order_) * std::arg(first));
    Phasor total;
    for (std::size_t p = 0; p < phases; ++p) {
      const bool v_there = (data->present >> p & 1u) != 0,
                 i_there = (data->present >> (4 + p) & 1u) != 0;
      const Phasor measured(data->window->phasor[order_][p]);
      const Phasor amperes(data->window->phasor[order_][first_current + p]);
      if (v_there) {
        step.out(voltage + p, std::abs(measured));
        step.out(voltage_angle + p, degrees(measured * turn));
      }
      if (i_there) {
        step.out(current + p, std::abs(amperes));
        step.out(current_angle + p, degrees(amperes * turn));
      }
      if (!v_there || !i_there) continue;
      const Phasor power = volts[p] * std::conj(amperes) / 1000.0;
      total += power;
      put_power(step, p, power, std::abs(power));
      step.out(phase_angle + p, degrees(power));
    }
    if ((data->present & wanted) == wanted) put_power(step, phases, total, std::abs(total));
  }

 private:
  static void put_power(graph::Step& step, std::size_t at, Phasor power, double apparent_kva) {
    step.out(active + at, power.real());
    step.out(reactive + at, power.imag());
    step.out(apparent + at, apparent_kva);
  }

  unsigned order_ = 1;
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_harmonics();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<PowerHarmonics>(); }

}  // namespace polyphase::modules::power_harmonics
