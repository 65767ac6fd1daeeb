#pragma once

#include <memory>

#include "graph/module.hpp"

namespace polyphase::modules::modbus_slave {

/// Up to sixteen values of the user's choice in Modbus registers of the user's choice. Servers read
/// its setup registers and links.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

/// Modbus Options: of which modules the map is made.
const graph::ModuleDescriptor& options_descriptor();
std::unique_ptr<graph::Module> create_options();

}  // namespace polyphase::modules::modbus_slave
