#pragma once

#include <cstddef>
#include <span>
#include <variant>
#include <vector>

#include "recorder/byte_ring.hpp"
#include "registers/sinks.hpp"

namespace polyphase::recorder {

inline constexpr std::size_t text_max = 240;  ///< of an event that waits; what is beyond is cut
inline constexpr std::size_t actor_max = 64;  ///< likewise

/// What modules tell, as it waits in a ring. False: there is no room, nothing was put there.
bool put(ByteRing& ring, const registers::Event& event, std::size_t keep_free) noexcept;
bool put(ByteRing& ring, const registers::Disturbance& disturbance, std::size_t keep_free) noexcept;
bool put(ByteRing& ring, const registers::LogRecord& record, std::size_t keep_free) noexcept;

/// What a record that waits takes of the ring.
std::size_t waiting_bytes_of_record(std::size_t columns) noexcept;

/// Takes messages apart. Texts and spans of a message stay until the next one.
class MessageReader {
 public:
  using Message = std::variant<registers::Event, registers::Disturbance, registers::LogRecord>;
  Message read(std::span<const std::byte> bytes);

 private:
  std::vector<registers::Index> columns_;
  std::vector<registers::Value> values_;
};

}  // namespace polyphase::recorder
