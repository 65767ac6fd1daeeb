#include "formats/wav/header.hpp"

#include <algorithm>
#include <cstring>

namespace polyphase::formats::wav {
namespace {

template <class T>
void append(std::string& data, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  data.append(bytes, sizeof value);
}

}  // namespace

std::string float_header(std::uint16_t channels, std::uint32_t sample_rate_hz,
                         std::uint64_t frames) {
  constexpr std::uint16_t format_float = 3, bits = 32;
  constexpr std::uint64_t size_max = 0xffffffffu;
  const std::uint32_t frame_bytes = channels * 4u;
  const std::uint64_t data_bytes = frames * frame_bytes;
  std::string head = "RIFF";
  append(head, static_cast<std::uint32_t>(std::min(data_bytes + 36, size_max)));
  head += "WAVEfmt ";
  append(head, std::uint32_t{16});
  append(head, format_float);
  append(head, channels);
  append(head, sample_rate_hz);
  append(head, sample_rate_hz * frame_bytes);
  append(head, static_cast<std::uint16_t>(frame_bytes));
  append(head, bits);
  head += "data";
  append(head, static_cast<std::uint32_t>(std::min(data_bytes, size_max)));
  return head;
}

}  // namespace polyphase::formats::wav
