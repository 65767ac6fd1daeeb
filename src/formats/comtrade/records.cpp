#include "formats/comtrade/records.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>
#include <limits>

namespace polyphase::formats::comtrade {
namespace {

static_assert(std::endian::native == std::endian::little, "COMTRADE is little-endian");

constexpr std::uint32_t time_stamp_missing = 0xffffffffu;
constexpr double ascii_missing = 99'999;  // a code no converter gives: its range is -99999..99998

template <class T>
T load(const char* at) {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

}  // namespace

RecordReader::RecordReader(const Configuration& configuration, std::string_view data,
                           std::span<const int> channels)
    : configuration_(configuration), data_(data), channels_(channels.begin(), channels.end()) {}

void RecordReader::rewind() {
  at_ = 0;
  line_ = 0;
  problem_.clear();
}

std::uint64_t RecordReader::count(const Configuration& configuration, std::string_view data) {
  if (configuration.type != DataType::ascii) return data.size() / configuration.record_size();
  std::uint64_t lines = 0;
  bool content = false;
  for (const char c : data) {
    if (c == '\n') {
      lines += content;
      content = false;
    } else if (c >= '0' && c <= '9') {
      content = true;
    }
  }
  return lines + (content ? 1 : 0);
}

bool RecordReader::next(Record& record) {
  return configuration_.type == DataType::ascii ? next_ascii(record) : next_binary(record);
}

bool RecordReader::next_binary(Record& record) {
  const std::size_t size = configuration_.record_size();
  if (at_ + size > data_.size()) {
    if (at_ < data_.size() && problem_.empty())
      problem_ = fmt::format("ends within a record: {} bytes of {} at byte {}", data_.size() - at_,
                             size, at_);
    return false;
  }
  const char* bytes = data_.data() + at_;
  at_ += size;
  const auto stamp = load<std::uint32_t>(bytes + 4);
  record.time_stamp_us =
      stamp == time_stamp_missing
          ? std::nullopt
          : std::optional(static_cast<double>(stamp) * configuration_.time_multiplier);
  record.missing = false;
  for (std::size_t k = 0; k < channels_.size(); ++k) {
    record.value[k] = 0;
    if (channels_[k] < 0) continue;
    const auto channel = static_cast<std::size_t>(channels_[k]);
    double stored = 0;
    bool missing = false;
    if (configuration_.type == DataType::binary) {
      const auto code = load<std::int16_t>(bytes + 8 + 2 * channel);
      missing = code == std::numeric_limits<std::int16_t>::min() &&
                configuration_.analogs[channel].code_min > std::numeric_limits<std::int16_t>::min();
      stored = code;
    } else if (configuration_.type == DataType::binary32) {
      const auto code = load<std::int32_t>(bytes + 8 + 4 * channel);
      missing = code == std::numeric_limits<std::int32_t>::min();
      stored = code;
    } else {
      stored = static_cast<double>(load<float>(bytes + 8 + 4 * channel));
      missing = !std::isfinite(stored);
    }
    const AnalogChannel& a = configuration_.analogs[channel];
    record.missing |= missing;
    record.value[k] = missing ? 0 : a.multiplier * stored + a.offset;
  }
  return true;
}

bool RecordReader::next_ascii(Record& record) {
  const std::size_t columns = 2 + configuration_.analogs.size() + configuration_.digital_count;
  for (;;) {
    if (at_ >= data_.size()) return false;
    std::size_t end = data_.find('\n', at_);
    if (end == std::string_view::npos) end = data_.size();
    const char* p = data_.data() + at_;
    const char* const stop = data_.data() + end;
    at_ = end + 1;
    ++line_;
    while (p < stop && (*p == ' ' || *p == '\t' || *p == '\r')) ++p;
    if (p == stop || *p == '\x1a') continue;  // blank lines between rows happen
    record = {};
    std::size_t column = 0, needed = 2 + configuration_.analogs.size();
    for (; p < stop && column < columns; ++column) {
      while (p < stop && (*p == ' ' || *p == '\t' || *p == '+')) ++p;
      double value = 0;
      const auto [after, error] = std::from_chars(p, stop, value);
      const bool empty = p == stop || *p == ',' || *p == '\r';
      if (error != std::errc{} && !empty) {
        problem_ = fmt::format("line {}: field {} is not a number", line_, column + 1);
        return false;
      }
      p = empty ? p : after;
      if (column == 1 && !empty && value != static_cast<double>(time_stamp_missing))
        record.time_stamp_us = value * configuration_.time_multiplier;
      if (column >= 2 && column < needed)
        for (std::size_t k = 0; k < channels_.size(); ++k) {
          if (channels_[k] != static_cast<int>(column - 2)) continue;
          const AnalogChannel& a = configuration_.analogs[column - 2];
          const bool missing = empty || (value == ascii_missing && a.code_max < ascii_missing) ||
                               !std::isfinite(value);
          record.missing |= missing;
          record.value[k] = missing ? 0 : a.multiplier * value + a.offset;
        }
      while (p < stop && *p != ',') ++p;
      if (p < stop) ++p;
    }
    if (column < needed) {
      problem_ = fmt::format("line {}: {} fields where {} are needed", line_, column, needed);
      return false;
    }
    return true;
  }
}

}  // namespace polyphase::formats::comtrade
