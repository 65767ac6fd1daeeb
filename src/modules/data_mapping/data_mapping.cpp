#include "modules/data_mapping/data_mapping.hpp"

#include <fmt/format.h>

#include "graph/describe.hpp"
#include "wire/modbus/map.hpp"

namespace polyphase::modules::data_mapping {
namespace {

namespace describe = graph::describe;

enum Setting : std::size_t { map_enable, setup_map_enable, map, setup_map };

graph::ModuleDescriptor describe_data_mapping() {
  graph::ModuleDescriptor d;
  d.type = "Data Mapping";
  d.number = 42;
  d.core = true;
  d.cadence = graph::Cadence::second;
  d.protection = graph::Protection::communication;
  d.help =
      "Which values have which Modbus registers as supplied. Web pages and the panel follow the "
      "same "
      "map; docs/modbus.md has the form of its lines.";
  d.setups = {
      describe::toggle("Modbus Map Enable", true,
                       "off: the registers of Map are free for Modbus Slave modules"),
      describe::toggle("Cfg Modbus Map Enable", true,
                       "off: the same for the registers of Setup Map"),
      describe::text("Map", "", "lines of register,format,label[,scale]: what is measured"),
      describe::text("Setup Map", "", "the same of setup registers, and of what the meter is"),
  };
  d.events = {describe::setup_event()};
  return d;
}

class DataMapping final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    for (const std::size_t i : {map, setup_map})
      if (auto parsed = wire::modbus::parse_map(setup.text(i)); !parsed)
        return fail(ErrorCode::invalid_config,
                    fmt::format("{}, {}", i == map ? "Map" : "Setup Map", parsed.error().message));
    return {};
  }

  void run(graph::Step&) noexcept override {}
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_data_mapping();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<DataMapping>(); }

}  // namespace polyphase::modules::data_mapping
