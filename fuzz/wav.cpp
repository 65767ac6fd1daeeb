// fuzzes: formats/wav
#include <cstdint>
#include <cstdlib>

#include "formats/wav/header.hpp"

// Written only: whatever the numbers, the header has its 44 bytes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::uint64_t frames = 0;
  for (std::size_t i = 0; i < size && i < 8; ++i) frames = frames << 8 | data[i];
  if (polyphase::formats::wav::float_header(8, static_cast<std::uint32_t>(frames), frames).size() != 44) std::abort();
  return 0;
}
