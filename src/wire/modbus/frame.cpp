#include "wire/modbus/frame.hpp"

#include "base/contract.hpp"

namespace polyphase::wire::modbus {

Framing take(std::span<const std::uint8_t>& stream, Frame& frame) {
  // The protocol number and the length are judged as soon as they are there: a peer that speaks
  // something else shall not be waited for.
  if (stream.size() >= 4 && word_at(stream, 2) != 0) return Framing::broken;
  if (stream.size() < 6) return Framing::incomplete;
  const std::size_t length = word_at(stream, 4);  // of unit and PDU
  if (length < 2 || length > 1 + pdu_size_max) return Framing::broken;
  if (stream.size() < 6 + length) return Framing::incomplete;
  frame.transaction = word_at(stream, 0);
  frame.unit = stream[6];
  frame.pdu = stream.subspan(header_size, length - 1);
  stream = stream.subspan(6 + length);
  return Framing::complete;
}

std::size_t begin_frame(std::uint16_t transaction, std::uint8_t unit,
                        std::vector<std::uint8_t>& out) {
  const std::size_t begin = out.size();
  append_word(transaction, out);
  append_word(0, out);
  append_word(0, out);
  out.push_back(unit);
  return begin;
}

void end_frame(std::size_t begin, std::vector<std::uint8_t>& out) {
  const std::size_t length = out.size() - begin - 6;
  EXPECTS(length >= 2 && length <= 1 + pdu_size_max);
  out[begin + 4] = static_cast<std::uint8_t>(length >> 8);
  out[begin + 5] = static_cast<std::uint8_t>(length);
}

}  // namespace polyphase::wire::modbus
