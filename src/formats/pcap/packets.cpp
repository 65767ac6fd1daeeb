#include "formats/pcap/packets.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

namespace polyphase::formats::pcap {
namespace {

constexpr std::uint32_t magic_micro = 0xa1b2c3d4, magic_nano = 0xa1b23c4d;
constexpr std::uint32_t block_section = 0x0a0d0d0a, block_interface = 1, block_enhanced = 6;
constexpr std::uint32_t order_mark = 0x1a2b3c4d;
constexpr std::uint32_t link_ethernet = 1;
constexpr std::size_t classic_header = 24, record_header = 16, block_header = 8;

std::uint32_t load32(std::string_view file, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, file.data() + at, sizeof value);
  return value;
}

}  // namespace

std::uint32_t Capture::u32(std::size_t at) const {
  const std::uint32_t v = load32(file_, at);
  return swapped_ ? __builtin_bswap32(v) : v;
}

std::uint16_t Capture::u16(std::size_t at) const {
  std::uint16_t v;
  std::memcpy(&v, file_.data() + at, sizeof v);
  return swapped_ ? __builtin_bswap16(v) : v;
}

bool Capture::looks_like(std::string_view file) {
  if (file.size() < 4) return false;
  const std::uint32_t magic = load32(file, 0);
  for (const std::uint32_t known : {magic_micro, magic_nano})
    if (magic == known || magic == __builtin_bswap32(known)) return true;
  return magic == block_section;
}

Result<Capture> Capture::open(std::string_view file, std::string_view name) {
  Capture capture;
  capture.file_ = file;
  const auto refuse = [&](std::string message) { return fail(ErrorCode::invalid_input, std::move(message), std::string(name)); };
  if (!looks_like(file)) return refuse("is no capture: pcap or pcapng");
  const std::uint32_t magic = load32(file, 0);
  if (magic == block_section) {
    if (file.size() < 28) return refuse("ends within its first block");
    capture.blocks_ = true;
    capture.swapped_ = load32(file, 8) != order_mark;
    return capture;
  }
  if (file.size() < classic_header) return refuse("ends within its header");
  capture.swapped_ = magic != magic_micro && magic != magic_nano;
  const std::uint32_t straight = capture.swapped_ ? __builtin_bswap32(magic) : magic;
  capture.nanoseconds_ = straight == magic_nano;
  capture.at_ = classic_header;
  if (const std::uint32_t link = capture.u32(20) & 0xffff; link != link_ethernet)
    return refuse(fmt::format("was captured from link type {}, not from Ethernet (1)", link));
  return capture;
}

bool Capture::next(Packet& packet) { return blocks_ ? next_block(packet) : next_classic(packet); }

bool Capture::next_classic(Packet& packet) {
  if (at_ == file_.size() || !problem_.empty()) return false;
  if (file_.size() - at_ < record_header) {
    problem_ = "ends within a packet's header";
    return false;
  }
  const std::uint32_t size = u32(at_ + 8);
  if (size > packet_size_max || file_.size() - at_ - record_header < size) {
    problem_ = fmt::format("ends within a packet, at byte {}", at_);
    return false;
  }
  packet.time.ns = std::int64_t{u32(at_)} * 1'000'000'000 + std::int64_t{u32(at_ + 4)} * (nanoseconds_ ? 1 : 1'000);
  packet.bytes = file_.substr(at_ + record_header, size);
  at_ += record_header + size;
  return true;
}

// The time resolution is option 9 of an interface block: 10^-n, or 2^-n with the highest bit set.
void Capture::take_interface(std::size_t body, std::size_t size) {
  ticks_per_s_ = 1e6;
  for (std::size_t at = body + 8; at + 4 <= body + size;) {
    const std::uint16_t code = u16(at), length = u16(at + 2);
    if (code == 0 || at + 4 + length > body + size) return;
    if (code == 9 && length >= 1) {
      const auto n = static_cast<unsigned char>(file_[at + 4]);
      ticks_per_s_ = (n & 0x80) != 0 ? std::ldexp(1.0, n & 0x3f) : std::pow(10.0, n & 0x1f);
    }
    at += 4 + static_cast<std::size_t>((length + 3) / 4) * 4;
  }
}

bool Capture::next_block(Packet& packet) {
  while (problem_.empty() && at_ < file_.size()) {
    if (file_.size() - at_ < block_header + 4) break;
    const std::uint32_t type = u32(at_), size = u32(at_ + 4);
    if (size < block_header + 4 || size % 4 != 0 || size > file_.size() - at_) break;
    const std::size_t body = at_ + block_header, body_size = size - block_header - 4;
    at_ += size;
    if (type == block_section && body_size >= 4) swapped_ = load32(file_, body) != order_mark;
    if (type == block_interface && body_size >= 8) take_interface(body, body_size);
    if (type != block_enhanced || body_size < 20) continue;
    const std::uint32_t captured = u32(body + 12);
    if (captured > packet_size_max || captured > body_size - 20) break;
    const double ticks = static_cast<double>(u32(body + 4)) * 4'294'967'296.0 + static_cast<double>(u32(body + 8));
    const double seconds = std::floor(ticks / ticks_per_s_);
    if (seconds > 9e9) break;
    packet.time.ns = static_cast<std::int64_t>(seconds) * 1'000'000'000 +
                     std::llround((ticks - seconds * ticks_per_s_) / ticks_per_s_ * 1e9);
    packet.bytes = file_.substr(body + 20, captured);
    return true;
  }
  if (at_ < file_.size() && problem_.empty()) problem_ = fmt::format("holds no whole block at byte {}", at_);
  return false;
}

}  // namespace polyphase::formats::pcap
