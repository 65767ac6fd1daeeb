// fuzzes: formats/pcap
#include "formats/pcap/pcap.hpp"

#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace pcap = polyphase::formats::pcap;
  auto reader = pcap::Reader::create({data, size}, "fuzz");
  if (!reader) return 0;
  pcap::Packet packet;
  std::size_t packets = 0, bytes = 0;
  for (; reader->next(packet); ++packets) {
    bytes += packet.bytes.size();
    if (packet.bytes.data() < data || packet.bytes.data() + packet.bytes.size() > data + size)
      std::abort();
  }
  if (bytes > size) std::abort();
  reader->rewind();
  for (; reader->next(packet); --packets)
    if (packets == 0) std::abort();
  if (packets != 0) std::abort();
  return 0;
}
