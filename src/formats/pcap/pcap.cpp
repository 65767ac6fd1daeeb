#include "formats/pcap/pcap.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace polyphase::formats::pcap {
namespace {

constexpr std::uint32_t magic_micro = 0xA1B2C3D4;
constexpr std::uint32_t magic_nano = 0xA1B23C4D;
constexpr std::uint32_t block_section = 0x0A0D0D0A;
constexpr std::uint32_t block_interface = 1;
constexpr std::uint32_t block_simple = 3;
constexpr std::uint32_t block_enhanced = 6;
constexpr std::uint32_t byte_order_magic = 0x1A2B3C4D;
constexpr std::uint16_t option_time_resolution = 9;
constexpr std::uint16_t option_time_offset = 14;
constexpr std::size_t file_header_bytes = 24;
constexpr std::size_t record_header_bytes = 16;

constexpr std::uint32_t swap(std::uint32_t v) {
  return (v >> 24) | ((v >> 8) & 0xFF00u) | ((v << 8) & 0xFF0000u) | (v << 24);
}

std::uint32_t native(const std::uint8_t* bytes) {
  std::uint32_t value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

bool is_classic(std::uint32_t magic) { return magic == magic_micro || magic == magic_nano; }

// A pcapng resolution: bit 7 chooses a power of 2 over one of 10. 0: finer than we can count.
std::uint64_t ticks_per_second(std::uint8_t code) {
  const unsigned exponent = code & 0x7Fu;
  if ((code & 0x80u) != 0) return exponent <= 40 ? std::uint64_t{1} << exponent : 0;
  std::uint64_t ticks = 1;
  for (unsigned i = 0; i < exponent; ++i) {
    if (ticks > 1'000'000'000'000) return 0;
    ticks *= 10;
  }
  return ticks;
}

// Years that int64 nanoseconds cannot hold are damage: such a packet gets time 0.
Instant instant_from(std::int64_t seconds, std::uint64_t nanoseconds) {
  constexpr std::int64_t seconds_max = 9'000'000'000;
  if (seconds < -seconds_max || seconds > seconds_max) return {};
  return Instant{seconds * 1'000'000'000 + static_cast<std::int64_t>(nanoseconds)};
}

}  // namespace

bool is_capture(std::span<const std::uint8_t> file) {
  if (file.size() < 12) return false;
  const std::uint32_t magic = native(file.data());
  return is_classic(magic) || is_classic(swap(magic)) || magic == block_section;
}

Result<Reader> Reader::create(std::span<const std::uint8_t> file, std::string_view name) {
  if (!is_capture(file))
    return fail(ErrorCode::invalid_input, "does not begin like a packet capture (pcap or pcapng)",
                std::string(name));
  Reader reader;
  reader.file_ = file;
  reader.name_ = std::string(name);
  const std::uint32_t magic = native(file.data());
  reader.blocks_ = magic == block_section;
  if (!reader.blocks_ && file.size() < file_header_bytes)
    return fail(ErrorCode::invalid_input,
                fmt::format("breaks off in the file header ({} of {} bytes)", file.size(),
                            file_header_bytes),
                std::string(name));
  reader.swapped_ = !reader.blocks_ && !is_classic(magic);
  reader.nanoseconds_ = (reader.swapped_ ? swap(magic) : magic) == magic_nano;
  if (!reader.blocks_)
    reader.link_ =
        reader.u32(20) & 0xFFFFu;  // the upper half says how a frame check sequence is stored
  reader.rewind();
  return reader;
}

void Reader::rewind() {
  at_ = blocks_ ? 0 : file_header_bytes;
  interfaces_.clear();
  warning_.clear();
}

std::uint32_t Reader::u32(const std::uint8_t* bytes) const {
  return swapped_ ? swap(native(bytes)) : native(bytes);
}
std::uint32_t Reader::u32(std::size_t at) const { return u32(&file_[at]); }
std::uint16_t Reader::u16(const std::uint8_t* bytes) const {
  return static_cast<std::uint16_t>(swapped_ ? bytes[0] << 8 | bytes[1] : bytes[1] << 8 | bytes[0]);
}

bool Reader::stop(std::string why) {
  warning_ =
      fmt::format("{}: byte {}: {}; {} bytes are left out", name_, at_, why, file_.size() - at_);
  at_ = file_.size();
  return false;
}

bool Reader::next(Packet& packet) { return blocks_ ? next_block(packet) : next_classic(packet); }

bool Reader::next_classic(Packet& packet) {
  if (at_ == file_.size()) return false;
  if (file_.size() - at_ < record_header_bytes)
    return stop("the capture breaks off in a packet's header");
  const std::uint32_t captured = u32(at_ + 8);
  if (captured > packet_bytes_max)
    return stop(
        fmt::format("a packet of {} bytes is damage (at most {})", captured, packet_bytes_max));
  if (file_.size() - at_ - record_header_bytes < captured)
    return stop("the capture breaks off in a packet");
  const std::uint64_t fraction = u32(at_ + 4);
  packet.time = instant_from(u32(at_), nanoseconds_ ? fraction : fraction * 1000);
  packet.link = link_;
  packet.original_bytes = u32(at_ + 12);
  packet.bytes = file_.subspan(at_ + record_header_bytes, captured);
  at_ += record_header_bytes + captured;
  return true;
}

bool Reader::next_block(Packet& packet) {
  while (at_ != file_.size()) {
    if (file_.size() - at_ < 12) return stop("the capture breaks off in a block's header");
    if (native(&file_[at_]) == block_section && !enter_section())
      return stop("a section without a byte-order mark");
    const std::uint32_t kind = u32(at_);
    const std::uint32_t length = u32(at_ + 4);
    if (length < 12 || length % 4 != 0)
      return stop(fmt::format("a block of {} bytes is damage", length));
    if (length > file_.size() - at_) return stop("the capture breaks off in a block");
    const auto body = file_.subspan(at_ + 8, length - 12);
    if (kind == block_interface) read_interface(body);
    const bool found =
        (kind == block_enhanced || kind == block_simple) && read_packet(kind, body, packet);
    at_ += length;
    if (found) return true;
  }
  return false;
}

bool Reader::enter_section() {
  interfaces_.clear();
  const std::uint32_t order = native(&file_[at_ + 8]);
  if (order != byte_order_magic && swap(order) != byte_order_magic) return false;
  swapped_ = order != byte_order_magic;
  return true;
}

void Reader::read_interface(std::span<const std::uint8_t> body) {
  if (body.size() < 8 || interfaces_.size() >= interfaces_max) return;
  Interface interface;
  interface.link = u16(&body[0]);
  for (std::size_t at = 8; at + 4 <= body.size();) {
    const std::uint16_t option = u16(&body[at]);
    const std::size_t length = u16(&body[at + 2]);
    if (option == 0 || length > body.size() - at - 4) break;
    const std::uint8_t* const value = body.data() + at + 4;
    if (option == option_time_resolution && length >= 1)
      interface.ticks_per_s = ticks_per_second(value[0]);
    if (option == option_time_offset && length >= 8) {
      const std::uint64_t first = u32(value), second = u32(value + 4);
      interface.offset_s =
          static_cast<std::int64_t>(swapped_ ? first << 32 | second : second << 32 | first);
    }
    at += 4 + (length + 3) / 4 * 4;
  }
  interfaces_.push_back(interface);
}

bool Reader::read_packet(std::uint32_t kind, std::span<const std::uint8_t> body, Packet& packet) {
  const bool enhanced = kind == block_enhanced;
  const std::size_t header = enhanced ? 20 : 4;
  if (body.size() < header) return false;
  const std::size_t index = enhanced ? u32(&body[0]) : 0;
  if (index >= interfaces_.size()) return false;
  const Interface& interface = interfaces_[index];
  packet.link = interface.link;
  packet.original_bytes = u32(&body[header - 4]);
  const std::size_t captured =
      enhanced ? u32(&body[12])
               : std::min<std::size_t>(packet.original_bytes, body.size() - header);
  if (captured > body.size() - header || captured > packet_bytes_max) return false;
  packet.bytes = body.subspan(header, captured);
  packet.time = {};
  if (enhanced && interface.ticks_per_s > 0) {
    const std::uint64_t ticks = std::uint64_t{u32(&body[4])} << 32 | u32(&body[8]);
    const std::uint64_t rest = ticks % interface.ticks_per_s;
    const double nanoseconds =
        static_cast<double>(rest) / static_cast<double>(interface.ticks_per_s) * 1e9;
    constexpr std::uint64_t seconds_max = 8'000'000'000;
    const auto seconds =
        static_cast<std::int64_t>(std::min(ticks / interface.ticks_per_s, seconds_max));
    constexpr std::int64_t offset_max = 4'000'000'000;
    if (interface.offset_s >= -offset_max && interface.offset_s <= offset_max)
      packet.time =
          instant_from(seconds + interface.offset_s, static_cast<std::uint64_t>(nanoseconds + 0.5));
  }
  return true;
}

}  // namespace polyphase::formats::pcap
