#include "meter/catalogue.hpp"

#include "meter/resets.hpp"

namespace polyphase::meter {
namespace {

control::ModuleInfo module_of(const graph::Node& node) {
  control::ModuleInfo module;
  const graph::ModuleDescriptor& descriptor = *node.descriptor;
  module.name = node.name;
  module.type = descriptor.type;
  module.help = descriptor.help;
  module.protection = descriptor.protection;
  module.core = descriptor.core;
  module.online = node.online;
  module.offline_reason = node.offline_reason;
  module.first_output = node.wiring.first_output;
  module.output_count = static_cast<control::Index>(descriptor.outputs.size());
  module.first_setup = node.wiring.first_setup;
  module.setup_count = static_cast<control::Index>(descriptor.setups.size());
  for (std::size_t i = 0; i < descriptor.inputs.size(); ++i)
    module.inputs.push_back(
        {descriptor.inputs[i].name, descriptor.inputs[i].help, node.wiring.inputs[i]});
  return module;
}

}  // namespace

std::shared_ptr<const control::Catalogue> catalogue_of(const graph::Engine& engine,
                                                       std::uint64_t version) {
  auto catalogue = std::make_shared<control::Catalogue>();
  catalogue->version = version;
  catalogue->registers = engine.registers();
  for (const auto& node : engine.network().nodes()) catalogue->modules.push_back(module_of(*node));
  for (control::Index i = 0; i < catalogue->registers.size(); ++i)
    catalogue->owners.push_back(static_cast<std::uint32_t>(engine.network().owner(i)));
  for (const Reset& reset : resets())
    if (reset.trigger == nullptr || catalogue->registers.find(reset.trigger))
      catalogue->resets.push_back(reset.info);
  return catalogue;
}

}  // namespace polyphase::meter
