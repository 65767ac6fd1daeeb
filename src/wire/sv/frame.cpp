#include "wire/sv/frame.hpp"

namespace polyphase::wire::sv {
namespace {

constexpr std::uint16_t ethertype_sv = 0x88ba, ethertype_vlan = 0x8100, ethertype_service = 0x88a8;

std::uint32_t big_endian(std::string_view bytes) {
  std::uint32_t value = 0;
  for (const char c : bytes) value = value << 8 | static_cast<unsigned char>(c);
  return value;
}

/// A tag, length and value of BER; lengths up to 65 535.
struct Element {
  unsigned tag = 0;
  std::string_view value;
};

bool take(std::string_view& bytes, Element& element) {
  if (bytes.size() < 2) return false;
  element.tag = static_cast<unsigned char>(bytes[0]);
  std::size_t length = static_cast<unsigned char>(bytes[1]), head = 2;
  if (length == 0x81 || length == 0x82) {
    const std::size_t count = length & 0x7f;
    if (bytes.size() < 2 + count) return false;
    length = big_endian(bytes.substr(2, count));
    head += count;
  } else if (length > 0x7f) {
    return false;
  }
  if (bytes.size() - head < length) return false;
  element.value = bytes.substr(head, length);
  bytes.remove_prefix(head + length);
  return true;
}

// Past destination, source and VLAN tags: the EtherType and what follows it.
bool payload(std::string_view ethernet, std::uint16_t& type, std::string_view& rest) {
  std::size_t at = 12;
  for (int tags = 0; tags < 3; ++tags) {
    if (ethernet.size() < at + 2) return false;
    type = static_cast<std::uint16_t>(big_endian(ethernet.substr(at, 2)));
    if (type != ethertype_vlan && type != ethertype_service) {
      rest = ethernet.substr(at + 2);
      return true;
    }
    at += 4;
  }
  return false;
}

const char* decode_asdu(std::string_view bytes, Asdu& out) {
  out = {};
  bool data = false, count = false;
  for (Element e; !bytes.empty();) {
    if (!take(bytes, e)) return "an ASDU's field runs over its end";
    switch (e.tag) {
      case 0x80: out.stream = e.value; break;
      case 0x82:
        if (e.value.size() != 2) return "smpCnt is not of two bytes";
        out.sample_count = static_cast<std::uint16_t>(big_endian(e.value));
        count = true;
        break;
      case 0x83:
        if (e.value.size() > 4) return "confRev is longer than four bytes";
        out.configuration_revision = big_endian(e.value);
        break;
      case 0x85:
        if (e.value.size() != 1) return "smpSynch is not of one byte";
        out.synchronised = static_cast<std::uint8_t>(big_endian(e.value));
        break;
      case 0x86:
        if (e.value.size() == 2) out.sample_rate = static_cast<std::uint16_t>(big_endian(e.value));
        break;
      case 0x87:
        if (e.value.size() % 8 != 0 || e.value.size() / 8 > channels_max) return "the samples are not pairs of value and quality";
        out.channels = e.value.size() / 8;
        for (std::size_t c = 0; c < out.channels; ++c) {
          out.value[c] = static_cast<std::int32_t>(big_endian(e.value.substr(8 * c, 4)));
          out.quality[c] = big_endian(e.value.substr(8 * c + 4, 4));
        }
        data = true;
        break;
      default: break;  // datSet, refrTm, smpMod and what may come
    }
  }
  return data && count ? nullptr : "an ASDU lacks smpCnt or its samples";
}

void put(std::string& out, unsigned tag, std::string_view value) {
  out.push_back(static_cast<char>(tag));
  if (value.size() > 0xff) {
    out.push_back(static_cast<char>(0x82));
    out.push_back(static_cast<char>(value.size() >> 8));
  } else if (value.size() > 0x7f) {
    out.push_back(static_cast<char>(0x81));
  }
  out.push_back(static_cast<char>(value.size() & 0xff));
  out += value;
}

std::string bytes_of(std::uint32_t value, std::size_t count) {
  std::string out;
  for (std::size_t i = count; i > 0; --i) out.push_back(static_cast<char>(value >> (8 * (i - 1)) & 0xff));
  return out;
}

}  // namespace

bool is_sampled_values(std::string_view ethernet) {
  std::uint16_t type = 0;
  std::string_view rest;
  return payload(ethernet, type, rest) && type == ethertype_sv;
}

const char* decode(std::string_view ethernet, Frame& frame) {
  std::uint16_t type = 0;
  std::string_view rest;
  if (!payload(ethernet, type, rest) || type != ethertype_sv) return "the EtherType is not 88BA";
  if (rest.size() < 8) return "the header is cut off";
  frame.application_id = static_cast<std::uint16_t>(big_endian(rest.substr(0, 2)));
  const std::size_t length = big_endian(rest.substr(2, 2));
  if (length < 8 || length > rest.size()) return "the length is not that of the frame";
  rest = rest.substr(8, length - 8);
  Element pdu;
  if (!take(rest, pdu) || pdu.tag != 0x60) return "there is no savPdu";
  frame.asdus = 0;
  for (Element e; !pdu.value.empty();) {
    if (!take(pdu.value, e)) return "a field of the savPdu runs over its end";
    if (e.tag != 0xa2) continue;
    for (Element asdu; !e.value.empty();) {
      if (!take(e.value, asdu) || asdu.tag != 0x30) return "the sequence of ASDUs is broken";
      if (frame.asdus == asdus_max) return "there are more ASDUs than 16";
      if (const char* wrong = decode_asdu(asdu.value, frame.asdu[frame.asdus])) return wrong;
      ++frame.asdus;
    }
  }
  return frame.asdus > 0 ? nullptr : "there is no ASDU";
}

std::string encode(const Frame& frame, const std::array<std::uint8_t, 6>& destination, const std::array<std::uint8_t, 6>& source) {
  std::string sequence;
  for (std::size_t i = 0; i < frame.asdus; ++i) {
    const Asdu& a = frame.asdu[i];
    std::string asdu, data;
    put(asdu, 0x80, a.stream);
    put(asdu, 0x82, bytes_of(a.sample_count, 2));
    put(asdu, 0x83, bytes_of(a.configuration_revision, 4));
    put(asdu, 0x85, bytes_of(a.synchronised, 1));
    if (a.sample_rate) put(asdu, 0x86, bytes_of(*a.sample_rate, 2));
    for (std::size_t c = 0; c < a.channels; ++c)
      data += bytes_of(static_cast<std::uint32_t>(a.value[c]), 4) + bytes_of(a.quality[c], 4);
    put(asdu, 0x87, data);
    put(sequence, 0x30, asdu);
  }
  std::string pdu, body;
  put(body, 0x80, bytes_of(static_cast<std::uint32_t>(frame.asdus), 1));
  put(body, 0xa2, sequence);
  put(pdu, 0x60, body);
  std::string out(destination.begin(), destination.end());
  out.append(source.begin(), source.end());
  out += bytes_of(ethertype_sv, 2) + bytes_of(frame.application_id, 2);
  return out + bytes_of(static_cast<std::uint32_t>(pdu.size() + 8), 2) + std::string(4, '\0') + pdu;
}

}  // namespace polyphase::wire::sv
