#pragma once

#include <memory>

#include "graph/module.hpp"

namespace polyphase::modules::security {

/// Security Options: what protocols may do, lockout, priorities of access events. It only holds the
/// settings; the gate of the meter reads them, by the names below.
const graph::ModuleDescriptor& options_descriptor();
std::unique_ptr<graph::Module> create_options();

/// Security User: one account and its rights; instance n is USERn. The password is no register: the
/// gate keeps its hash.
const graph::ModuleDescriptor& user_descriptor();
std::unique_ptr<graph::Module> create_user();

}  // namespace polyphase::modules::security
