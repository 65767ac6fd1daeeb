#include "wire/sv/sv.hpp"

#include <algorithm>

#include "base/contract.hpp"

namespace polyphase::wire::sv {
namespace {

constexpr std::uint8_t tag_pdu = 0x60, tag_asdu_count = 0x80, tag_sequence = 0xA2, tag_asdu = 0x30;
constexpr std::uint8_t tag_sv_id = 0x80, tag_data_set = 0x81, tag_sample_count = 0x82,
                       tag_revision = 0x83, tag_refresh = 0x84, tag_synchronised = 0x85,
                       tag_rate = 0x86, tag_samples = 0x87, tag_mode = 0x88;
constexpr std::size_t mac_bytes = 12, header_bytes = 8;
constexpr std::size_t name_bytes_max = 100;
constexpr std::uint16_t simulated_bit = 0x8000;

std::uint32_t big_endian(std::span<const std::uint8_t> bytes) {
  std::uint32_t value = 0;
  for (const auto byte : bytes) value = value << 8 | byte;
  return value;
}

std::uint16_t u16(std::span<const std::uint8_t> bytes, std::size_t at) {
  return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]);
}

/// One field of BER with a single-byte tag and a definite length of at most four bytes.
struct Field {
  std::uint8_t tag = 0;
  std::span<const std::uint8_t> value;
};

Verdict take_field(std::span<const std::uint8_t>& rest, Field& field) {
  if (rest.size() < 2) return Verdict::truncated;
  field.tag = rest[0];
  std::size_t length = rest[1];
  std::size_t header = 2;
  if (length >= 0x80) {
    const std::size_t count = length & 0x7Fu;
    if (count == 0 || count > 4) return Verdict::bad_length;
    if (rest.size() < 2 + count) return Verdict::truncated;
    length = big_endian(rest.subspan(2, count));
    header += count;
  }
  if (length > rest.size() - header) return Verdict::truncated;
  field.value = rest.subspan(header, length);
  rest = rest.subspan(header + length);
  return Verdict::ok;
}

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

Verdict decode_asdu(std::span<const std::uint8_t> rest, Asdu& asdu) {
  asdu = {};
  bool counted = false, sampled = false;
  while (!rest.empty()) {
    Field field;
    if (const auto verdict = take_field(rest, field); verdict != Verdict::ok) return verdict;
    const auto number = [&](std::size_t bytes) { return field.value.size() == bytes; };
    bool right = true;
    switch (field.tag) {
      case tag_sv_id:
        asdu.sv_id = as_text(field.value);
        break;
      case tag_data_set:
        asdu.data_set = as_text(field.value);
        break;
      case tag_sample_count:
        if ((right = number(2))) asdu.sample_count = u16(field.value, 0);
        counted = true;
        break;
      case tag_revision:
        if ((right = number(4))) asdu.config_revision = big_endian(field.value);
        break;
      case tag_refresh:
        if ((right = number(8)))
          asdu.refresh_time = std::uint64_t{big_endian(field.value.first(4))} << 32 |
                              big_endian(field.value.last(4));
        break;
      case tag_synchronised:
        if ((right = number(1))) asdu.synchronised = field.value[0];
        break;
      case tag_rate:
        if ((right = number(2))) asdu.sample_rate = u16(field.value, 0);
        break;
      case tag_samples:
        right = field.value.size() % 8 == 0 && !field.value.empty();
        if (field.value.size() / 8 > channels_max) return Verdict::too_many;
        asdu.data = field.value;
        sampled = true;
        break;
      case tag_mode:
        if ((right = number(2))) asdu.sample_mode = u16(field.value, 0);
        break;
      default:
        break;  // later editions may add fields
    }
    if (!right) return Verdict::bad_length;
  }
  return counted && sampled ? Verdict::ok : Verdict::missing_field;
}

Verdict decode_pdu(std::span<const std::uint8_t> pdu, Frame& frame) {
  Field field;
  if (const auto verdict = take_field(pdu, field); verdict != Verdict::ok) return verdict;
  if (field.tag != tag_pdu) return Verdict::bad_tag;
  auto rest = field.value;
  while (!rest.empty()) {
    if (const auto verdict = take_field(rest, field); verdict != Verdict::ok) return verdict;
    if (field.tag != tag_sequence) continue;
    auto sequence = field.value;
    while (!sequence.empty()) {
      if (const auto verdict = take_field(sequence, field); verdict != Verdict::ok) return verdict;
      if (field.tag != tag_asdu) return Verdict::bad_tag;
      if (frame.asdu_count == asdus_max) return Verdict::too_many;
      if (const auto verdict = decode_asdu(field.value, frame.asdu[frame.asdu_count]);
          verdict != Verdict::ok)
        return verdict;
      ++frame.asdu_count;
    }
  }
  return frame.asdu_count > 0 ? Verdict::ok : Verdict::missing_field;
}

void append_big_endian(std::vector<std::uint8_t>& out, std::uint64_t value, std::size_t bytes) {
  while (bytes-- > 0) out.push_back(static_cast<std::uint8_t>(value >> (8 * bytes)));
}

void append_length(std::vector<std::uint8_t>& out, std::size_t length) {
  if (length >= 0x80) out.push_back(length > 0xFF ? 0x82 : 0x81);
  append_big_endian(out, length, length > 0xFF ? 2 : 1);
}

void append_field(std::vector<std::uint8_t>& out, std::uint8_t tag,
                  std::span<const std::uint8_t> value) {
  out.push_back(tag);
  append_length(out, value.size());
  out.insert(out.end(), value.begin(), value.end());
}

void append_number(std::vector<std::uint8_t>& out, std::uint8_t tag, std::uint64_t value,
                   std::size_t bytes) {
  out.push_back(tag);
  append_length(out, bytes);
  append_big_endian(out, value, bytes);
}

void append_text(std::vector<std::uint8_t>& out, std::uint8_t tag, std::string_view text) {
  append_field(out, tag, {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
}

std::vector<std::uint8_t> encode_asdu(const Asdu& asdu) {
  EXPECTS(asdu.channels() >= 1 && asdu.channels() <= channels_max && asdu.data.size() % 8 == 0);
  EXPECTS(asdu.sv_id.size() <= name_bytes_max && asdu.data_set.size() <= name_bytes_max);
  std::vector<std::uint8_t> out;
  append_text(out, tag_sv_id, asdu.sv_id);
  if (!asdu.data_set.empty()) append_text(out, tag_data_set, asdu.data_set);
  append_number(out, tag_sample_count, asdu.sample_count, 2);
  append_number(out, tag_revision, asdu.config_revision, 4);
  if (asdu.refresh_time) append_number(out, tag_refresh, *asdu.refresh_time, 8);
  append_number(out, tag_synchronised, asdu.synchronised, 1);
  if (asdu.sample_rate) append_number(out, tag_rate, *asdu.sample_rate, 2);
  append_field(out, tag_samples, asdu.data);
  if (asdu.sample_mode) append_number(out, tag_mode, *asdu.sample_mode, 2);
  return out;
}

}  // namespace

std::int32_t Asdu::value(std::size_t channel) const {
  return static_cast<std::int32_t>(big_endian(data.subspan(channel * 8, 4)));
}

std::uint32_t Asdu::quality(std::size_t channel) const {
  return big_endian(data.subspan(channel * 8 + 4, 4));
}

std::string_view text(Verdict verdict) {
  switch (verdict) {
    case Verdict::ok:
      return "ok";
    case Verdict::other_protocol:
      return "not Sampled Values";
    case Verdict::truncated:
      return "breaks off";
    case Verdict::bad_length:
      return "a field has a wrong length";
    case Verdict::bad_tag:
      return "an unexpected tag";
    case Verdict::missing_field:
      return "smpCnt or seqData is missing";
    case Verdict::too_many:
      return "more ASDUs or channels than can be read";
  }
  return "";
}

Verdict decode(std::span<const std::uint8_t> ethernet, Frame& frame) {
  frame.asdu_count = 0;
  frame.vlan.reset();
  if (ethernet.size() < mac_bytes + 2) return Verdict::other_protocol;
  std::copy_n(ethernet.begin(), 6, frame.destination.begin());
  std::copy_n(ethernet.begin() + 6, 6, frame.source.begin());
  std::size_t at = mac_bytes;
  std::uint16_t type = u16(ethernet, at);
  for (std::size_t tags = 0; tags < vlan_tags_max && (type == 0x8100 || type == 0x88A8); ++tags) {
    if (ethernet.size() < at + 6) return Verdict::truncated;
    frame.vlan = u16(ethernet, at + 2);
    at += 4;
    type = u16(ethernet, at);
  }
  if (type != ethertype) return Verdict::other_protocol;
  const auto body = ethernet.subspan(at + 2);
  if (body.size() < header_bytes) return Verdict::truncated;
  frame.app_id = u16(body, 0);
  const std::size_t length = u16(body, 2);  // from APPID on; what follows is padding
  frame.simulated = (u16(body, 4) & simulated_bit) != 0;
  if (length < header_bytes) return Verdict::bad_length;
  if (length > body.size()) return Verdict::truncated;
  return decode_pdu(body.subspan(header_bytes, length - header_bytes), frame);
}

void encode(const Frame& frame, std::vector<std::uint8_t>& out) {
  EXPECTS(frame.asdu_count >= 1 && frame.asdu_count <= asdus_max);
  std::vector<std::uint8_t> sequence;
  for (std::size_t i = 0; i < frame.asdu_count; ++i)
    append_field(sequence, tag_asdu, encode_asdu(frame.asdu[i]));
  std::vector<std::uint8_t> inner;
  append_number(inner, tag_asdu_count, frame.asdu_count, 1);
  append_field(inner, tag_sequence, sequence);
  std::vector<std::uint8_t> pdu;
  append_field(pdu, tag_pdu, inner);
  out.insert(out.end(), frame.destination.begin(), frame.destination.end());
  out.insert(out.end(), frame.source.begin(), frame.source.end());
  if (frame.vlan) {
    append_big_endian(out, 0x8100, 2);
    append_big_endian(out, *frame.vlan, 2);
  }
  append_big_endian(out, ethertype, 2);
  append_big_endian(out, frame.app_id, 2);
  append_big_endian(out, header_bytes + pdu.size(), 2);
  append_big_endian(out, frame.simulated ? simulated_bit : 0u, 2);
  append_big_endian(out, 0, 2);
  out.insert(out.end(), pdu.begin(), pdu.end());
}

void append_channel(std::int32_t value, std::uint32_t quality, std::vector<std::uint8_t>& data) {
  append_big_endian(data, static_cast<std::uint32_t>(value), 4);
  append_big_endian(data, quality, 4);
}

}  // namespace polyphase::wire::sv
