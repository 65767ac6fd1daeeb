#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

/// Modbus: frames, requests, replies, formats of values and the text form of a register map
/// (docs/modbus.md). Source: MODBUS Application Protocol 1.1b3 and Messaging on TCP/IP 1.0b; the
/// clause texts were not read, the layout is that of public descriptions and captures.
namespace polyphase::wire::modbus {

inline constexpr std::size_t header_size = 7;  ///< transaction, protocol, length, unit
inline constexpr std::size_t pdu_size_max = 253;
inline constexpr std::size_t frame_size_max = header_size + pdu_size_max;

/// One request or reply on TCP. The view points into the bytes that were read.
struct Frame {
  std::uint16_t transaction = 0;
  std::uint8_t unit = 0;
  std::span<const std::uint8_t> pdu;
};

enum class Framing {
  complete,
  incomplete,  ///< more bytes are needed
  broken,      ///< another protocol, or a length that cannot be: nothing after it can be trusted
};

/// Takes the first frame off `stream`, which is advanced when it is complete.
Framing take(std::span<const std::uint8_t>& stream, Frame& frame);

/// Appends a header whose length is not known yet; returns where it begins, for end_frame().
std::size_t begin_frame(std::uint16_t transaction, std::uint8_t unit,
                        std::vector<std::uint8_t>& out);
/// Everything appended since begin_frame() is the PDU. needs  at most pdu_size_max bytes of it
void end_frame(std::size_t begin, std::vector<std::uint8_t>& out);

inline std::uint16_t word_at(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}
inline void append_word(std::uint16_t word, std::vector<std::uint8_t>& out) {
  out.push_back(static_cast<std::uint8_t>(word >> 8));
  out.push_back(static_cast<std::uint8_t>(word));
}

}  // namespace polyphase::wire::modbus
