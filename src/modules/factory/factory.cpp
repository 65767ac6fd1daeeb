#include "modules/factory/factory.hpp"

#include <array>

#include "graph/describe.hpp"

namespace polyphase::modules::factory {
namespace {

using graph::not_available;
using graph::RegisterType;
namespace describe = graph::describe;

enum Setting : std::size_t {
  nominal_voltage,
  nominal_current,
  nominal_frequency,
  feature_set,
  serial = 10
};
enum Output : std::size_t {
  voltage,
  current,
  frequency,
  device_type,
  revision,
  serial_number,
  vendor_name
};

graph::ModuleDescriptor describe_factory() {
  graph::ModuleDescriptor d;
  d.type = "Factory";
  d.number = 21;
  d.core = true;
  d.instances_max = 1;
  d.cadence = graph::Cadence::second;
  d.help = "Identity of the meter and nominal values of the network.";
  d.setups = {
      describe::number("Nominal Voltage", "V", 0, 999'999, 0,
                       "phase voltage under wye, line voltage under delta; 0: not set"),
      describe::number("Nominal Current", "A", 0, 999'999, 0, "0: not set"),
      describe::number("Nominal Frequency", "Hz", 50, 60, 50, "50 or 60"),
      describe::choice("Feature Set", {"ESSENTIAL", "STANDARD", "ADVANCED"}, 2,
                       "which tier the meter is; fixed by the template"),
      describe::text("Device Name", "", "as it appears to others"),
      describe::text("Device Namespace", "", "domain of the name"),
      describe::text("Owner", "", "free text"),
      describe::text("Tag 1", "", "free text"),
      describe::text("Tag 2", "", "free text"),
      describe::text("Template", "", "of which template the setup is"),
      describe::text("Serial", "", "number of this meter, given by whoever installs it"),
  };
  d.setups[nominal_frequency].choices = {"50", "60"};
  d.setups[feature_set].fixed = true;
  d.outputs = {
      describe::output("Vnominal", RegisterType::numeric, "V",
                       "Nominal Voltage; N/A where not set"),
      describe::output("Inominal", RegisterType::numeric, "A",
                       "Nominal Current; N/A where not set"),
      describe::output("NomFreqNum", RegisterType::numeric, "Hz", "Nominal Frequency"),
      describe::output("Device Type", RegisterType::string, "", "the product and its tier"),
      describe::output("Revision", RegisterType::string, "", "version of the program"),
      describe::output("Serial Num", RegisterType::string, "", "Serial; none where not given"),
      describe::output("Vendor Name", RegisterType::string, "", "who makes it"),
  };
  d.events = {describe::setup_event()};
  return d;
}

class Factory final : public graph::Module {
 public:
  void run(graph::Step& step) noexcept override {
    const auto set = [](double number) { return number > 0 ? number : not_available; };
    step.out(voltage, set(step.setup().number(nominal_voltage)));
    step.out(current, set(step.setup().number(nominal_current)));
    step.out(frequency, step.setup().number(nominal_frequency));
    constexpr std::array types{"Polyphase Essential", "Polyphase Standard", "Polyphase Advanced"};
    step.out_text(device_type, types[step.setup().choice(feature_set)]);
    step.out_text(revision, POLYPHASE_VERSION);
    const std::string& number = step.setup().text(serial);
    step.out_text(serial_number, number.empty() ? std::string_view("none") : number);
    step.out_text(vendor_name, "Polyphase");
  }
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_factory();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Factory>(); }

}  // namespace polyphase::modules::factory
