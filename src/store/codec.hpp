#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "store/records.hpp"

namespace polyphase::store {

/// The blobs of docs/formats/store.md. Reading gives nullopt for bytes that this cannot have
/// written.
inline constexpr std::size_t field_bytes = 10;

void encode_fields(std::span<const Field> fields, std::vector<std::uint8_t>& bytes);
std::optional<std::vector<Field>> decode_fields(std::span<const std::uint8_t> bytes);

void encode_names(std::span<const NamedNumber> numbers, std::vector<std::uint8_t>& bytes);
/// Whether these are the names: far cheaper than to encode them.
bool are_names(std::span<const NamedNumber> numbers, std::span<const std::uint8_t> bytes);
void encode_values(std::span<const NamedNumber> numbers, std::vector<std::uint8_t>& bytes);
std::optional<std::vector<NamedNumber>> decode_numbers(std::span<const std::uint8_t> names,
                                                       std::span<const std::uint8_t> values);

}  // namespace polyphase::store
