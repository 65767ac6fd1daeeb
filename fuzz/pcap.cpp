// fuzzes: formats/pcap
#include <cstdint>

#include "formats/pcap/packets.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto capture = polyphase::formats::pcap::Capture::open({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!capture) return 0;
  polyphase::formats::pcap::Packet packet;
  while (capture->next(packet)) {
  }
  return 0;
}
