#include "sources/sampled_values/stream_list.hpp"

#include <fmt/format.h>

#include "sources/sampled_values/receiver.hpp"

namespace polyphase::sources::sampled_values {

Result<std::vector<StreamInfo>> list_streams(const std::string& interface, double seconds,
                                             const std::function<bool()>& stopped) {
  using Clock = std::chrono::steady_clock;
  auto receiver = Receiver::open(interface);
  if (!receiver) return tl::unexpected(receiver.error());
  constexpr std::chrono::milliseconds look_again{100};
  const auto end = Clock::now() + std::chrono::duration<double>(seconds);
  while (Clock::now() < end && !(stopped && stopped()))
    (*receiver)->watch(look_again, [&](const auto&) { return Clock::now() >= end; });
  return (*receiver)->streams();
}

std::string table_of(const std::vector<StreamInfo>& streams) {
  constexpr const char* layout = "{:<34} {:<6} {:<17} {:<17} {:>4} {:>5} {:>8} {:>7} {:>6} {:>7}\n";
  std::string out = fmt::format(layout, "svID", "APPID", "source", "destination", "VLAN", "ASDUs",
                                "channels", "rate", "synch", "confRev");
  constexpr unsigned vlan_number = 0xFFF;
  for (const StreamInfo& stream : streams) {
    const auto pace = stream.pace ? stream.pace : wire::sv::pace_of(stream.seen);
    const std::string title = stream.title();
    out += fmt::format(
        layout, title.substr(0, title.rfind('@')), fmt::format("{:04X}", stream.app_id),
        text(stream.source), text(stream.destination),
        stream.vlan ? fmt::format("{}", *stream.vlan & vlan_number) : "-", stream.seen.asdus,
        stream.seen.channels, pace ? fmt::format("{:g}", pace->sample_rate_hz) : "?",
        stream.seen.synchronised, stream.seen.config_revision);
  }
  return out;
}

}  // namespace polyphase::sources::sampled_values
