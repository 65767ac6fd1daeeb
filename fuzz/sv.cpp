// fuzzes: wire/sv
#include <cstdint>

#include "wire/sv/frame.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  polyphase::wire::sv::Frame frame;
  polyphase::wire::sv::decode({reinterpret_cast<const char*>(data), size}, frame);
  return 0;
}
