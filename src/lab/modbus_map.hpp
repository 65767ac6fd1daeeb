#pragma once

#include <string>

#include "base/result.hpp"

namespace polyphase::lab {

/// docs/modbus-map.csv: every register of the advanced template's Modbus map, by number, with what it
/// holds. "reserved" are those whose quantity is not measured yet.
Result<std::string> modbus_map_table();

}  // namespace polyphase::lab
