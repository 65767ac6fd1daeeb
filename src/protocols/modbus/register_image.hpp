#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "control/meter.hpp"
#include "protocols/modbus/point_map.hpp"
#include "wire/modbus/pdu.hpp"

namespace polyphase::protocols::modbus {

using wire::modbus::Exception;

/// All 65536 registers as they go on the wire, encoded once for each snapshot that somebody asks
/// for: a request copies bytes. One thread.
class RegisterImage {
 public:
  explicit RegisterImage(const control::Meter& meter);

  /// Brings the image up to date: the map when the configuration has changed, the values of the
  /// cadences that have a new snapshot. False: `caller` may not read.
  bool refresh(const control::Caller& caller);

  const control::Catalogue& catalogue() const { return *catalogue_; }
  const PointMap& map() const { return map_; }

  /// Registers from PDU address `first` on; those where nothing is mapped read 0x8000.
  /// needs  first + count <= 65536
  std::span<const std::uint8_t> bytes(std::size_t first, std::size_t count) const {
    return {image_.data() + 2 * first, 2 * count};
  }
  /// True where a value of several registers begins before, or ends behind, the range.
  bool cuts_a_value(std::size_t first, std::size_t count) const;
  /// The value that has a PDU address; nullptr: none.
  const Point* point_at(std::size_t address) const;
  /// The state of a bit; N/A is off.
  bool state_of(const Bit& bit) const;

 private:
  /// What shows the value of one register: a whole point, or a bit of it.
  struct Place {
    std::uint32_t point = 0;
    std::uint8_t bit = 0;  ///< of packed formats
  };

  /// The registers of one cadence that are shown, and where.
  struct Group {
    std::uint64_t sequence = 0;
    bool read = false;
    std::vector<Index> indices;
    std::vector<Place> places;
    std::vector<registers::Value> values;
  };

  void rebuild(std::shared_ptr<const control::Catalogue> catalogue);
  void place(std::uint32_t point);
  void follow(Index source, Place place);
  bool read_group(const control::Caller& caller, Group& group);
  void show(Place place, double number);
  void show_text(const control::Caller& caller, const Point& point);
  std::span<std::uint8_t> bytes_of(const Point& point) {
    return {image_.data() + 2 * (point.first - 1), 2u * point.registers};
  }

  const control::Meter& meter_;
  std::shared_ptr<const control::Catalogue> catalogue_;
  PointMap map_;
  std::vector<std::uint8_t> image_;
  std::vector<std::uint16_t> owner_;  ///< by address: index into points + 1; 0: unmapped
  std::array<Group, registers::cadence_count> groups_;
  std::vector<std::uint32_t> texts_;
};

}  // namespace polyphase::protocols::modbus
