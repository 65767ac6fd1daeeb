#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"

/// Packet captures: classic pcap (both byte orders, micro- and nanoseconds) and pcapng (enhanced
/// and simple packet blocks). Layout: docs/formats/sampled-values-pcap.md.
namespace polyphase::formats::pcap {

inline constexpr std::uint32_t packet_bytes_max =
    256 * 1024;                                      ///< more in a record's header is damage
inline constexpr std::size_t interfaces_max = 1024;  ///< of one pcapng section
inline constexpr std::uint32_t link_ethernet = 1;

struct Packet {
  Instant time;                         ///< of the capture; 0 where the file has none
  std::uint32_t link = link_ethernet;   ///< kind of link layer
  std::span<const std::uint8_t> bytes;  ///< what was captured of it
  std::uint32_t original_bytes = 0;
};

bool is_capture(std::span<const std::uint8_t> file);

/// Walks through the packets of a capture that is held in memory.
class Reader {
 public:
  /// errors  invalid_input when the file begins like no capture
  static Result<Reader> create(std::span<const std::uint8_t> file, std::string_view name);

  /// False at the end of the file or where it is damaged; then warning() says what was left out.
  bool next(Packet& packet);
  void rewind();
  const std::string& warning() const { return warning_; }

 private:
  struct Interface {
    std::uint32_t link = link_ethernet;
    std::uint64_t ticks_per_s = 1'000'000;
    std::int64_t offset_s = 0;
  };
  bool next_classic(Packet& packet);
  bool next_block(Packet& packet);
  bool enter_section();
  void read_interface(std::span<const std::uint8_t> body);
  bool read_packet(std::uint32_t kind, std::span<const std::uint8_t> body, Packet& packet);
  std::uint32_t u32(std::size_t at) const;
  std::uint16_t u16(const std::uint8_t* bytes) const;
  std::uint32_t u32(const std::uint8_t* bytes) const;
  bool stop(std::string why);

  std::span<const std::uint8_t> file_;
  std::string name_, warning_;
  std::size_t at_ = 0;
  bool blocks_ = false, swapped_ = false, nanoseconds_ = false;
  std::uint32_t link_ = link_ethernet;
  std::vector<Interface> interfaces_;
};

}  // namespace polyphase::formats::pcap
