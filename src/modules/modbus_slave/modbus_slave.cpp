#include "modules/modbus_slave/modbus_slave.hpp"

#include <fmt/format.h>

#include <cmath>

#include "graph/describe.hpp"
#include "wire/modbus/map.hpp"

namespace polyphase::modules::modbus_slave {
namespace {

namespace describe = graph::describe;
namespace modbus = wire::modbus;

constexpr std::size_t sources_max = 16;
constexpr double limit = 1e15;  // of the numbers that scale: whole ones up to here are exact

enum Setting : std::size_t { format, base_address, scaling, in_zero, in_full, out_zero, out_full };

graph::ModuleDescriptor describe_modbus_slave() {
  graph::ModuleDescriptor d;
  d.type = "Modbus Slave";
  d.number = 43;
  d.cadence = graph::Cadence::second;
  d.protection = graph::Protection::communication;
  d.help =
      "Puts its sources into Modbus registers side by side from BaseAddr on, in the order of the "
      "inputs. An input that is not linked keeps its registers, which read as not available.";
  for (std::size_t i = 1; i <= sources_max; ++i)
    d.inputs.push_back(describe::optional(fmt::format("Source {}", i), graph::RegisterType::numeric,
                                          "what the registers show"));
  // Without UTF8, the last one, which is for texts.
  const std::vector<std::string> formats(modbus::format_names.begin(),
                                         modbus::format_names.end() - 1);
  d.setups = {
      describe::choice("Format", formats, 0,
                       "how a value stands in its registers; BOOL: all sources in the register "
                       "BaseAddr, and as inputs or coils from BaseAddr on"),
      describe::number("BaseAddr", "", 0, modbus::register_max, 0,
                       "number of the first register, from 1; 0: not mapped"),
      describe::choice("Scaling", {"NO", "YES"}, 0, "whether values are scaled"),
      describe::number("InZero", "", -limit, limit, 0, "this value"),
      describe::number("InFull", "", -limit, limit, 1, "and this value"),
      describe::number("OutZero", "", -limit, limit, 0, "become this number"),
      describe::number("OutFull", "", -limit, limit, 1,
                       "and this one; what is beyond stays at the nearer one"),
  };
  d.events = {describe::setup_event()};
  return d;
}

graph::ModuleDescriptor describe_options() {
  graph::ModuleDescriptor d;
  d.type = "Modbus Options";
  d.number = 49;
  d.core = true;
  d.instances_max = 1;
  d.cadence = graph::Cadence::second;
  d.protection = graph::Protection::communication;
  d.help = "What the Modbus map is made of.";
  d.setups = {describe::choice(
      "Map Mode", {"DEFAULT", "MODIFIED", "CUSTOM", "DISABLED"}, 1,
      "DEFAULT: the map as supplied; MODIFIED: with the registers of Modbus Slave modules besides; "
      "CUSTOM: these alone, all numbers are free for them; DISABLED: nothing is mapped")};
  d.events = {describe::setup_event()};
  return d;
}

class Options final : public graph::Module {
 public:
  void run(graph::Step&) noexcept override {}
};

class ModbusSlave final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    if (setup.number(base_address) != std::floor(setup.number(base_address)))
      return fail(ErrorCode::invalid_config,
                  fmt::format("BaseAddr {} is not a whole number", setup.number(base_address)));
    const auto chosen = static_cast<modbus::Format>(setup.choice(format));
    const bool packed =
        chosen == modbus::Format::packed_inputs || chosen == modbus::Format::packed_coils;
    const double last =
        setup.number(base_address) - 1 +
        static_cast<double>(packed ? sources_max : sources_max * modbus::registers_of(chosen));
    if (setup.number(base_address) > 0 && last > modbus::register_max)
      return fail(ErrorCode::invalid_config,
                  fmt::format("BaseAddr {} puts the last source behind register {}",
                              setup.number(base_address), modbus::register_max));
    if (setup.enabled(scaling) && setup.number(in_zero) == setup.number(in_full))
      return fail(ErrorCode::invalid_config, "InZero and InFull must differ where Scaling is YES");
    return {};
  }

  void run(graph::Step&) noexcept override {}
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_modbus_slave();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<ModbusSlave>(); }

const graph::ModuleDescriptor& options_descriptor() {
  static const graph::ModuleDescriptor d = describe_options();
  return d;
}

std::unique_ptr<graph::Module> create_options() { return std::make_unique<Options>(); }

}  // namespace polyphase::modules::modbus_slave
