#include "modules/power_meter/power_meter.hpp"

#include <array>

#include "metering/readings.hpp"

namespace polyphase::modules::power_meter {
namespace {

using graph::Aggregation;
using graph::Cadence;
using graph::InputDescriptor;
using graph::ModuleDescriptor;
using graph::OutputDescriptor;
using graph::RegisterType;
using graph::SetupDescriptor;
using graph::Step;
using metering::Reading;

struct Quantity {
  const char* name;
  const char* unit;
  Aggregation aggregation;
  const char* help;
};

constexpr auto rms = Aggregation::rms;
constexpr auto mean = Aggregation::mean;
constexpr auto last = Aggregation::last;

// In the order of metering::Reading.
constexpr std::array<Quantity, metering::reading_count> quantities{{
    {"Vln a", "V", rms, "true rms, phase a to neutral; N/A under delta"},
    {"Vln b", "V", rms, "true rms, phase b to neutral"},
    {"Vln c", "V", rms, "true rms, phase c to neutral"},
    {"Vln avg", "V", rms, "mean of the phases"},
    {"Vll ab", "V", rms, "true rms, a to b"},
    {"Vll bc", "V", rms, "true rms, b to c"},
    {"Vll ca", "V", rms, "true rms, c to a"},
    {"Vll avg", "V", rms, "mean of the three"},
    {"V4", "V", rms, "true rms of input V4"},
    {"I a", "A", rms, "true rms, phase a"},
    {"I b", "A", rms, "true rms, phase b"},
    {"I c", "A", rms, "true rms, phase c"},
    {"I avg", "A", rms, "mean of the phases"},
    {"I 4", "A", rms, "true rms of input I4, measured"},
    {"I residual", "A", rms, "true rms of ia + ib + ic, calculated"},
    {"V unbal", "%", rms, "largest deviation of a voltage from the mean, over the mean"},
    {"I unbal", "%", rms, "largest deviation of a current from the mean, over the mean"},
    {"kW a", "kW", mean, "active power, phase a; positive from source to load"},
    {"kW b", "kW", mean, "active power, phase b"},
    {"kW c", "kW", mean, "active power, phase c"},
    {"kW tot", "kW", mean, "active power of all phases"},
    {"kVAR a", "kVAR", mean, "reactive power of the fundamental, phase a; positive inductive"},
    {"kVAR b", "kVAR", mean, "reactive power of the fundamental, phase b"},
    {"kVAR c", "kVAR", mean, "reactive power of the fundamental, phase c"},
    {"kVAR tot", "kVAR", mean, "reactive power of the fundamental of all phases"},
    {"kVA a", "kVA", mean, "Vrms times Irms, phase a"},
    {"kVA b", "kVA", mean, "Vrms times Irms, phase b"},
    {"kVA c", "kVA", mean, "Vrms times Irms, phase c"},
    {"kVA tot", "kVA", mean, "vector sum of the phases, or scalar by kVAmode"},
    {"PF sign a", "", mean, "true power factor P/S, phase a, with sign by PF sign"},
    {"PF sign b", "", mean, "true power factor, phase b"},
    {"PF sign c", "", mean, "true power factor, phase c"},
    {"PF sign tot", "", mean, "true power factor of all phases"},
    {"PF lead a", "", mean, "size of the power factor of phase a while it leads"},
    {"PF lead b", "", mean, "size of the power factor of phase b while it leads"},
    {"PF lead c", "", mean, "size of the power factor of phase c while it leads"},
    {"PF lead tot", "", mean, "size of the total power factor while it leads"},
    {"PF lag a", "", mean, "size of the power factor of phase a while it lags"},
    {"PF lag b", "", mean, "size of the power factor of phase b while it lags"},
    {"PF lag c", "", mean, "size of the power factor of phase c while it lags"},
    {"PF lag tot", "", mean, "size of the total power factor while it lags"},
    {"dPF sign a", "", mean, "displacement power factor P1/S1 of the fundamental, phase a"},
    {"dPF sign b", "", mean, "displacement power factor, phase b"},
    {"dPF sign c", "", mean, "displacement power factor, phase c"},
    {"dPF sign tot", "", mean, "displacement power factor of all phases"},
    {"dPF lead a", "", mean, "size of the displacement power factor of phase a while it leads"},
    {"dPF lead b", "", mean, "size of the displacement power factor of phase b while it leads"},
    {"dPF lead c", "", mean, "size of the displacement power factor of phase c while it leads"},
    {"dPF lead tot", "", mean, "size of the total displacement power factor while it leads"},
    {"dPF lag a", "", mean, "size of the displacement power factor of phase a while it lags"},
    {"dPF lag b", "", mean, "size of the displacement power factor of phase b while it lags"},
    {"dPF lag c", "", mean, "size of the displacement power factor of phase c while it lags"},
    {"dPF lag tot", "", mean, "size of the total displacement power factor while it lags"},
    {"Freq", "Hz", mean, "whole cycles of the reference over their duration"},
    {"Phase Rev", "", last, "1 while the phases rotate against the phase order set"},
    {"Va mag", "V", rms, "fundamental, rms, input V1"},
    {"Va ang", "deg", last, "angle of the fundamental of input V1: zero by definition"},
    {"Vb mag", "V", rms, "fundamental, rms, input V2"},
    {"Vb ang", "deg", last, "angle of the fundamental of input V2 to that of V1"},
    {"Vc mag", "V", rms, "fundamental, rms, input V3"},
    {"Vc ang", "deg", last, "angle of the fundamental of input V3 to that of V1"},
    {"V4 mag", "V", rms, "fundamental, rms, input V4"},
    {"V4 ang", "deg", last, "angle of the fundamental of input V4 to that of V1"},
    {"Ia mag", "A", rms, "fundamental, rms, input I1"},
    {"Ia ang", "deg", last, "angle of the fundamental of input I1 to that of V1"},
    {"Ib mag", "A", rms, "fundamental, rms, input I2"},
    {"Ib ang", "deg", last, "angle of the fundamental of input I2 to that of V1"},
    {"Ic mag", "A", rms, "fundamental, rms, input I3"},
    {"Ic ang", "deg", last, "angle of the fundamental of input I3 to that of V1"},
    {"I4 mag", "A", rms, "fundamental, rms, input I4"},
    {"I4 ang", "deg", last, "angle of the fundamental of input I4 to that of V1"},
}};

enum Input : std::size_t { data, volts_mode, phase_order, kva_mode, pf_sign, pt_prim, pt_sec, ct_prim, ct_sec };

enum class Form { regular, high_speed, window, secondary };

InputDescriptor setup_input(const char* name, RegisterType type, const char* help) {
  InputDescriptor input;
  input.name = name;
  input.type = type;
  input.setup_link = true;
  input.help = help;
  return input;
}

std::vector<OutputDescriptor> outputs() {
  std::vector<OutputDescriptor> list;
  for (const Quantity& q : quantities) {
    OutputDescriptor output;
    output.name = q.name;
    output.type = std::string_view(q.name) == "Phase Rev" ? RegisterType::boolean : RegisterType::numeric;
    output.unit = q.unit;
    output.aggregation = q.aggregation;
    output.help = q.help;
    list.push_back(std::move(output));
  }
  return list;
}

SetupDescriptor ratio(const char* name, const char* unit, const char* help) {
  SetupDescriptor setup;
  setup.name = name;
  setup.unit = unit;
  setup.minimum = 1;
  setup.maximum = 999'999;
  setup.initial = 1;
  setup.help = help;
  return setup;
}

SetupDescriptor choice(const char* name, std::vector<std::string> choices, const char* help) {
  SetupDescriptor setup;
  setup.name = name;
  setup.type = RegisterType::enumerated;
  setup.choices = std::move(choices);
  setup.maximum = static_cast<double>(setup.choices.size() - 1);
  setup.help = help;
  return setup;
}

std::vector<SetupDescriptor> setups() {
  std::vector<SetupDescriptor> list{
      choice("Volts Mode", {"4W-WYE", "DELTA", "3W-WYE", "SINGLE", "DEMO"},
             "how the inputs are wired; DEMO measures a built-in signal instead of them"),
      ratio("PT Prim", "V", "rated primary voltage of the voltage transformers"),
      ratio("PT Sec", "V", "rated secondary voltage"),
      ratio("CT Prim", "A", "rated primary current of the current transformers"),
      ratio("CT Sec", "A", "rated secondary current"),
      ratio("I4 CT Prim", "A", "rated primary current of the transformer of I4"),
      ratio("I4 CT Sec", "A", "rated secondary current of the transformer of I4"),
      ratio("V4 PT Prim", "V", "rated primary voltage of the transformer of V4"),
      ratio("V4 PT Sec", "V", "rated secondary voltage of the transformer of V4"),
  };
  for (const char* channel : channel_names) {
    SetupDescriptor polarity = choice("", {"NORMAL", "INVERTED"}, "inverts the input");
    polarity.name = std::string(channel) + " Polarity";
    list.push_back(std::move(polarity));
  }
  list.push_back(choice("PhaseOrder", {"ABC", "ACB"}, "expected rotation of the phases"));
  list.push_back(choice("kVAmode", {"VECTOR", "SCALAR"}, "how the apparent powers of the phases add up"));
  list.push_back(choice("PF Sign", {"IEEE", "IEC"}, "IEEE: minus while lagging; IEC: the sign of kW"));
  return list;
}

ModuleDescriptor describe(Form form) {
  ModuleDescriptor d;
  d.core = true;
  d.instances_max = 1;
  d.outputs = outputs();
  InputDescriptor interval;
  interval.name = "Interval";
  interval.type = RegisterType::dataset;
  interval.mandatory = true;
  interval.dataset = "interval";
  interval.help = "what the acquisition measured over whole cycles";
  d.inputs.push_back(interval);
  if (form == Form::regular) {
    d.type = "Power Meter";
    d.number = 2;
    d.cadence = Cadence::second;
    d.help = "True rms, power, power factor and frequency in primary units, once a second; owns the "
             "setup of the metering.";
    d.setups = setups();
    return d;
  }
  d.inputs.push_back(setup_input("Volts Mode", RegisterType::enumerated, "of the Power Meter"));
  d.inputs.push_back(setup_input("PhaseOrder", RegisterType::enumerated, "of the Power Meter"));
  d.inputs.push_back(setup_input("kVAmode", RegisterType::enumerated, "of the Power Meter"));
  d.inputs.push_back(setup_input("PF Sign", RegisterType::enumerated, "of the Power Meter"));
  if (form == Form::high_speed) {
    d.type = "High-Speed Power Meter";
    d.number = 3;
    d.cadence = Cadence::half_cycle;
    d.help = "The quantities of the Power Meter over the last cycle, every half cycle. Vln, I and V4 "
             "begin at the zero crossings of their own phase.";
  } else if (form == Form::window) {
    d.type = "Window Power Meter";
    d.number = 4;
    d.cadence = Cadence::window;
    d.help = "The quantities of the Power Meter over windows of 10 (50 Hz) or 12 (60 Hz) cycles.";
  } else {
    d.type = "MU Power Meter";
    d.number = 5;
    d.cadence = Cadence::second;
    d.help = "The quantities of the Power Meter in meter units: on the secondary side.";
    d.inputs.push_back(setup_input("PT Prim", RegisterType::numeric, "of the Power Meter"));
    d.inputs.push_back(setup_input("PT Sec", RegisterType::numeric, "of the Power Meter"));
    d.inputs.push_back(setup_input("CT Prim", RegisterType::numeric, "of the Power Meter"));
    d.inputs.push_back(setup_input("CT Sec", RegisterType::numeric, "of the Power Meter"));
  }
  return d;
}

class PowerMeter final : public graph::Module {
 public:
  explicit PowerMeter(Form form) : form_(form) {
    for (std::size_t r = 0; r < metering::reading_count; ++r)
      channels_[r] = metering::channels_of(static_cast<Reading>(r));
  }

  void run(Step& step) noexcept override {
    const auto* interval = step.dataset<metering::IntervalData>(data);
    if (interval == nullptr) return;
    const metering::Readings readings = metering::readings_of(*interval, options(step));
    unsigned doubtful = 0;
    for (std::size_t c = 0; c < channel_count; ++c)
      if (interval->quality[c].bits != 0) doubtful |= 1u << c;
    for (std::size_t r = 0; r < readings.size(); ++r) {
      Quality quality;
      if ((channels_[r] & doubtful) != 0)
        for (std::size_t c = 0; c < channel_count; ++c)
          if ((channels_[r] >> c & 1) != 0) quality |= interval->quality[c];
      step.out(r, readings[r], quality);
    }
  }

 private:
  metering::ReadingOptions options(Step& step) const {
    metering::ReadingOptions options;
    if (form_ == Form::regular) {
      const graph::Setup setup = step.setup();
      const auto choice = [&](SetupRegister s) { return setup.choice(static_cast<std::size_t>(s)); };
      options.mode = static_cast<metering::VoltsMode>(choice(SetupRegister::volts_mode));
      options.reversed_order = choice(SetupRegister::phase_order) == 1;
      options.scalar_apparent = choice(SetupRegister::kva_mode) == 1;
      options.iec_sign = choice(SetupRegister::pf_sign) == 1;
      return options;
    }
    if (step.linked(volts_mode))
      options.mode = static_cast<metering::VoltsMode>(static_cast<int>(step.in(volts_mode)));
    options.reversed_order = step.linked(phase_order) && step.in(phase_order) == 1;
    options.scalar_apparent = step.linked(kva_mode) && step.in(kva_mode) == 1;
    options.iec_sign = step.linked(pf_sign) && step.in(pf_sign) == 1;
    if (form_ == Form::secondary) {
      if (step.linked(pt_prim) && step.linked(pt_sec))
        options.voltage_ratio = step.in(pt_sec) / step.in(pt_prim);
      if (step.linked(ct_prim) && step.linked(ct_sec))
        options.current_ratio = step.in(ct_sec) / step.in(ct_prim);
    }
    return options;
  }

  Form form_;
  std::array<ChannelMask, metering::reading_count> channels_{};
};

template <Form form>
const ModuleDescriptor& described() {
  static const ModuleDescriptor d = describe(form);
  return d;
}

}  // namespace

const ModuleDescriptor& descriptor() { return described<Form::regular>(); }
const ModuleDescriptor& high_speed_descriptor() { return described<Form::high_speed>(); }
const ModuleDescriptor& window_descriptor() { return described<Form::window>(); }
const ModuleDescriptor& secondary_descriptor() { return described<Form::secondary>(); }
std::unique_ptr<graph::Module> create() { return std::make_unique<PowerMeter>(Form::regular); }
std::unique_ptr<graph::Module> create_high_speed() { return std::make_unique<PowerMeter>(Form::high_speed); }
std::unique_ptr<graph::Module> create_window() { return std::make_unique<PowerMeter>(Form::window); }
std::unique_ptr<graph::Module> create_secondary() { return std::make_unique<PowerMeter>(Form::secondary); }

}  // namespace polyphase::modules::power_meter
