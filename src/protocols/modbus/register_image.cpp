#include "protocols/modbus/register_image.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::protocols::modbus {
namespace {

constexpr std::size_t addresses = 65'536;
static_assert(points_max < 65'535, "an owner is 16 bits");

bool is_packed(const Point& point) {
  return point.format == Format::packed_inputs || point.format == Format::packed_coils;
}

}  // namespace

RegisterImage::RegisterImage(const control::Meter& meter) : meter_(meter) {
  rebuild(meter.catalogue());
}

bool RegisterImage::refresh(const control::Caller& caller) {
  if (!meter_.rights_of(caller).has(control::Right::read)) return false;
  if (auto now = meter_.catalogue(); now->version != catalogue_->version) rebuild(std::move(now));
  for (std::size_t c = 0; c < groups_.size(); ++c) {
    Group& group = groups_[c];
    const bool with_texts =
        c == static_cast<std::size_t>(registers::Cadence::second) && !texts_.empty();
    if (group.indices.empty() && !with_texts) continue;
    const std::uint64_t sequence = meter_.sequence(static_cast<registers::Cadence>(c));
    if (group.read && sequence == group.sequence) continue;
    if (!read_group(caller, group)) return false;
    if (with_texts)
      for (const std::uint32_t text : texts_) show_text(caller, map_.points[text]);
    group.sequence = sequence;
    group.read = true;
  }
  return true;
}

void RegisterImage::rebuild(std::shared_ptr<const control::Catalogue> catalogue) {
  catalogue_ = std::move(catalogue);
  map_ = point_map_of(*catalogue_);
  groups_ = {};
  texts_.clear();
  owner_.assign(addresses, 0);
  image_.resize(2 * addresses);
  for (std::size_t i = 0; i < image_.size(); i += 2) {
    image_[i] = wire::modbus::unmapped_register >> 8;
    image_[i + 1] = wire::modbus::unmapped_register & 0xFF;
  }
  for (std::uint32_t i = 0; i < map_.points.size(); ++i) {
    const Point& point = map_.points[i];
    std::fill_n(owner_.begin() + (point.first - 1), point.registers,
                static_cast<std::uint16_t>(i + 1));
    place(i);
  }
  for (Group& group : groups_) group.values.resize(group.indices.size());
}

// Fills the registers with what holds until something is read, and notes what is to be read.
void RegisterImage::place(std::uint32_t i) {
  const Point& point = map_.points[i];
  if (is_packed(point)) {
    encode(point.format, 0, bytes_of(point));
    for (std::uint8_t bit = 0; bit < packed_sources; ++bit)
      if (point.bits[bit] != no_register) follow(point.bits[bit], {i, bit});
    return;
  }
  if (point.format == Format::utf8) {
    const auto bytes = bytes_of(point);
    std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
    if (point.source != no_register) texts_.push_back(i);
    return;
  }
  encode(point.format, registers::not_available, bytes_of(point));
  if (point.source != no_register) follow(point.source, {i, 0});
}

void RegisterImage::follow(Index source, Place place) {
  const registers::RegisterInfo& info = catalogue_->registers.info(source);
  if (info.role == registers::Role::setup)
    return show(place, catalogue_->registers.value(source).number);
  const auto cadence =
      info.cadence == registers::Cadence::none ? registers::Cadence::second : info.cadence;
  Group& group = groups_[static_cast<std::size_t>(cadence)];
  group.indices.push_back(source);
  group.places.push_back(place);
}

bool RegisterImage::read_group(const control::Caller& caller, Group& group) {
  if (!meter_.values(caller, group.indices, group.values)) return false;
  for (std::size_t i = 0; i < group.places.size(); ++i)
    show(group.places[i], group.values[i].number);
  return true;
}

void RegisterImage::show(Place place, double number) {
  const Point& point = map_.points[place.point];
  const auto bytes = bytes_of(point);
  if (is_packed(point)) {
    std::uint8_t& byte = bytes[place.bit < 8 ? 1 : 0];
    const auto mask = static_cast<std::uint8_t>(1u << (place.bit % 8));
    byte = static_cast<std::uint8_t>(number == 1 ? byte | mask : byte & ~mask);
    return;
  }
  // clamp() would give its low end back for what is not available.
  if (!std::isnan(number))
    number = std::clamp(number * point.scale + point.offset, point.low, point.high);
  encode(point.format, number, bytes);
}

void RegisterImage::show_text(const control::Caller& caller, const Point& point) {
  const auto text = meter_.text(caller, point.source);
  const auto bytes = bytes_of(point);
  std::fill(bytes.begin(), bytes.end(), std::uint8_t{0});
  if (text) std::copy_n(text->begin(), std::min(text->size(), bytes.size()), bytes.begin());
}

bool RegisterImage::cuts_a_value(std::size_t first, std::size_t count) const {
  const std::size_t end = first + count;
  const auto splits = [&](std::size_t at) {
    return at > 0 && at < addresses && owner_[at] != 0 && owner_[at] == owner_[at - 1];
  };
  return splits(first) || splits(end);
}

const Point* RegisterImage::point_at(std::size_t address) const {
  return owner_[address] == 0 ? nullptr : &map_.points[owner_[address] - 1u];
}

bool RegisterImage::state_of(const Bit& bit) const {
  const auto word = wire::modbus::word_at(bytes(bit.register_number - 1, 1), 0);
  return (word >> bit.bit & 1) != 0;
}

}  // namespace polyphase::protocols::modbus
