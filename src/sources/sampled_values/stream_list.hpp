#pragma once

#include <functional>
#include <string>
#include <vector>

#include "sources/sampled_values/stream_table.hpp"

namespace polyphase::sources::sampled_values {

/// The streams that were on an interface within that time (or until `stopped`), in the order in
/// which they showed themselves. 1.2 s tell the rate of each. errors  those of PacketRing::open()
Result<std::vector<StreamInfo>> list_streams(const std::string& interface, double seconds,
                                             const std::function<bool()>& stopped = {});

/// A header, and a line for each: svID, APPID, addresses, VLAN, ASDUs a frame, channels, rate,
/// smpSynch, confRev.
std::string table_of(const std::vector<StreamInfo>& streams);

}  // namespace polyphase::sources::sampled_values
