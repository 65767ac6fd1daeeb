#include "store/codec.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

namespace polyphase::store {
namespace {

constexpr std::size_t number_bytes = 8;

void put(std::uint64_t bits, std::size_t size, std::vector<std::uint8_t>& bytes) {
  for (std::size_t i = 0; i < size; ++i)
    bytes.push_back(static_cast<std::uint8_t>(bits >> (8 * i)));
}

std::uint64_t get(std::span<const std::uint8_t> bytes) {
  std::uint64_t bits = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) bits = bits << 8 | bytes[i];
  return bits;
}

/// One NaN for all, so that the same values are the same bytes.
std::uint64_t bits_of(double value) {
  return std::bit_cast<std::uint64_t>(std::isnan(value) ? std::numeric_limits<double>::quiet_NaN()
                                                        : value);
}

}  // namespace

void encode_fields(std::span<const Field> fields, std::vector<std::uint8_t>& bytes) {
  bytes.clear();
  for (const Field& field : fields) {
    put(bits_of(field.value), number_bytes, bytes);
    put(field.quality.bits, field_bytes - number_bytes, bytes);
  }
}

std::optional<std::vector<Field>> decode_fields(std::span<const std::uint8_t> bytes) {
  if (bytes.size() % field_bytes != 0) return std::nullopt;
  std::vector<Field> fields(bytes.size() / field_bytes);
  for (Field& field : fields) {
    field.value = std::bit_cast<double>(get(bytes.first(number_bytes)));
    field.quality.bits =
        static_cast<std::uint16_t>(get(bytes.subspan(number_bytes, field_bytes - number_bytes)));
    bytes = bytes.subspan(field_bytes);
  }
  return fields;
}

void encode_names(std::span<const NamedNumber> numbers, std::vector<std::uint8_t>& bytes) {
  bytes.clear();
  for (const NamedNumber& number : numbers) {
    bytes.insert(bytes.end(), number.name.begin(), number.name.end());
    bytes.push_back(0);
  }
}

bool are_names(std::span<const NamedNumber> numbers, std::span<const std::uint8_t> bytes) {
  for (const NamedNumber& number : numbers) {
    const std::size_t size = number.name.size();
    if (bytes.size() <= size || bytes[size] != 0 ||
        std::memcmp(bytes.data(), number.name.data(), size) != 0)
      return false;
    bytes = bytes.subspan(size + 1);
  }
  return bytes.empty();
}

void encode_values(std::span<const NamedNumber> numbers, std::vector<std::uint8_t>& bytes) {
  bytes.resize(numbers.size() * number_bytes);
  auto at = bytes.begin();
  for (const NamedNumber& number : numbers)
    for (std::uint64_t bits = bits_of(number.value), i = 0; i < number_bytes; ++i, bits >>= 8)
      *at++ = static_cast<std::uint8_t>(bits);
}

std::optional<std::vector<NamedNumber>> decode_numbers(std::span<const std::uint8_t> names,
                                                       std::span<const std::uint8_t> values) {
  std::vector<NamedNumber> numbers;
  for (auto begin = names.begin(); begin != names.end();) {
    const auto end = std::find(begin, names.end(), 0);
    if (end == names.end() || values.size() < number_bytes) return std::nullopt;
    numbers.push_back(
        {std::string(begin, end), std::bit_cast<double>(get(values.first(number_bytes)))});
    begin = end + 1;
    values = values.subspan(number_bytes);
  }
  if (!values.empty()) return std::nullopt;
  return numbers;
}

}  // namespace polyphase::store
