#pragma once

#include <array>
#include <string>
#include <vector>

#include "wire/modbus/pdu.hpp"

namespace polyphase::wire::modbus {

/// The objects of function 43/14 that a server has: vendor name, product code, revision, then
/// vendor URL, product name, model, user application name. An empty one does not exist; the first
/// three always do.
inline constexpr std::size_t identification_objects = 7;
inline constexpr std::size_t identification_basic = 3;
inline constexpr std::size_t identification_text_max = 80;  ///< of one object
using Identification = std::array<std::string, identification_objects>;

/// Appends the PDU that answers a request of function 43: as many objects as fit, and where to go
/// on. illegal_address: there is no such object (nothing is appended).
Exception append_identification(const Request& request, const Identification& objects,
                                std::vector<std::uint8_t>& out);

}  // namespace polyphase::wire::modbus
