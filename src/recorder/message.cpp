// One byte says what follows, then the struct itself, whose texts and spans are void, then what
// they held. Nothing of it leaves the process.
#include "recorder/message.hpp"

#include <cstring>
#include <type_traits>

#include "base/contract.hpp"

namespace polyphase::recorder {
namespace {

using registers::Disturbance;
using registers::Event;
using registers::Index;
using registers::LogRecord;
using registers::Value;

enum class Kind : std::uint8_t { event, disturbance, record };

struct PackedValue {
  Index column;
  Quality quality;
  double number;
};

class Packer {
 public:
  explicit Packer(std::span<std::byte> room) : room_(room) {}
  template <class T>
  void put(const T& thing) {
    static_assert(std::is_trivially_copyable_v<T>);
    put(&thing, sizeof thing);
  }
  void put(const void* data, std::size_t size) {
    if (size > 0) std::memcpy(room_.data(), data, size);
    room_ = room_.subspan(size);
  }

 private:
  std::span<std::byte> room_;
};

class Unpacker {
 public:
  explicit Unpacker(std::span<const std::byte> bytes) : bytes_(bytes) {}
  template <class T>
  T take() {
    static_assert(std::is_trivially_copyable_v<T>);
    EXPECTS(bytes_.size() >= sizeof(T));
    T thing;
    std::memcpy(&thing, bytes_.data(), sizeof thing);
    bytes_ = bytes_.subspan(sizeof thing);
    return thing;
  }
  std::string_view take_text(std::size_t size) {
    EXPECTS(bytes_.size() >= size);
    const std::string_view text(reinterpret_cast<const char*>(bytes_.data()), size);
    bytes_ = bytes_.subspan(size);
    return text;
  }
  std::string_view rest_as_text() { return take_text(bytes_.size()); }

 private:
  std::span<const std::byte> bytes_;
};

template <class T>
bool put_with_texts(ByteRing& ring, Kind kind, const T& thing, std::string_view actor,
                    std::string_view text, std::size_t keep_free) noexcept {
  text = text.substr(0, text_max);
  actor = actor.substr(0, actor_max);
  const auto actor_size = static_cast<std::uint8_t>(actor.size());
  const auto room = ring.claim(
      sizeof kind + sizeof thing + sizeof actor_size + actor.size() + text.size(), keep_free);
  if (room.empty()) return false;
  Packer packer(room);
  packer.put(kind);
  packer.put(thing);
  packer.put(actor_size);
  packer.put(actor.data(), actor.size());
  packer.put(text.data(), text.size());
  ring.publish();
  return true;
}

}  // namespace

bool put(ByteRing& ring, const Event& event, std::size_t keep_free) noexcept {
  return put_with_texts(ring, Kind::event, event, event.actor, event.text, keep_free);
}

bool put(ByteRing& ring, const Disturbance& disturbance, std::size_t keep_free) noexcept {
  return put_with_texts(ring, Kind::disturbance, disturbance, {}, disturbance.type, keep_free);
}

bool put(ByteRing& ring, const LogRecord& record, std::size_t keep_free) noexcept {
  EXPECTS(record.columns.size() == record.values.size());
  const std::size_t count = record.columns.size();
  const auto room =
      ring.claim(sizeof(Kind) + sizeof record + count * sizeof(PackedValue), keep_free);
  if (room.empty()) return false;
  Packer packer(room);
  packer.put(Kind::record);
  packer.put(record);
  for (std::size_t i = 0; i < count; ++i)
    packer.put(PackedValue{record.columns[i], record.values[i].quality, record.values[i].number});
  ring.publish();
  return true;
}

std::size_t waiting_bytes_of_record(std::size_t columns) noexcept {
  return ByteRing::bytes_of(sizeof(Kind) + sizeof(LogRecord) + columns * sizeof(PackedValue));
}

MessageReader::Message MessageReader::read(std::span<const std::byte> bytes) {
  Unpacker unpacker(bytes);
  switch (unpacker.take<Kind>()) {
    case Kind::event: {
      auto event = unpacker.take<Event>();
      event.actor = unpacker.take_text(unpacker.take<std::uint8_t>());
      event.text = unpacker.rest_as_text();
      return event;
    }
    case Kind::disturbance: {
      auto disturbance = unpacker.take<Disturbance>();
      disturbance.type = (unpacker.take<std::uint8_t>(), unpacker.rest_as_text());
      return disturbance;
    }
    case Kind::record:
      break;
  }
  auto record = unpacker.take<LogRecord>();
  columns_.resize(record.columns.size());
  values_.resize(record.columns.size());
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    const auto packed = unpacker.take<PackedValue>();
    columns_[i] = packed.column;
    values_[i] = {packed.number, packed.quality, record.time};
  }
  record.columns = columns_;
  record.values = values_;
  return record;
}

}  // namespace polyphase::recorder
