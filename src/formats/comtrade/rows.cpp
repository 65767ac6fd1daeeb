#include "formats/comtrade/rows.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "formats/comtrade/fields.hpp"
#include "formats/comtrade/text_rows.hpp"

namespace polyphase::formats::comtrade {
namespace {

constexpr float missing_value = std::numeric_limits<float>::quiet_NaN();
constexpr std::uint32_t missing_stamp = 0xFFFFFFFF;
// With these no product or sum leaves the range of float.
constexpr double gain_max = 1e20;
constexpr double bias_max = 1e30;
constexpr double code_max = 1e15;

template <class T>
T load(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes,
              sizeof value);  // both the file and every machine we build for: little endian
  return value;
}

template <class Code>
bool is_missing(Code code) {
  if constexpr (std::is_floating_point_v<Code>)
    return !(std::abs(code) <= static_cast<float>(code_max));
  else
    return code == std::numeric_limits<Code>::min();
}

// Row numbers that count up by one at this distance show where rows begin.
bool counts_up(std::span<const std::uint8_t> data, std::size_t stride) {
  constexpr std::size_t rows_tried = 4;
  const std::size_t rows = std::min(rows_tried, data.size() / stride);
  for (std::size_t i = 1; i < rows; ++i)
    if (load<std::uint32_t>(&data[i * stride]) - load<std::uint32_t>(&data[(i - 1) * stride]) != 1)
      return false;
  return rows >= 3;
}

std::size_t stride_of(const Config& config, std::span<const std::uint8_t> data,
                      std::string_view file, std::vector<std::string>& warnings) {
  const std::size_t declared = row_bytes(config);
  if (data.size() < 3 * declared || counts_up(data, declared)) return declared;
  const std::size_t least = 8 + config.analogs.size() * (config.kind == DataKind::binary ? 2 : 4);
  for (std::size_t stride = least; stride <= declared + 64 && stride * 3 <= data.size();
       stride += 2)
    if (counts_up(data, stride)) {
      warnings.push_back(
          fmt::format("{}: rows are {} bytes long, not {} as the channels declare; the first {} "
                      "analogue values of each are taken",
                      file, stride, declared, config.analogs.size()));
      return stride;
    }
  warnings.push_back(fmt::format("{}: the row numbers do not count up", file));
  return declared;
}

}  // namespace

Result<RowReader> RowReader::create(const Config& config, std::span<const std::uint8_t> data,
                                    std::string_view file, std::vector<std::string>& warnings) {
  RowReader reader;
  reader.config_ = &config;
  reader.data_ = data;
  if (config.analogs.empty())
    return fail(ErrorCode::invalid_input,
                "describes no analogue channel; there is nothing to measure", std::string(file));
  if (config.kind == DataKind::ascii) {
    const TextRowCount count = count_text_rows(data, config.analogs.size());
    double first = 0, last = 0;
    reader.row_count_ = count.rows;
    reader.without_holes_ = !to_number(count.first_number, first) ||
                            !to_number(count.last_number, last) ||
                            last - first < static_cast<double>(count.rows);
  } else {
    reader.stride_ = stride_of(config, data, file, warnings);
    reader.row_count_ = data.size() / reader.stride_;
    if (const auto rest = data.size() % reader.stride_; rest != 0 && reader.row_count_ > 0)
      warnings.push_back(
          fmt::format("{}: the last {} bytes are no whole row and are left out", file, rest));
    if (counts_up(data, reader.stride_))
      reader.without_holes_ = load<std::uint32_t>(&data[(reader.row_count_ - 1) * reader.stride_]) -
                                  load<std::uint32_t>(&data[0]) <
                              reader.row_count_;
  }
  if (reader.row_count_ == 0)
    return fail(ErrorCode::invalid_input,
                fmt::format("holds not one whole sample ({} bytes of {} data); check that the data "
                            "file belongs to the configuration",
                            data.size(), name_of(config.kind)),
                std::string(file));
  if (const auto declared = config.declared_rows(); declared != reader.row_count_)
    warnings.push_back(
        fmt::format("{}: {} samples declared, {} stored; all that are stored are read", file,
                    declared, reader.row_count_));
  return reader;
}

void RowReader::choose(std::span<const Pick> picks) {
  columns_ = {};
  lanes_by_column_.clear();
  const std::size_t value_bytes = config_->kind == DataKind::binary ? 2 : 4;
  for (const Pick& pick : picks) {
    const AnalogChannel& channel = config_->analogs[pick.analog];
    Column& column = columns_[pick.lane];
    column.index = pick.analog;
    column.offset = 8 + pick.analog * value_bytes;
    column.gain = std::clamp(channel.a * pick.factor, -gain_max, gain_max);
    column.bias = std::clamp(channel.b * pick.factor, -bias_max, bias_max);
    column.used = true;
    const double code = config_->kind == DataKind::ascii    ? text_missing_code
                        : config_->kind == DataKind::binary ? -32768.0
                                                            : -2147483648.0;
    column.range_has_missing_code =
        channel.code_min < channel.code_max && channel.code_min <= code && code <= channel.code_max;
    lanes_by_column_.push_back(pick.lane);
  }
  std::sort(lanes_by_column_.begin(), lanes_by_column_.end(),
            [this](std::size_t a, std::size_t b) { return columns_[a].index < columns_[b].index; });
  rewind();
}

void RowReader::rewind() {
  at_ = 0;
  for (Column& column : columns_) column.code_before = 0;
}

// All eight lanes are computed for every row, those not chosen with gain 0 from the row's number:
// the loop has no branch. Missing codes are only noticed here and sorted out in a second pass.
template <class Code>
RowsRead RowReader::read_binary(std::span<Frame> frames) {
  using Real = std::conditional_t<std::is_same_v<Code, std::int16_t>, float, double>;
  std::array<Real, channel_count> gain{}, bias{};
  std::array<std::size_t, channel_count> offset{};
  for (std::size_t lane = 0; lane < channel_count; ++lane) {
    if (!columns_[lane].used) continue;
    gain[lane] = static_cast<Real>(columns_[lane].gain);
    bias[lane] = static_cast<Real>(columns_[lane].bias);
    offset[lane] = columns_[lane].offset;
  }
  const std::size_t count = std::min(frames.size(), (data_.size() - at_) / stride_);
  const std::uint8_t* row = data_.data() + at_;
  bool suspicious = false;
  for (std::size_t n = 0; n < count; ++n, row += stride_) {
    // In two steps: the codes from all over the row, then arithmetic on eight lanes at once.
    std::array<Real, channel_count> code;
    for (std::size_t lane = 0; lane < channel_count; ++lane) {
      const Code stored = load<Code>(row + offset[lane]);
      suspicious |= is_missing(stored);
      code[lane] = static_cast<Real>(stored);
    }
    for (std::size_t lane = 0; lane < channel_count; ++lane)
      frames[n].value[lane] = static_cast<float>(gain[lane] * code[lane] + bias[lane]);
  }
  RowsRead result{count, false};
  if (suspicious) {
    mark_missing<Code>(frames.first(count), data_.data() + at_);
    for (std::size_t n = 0; n < count && !result.missing; ++n)
      for (const float value : frames[n].value)
        result.missing = result.missing || std::isnan(value);
  } else if (count > 0) {
    for (Column& column : columns_)
      if (column.used)
        column.code_before = static_cast<double>(load<Code>(row - stride_ + column.offset));
  }
  at_ += count * stride_;
  return result;
}

template <class Code>
void RowReader::mark_missing(std::span<Frame> frames, const std::uint8_t* first_row) {
  for (std::size_t lane = 0; lane < channel_count; ++lane) {
    Column& column = columns_[lane];
    const std::uint8_t* row = first_row;
    for (Frame& frame : frames) {
      if (!column.used) {
        frame.value[lane] = 0;  // a float row number times 0 may be NaN
        continue;
      }
      const Code code = load<Code>(row + column.offset);
      const bool clipped =
          column.range_has_missing_code && column.code_before < static_cast<double>(code) / 2;
      if (is_missing(code) && (std::is_floating_point_v<Code> || !clipped))
        frame.value[lane] = missing_value;
      else
        column.code_before = static_cast<double>(code);
      row += stride_;
    }
  }
}

RowsRead RowReader::read_ascii(std::span<Frame> frames) {
  RowsRead result;
  TextRow row;
  while (result.count < frames.size() && next_text_row(data_, at_, config_->analogs.size(), row)) {
    Frame& frame = frames[result.count++];
    frame = {};
    TextColumns values(row);
    for (const std::size_t lane : lanes_by_column_) {
      Column& column = columns_[lane];
      double code = 0;
      const bool number = values.at(column.index, code) && std::abs(code) <= code_max;
      const bool lost = !number || (code == text_missing_code && !(column.range_has_missing_code &&
                                                                   column.code_before > code / 2));
      frame.value[lane] =
          lost ? missing_value : static_cast<float>(column.gain * code + column.bias);
      result.missing = result.missing || lost;
      if (!lost) column.code_before = code;
    }
  }
  return result;
}

RowsRead RowReader::read(std::span<Frame> frames) {
  switch (config_->kind) {
    case DataKind::ascii:
      return read_ascii(frames);
    case DataKind::binary:
      return read_binary<std::int16_t>(frames);
    case DataKind::binary32:
      return read_binary<std::int32_t>(frames);
    case DataKind::float32:
      return read_binary<float>(frames);
  }
  return {};
}

// What a row says of itself: its number and its stamp, NaN where it has none.
template <class Add>
void RowReader::for_each_label(Add add) const {
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto stamp_or_none = [](double stamp) { return stamp == missing_stamp ? none : stamp; };
  if (config_->kind == DataKind::ascii) {
    std::size_t at = 0;
    TextRow row;
    while (next_text_row(data_, at, config_->analogs.size(), row)) {
      double number = none;
      if (!to_number(row.number, number)) number = none;
      add(number, row.stamped ? stamp_or_none(row.stamp) : none);
    }
    return;
  }
  for (std::size_t at = 0; at + stride_ <= data_.size(); at += stride_)
    add(load<std::uint32_t>(&data_[at]), stamp_or_none(load<std::uint32_t>(&data_[at + 4])));
}

std::vector<Hole> RowReader::holes(double rate_hz) const {
  constexpr double counter_end = 4'294'967'296;  // stamps may run over
  constexpr double rate_uncertain = 1e-3, chance_max = 1e-3;
  constexpr std::uint64_t rows_for_each_hole_min = 10;  // fewer: the numbers mean something else
  std::vector<Hole> holes;
  if (without_holes_) return holes;
  const double row_ticks = 1 / (rate_hz * config_->stamp_unit_s());
  double number_before = 0, stamp_before = 0;
  std::uint64_t row = 0;
  for_each_label([&](double number, double stamp) {
    const double rows = number - number_before, ticks = stamp - stamp_before;
    const double off = std::remainder(ticks - rows * row_ticks, counter_end);
    const double off_max = std::min(
        std::max(row_ticks / 2, 1.0) + rate_uncertain * rows * row_ticks, chance_max * counter_end);
    if (row > 0 && rows >= 2 && rows < counter_end && std::abs(off) <= off_max)
      holes.push_back({row, static_cast<std::uint64_t>(rows) - 1});
    number_before = number;
    stamp_before = stamp;
    ++row;
  });
  if (holes.size() * rows_for_each_hole_min > row_count_) holes.clear();
  return holes;
}

std::vector<double> RowReader::stamps_s() const {
  const double unit = config_->stamp_unit_s();
  std::vector<double> stamps;
  stamps.reserve(static_cast<std::size_t>(row_count_));
  if (config_->kind == DataKind::ascii) {
    std::size_t at = 0;
    TextRow row;
    while (next_text_row(data_, at, config_->analogs.size(), row))
      stamps.push_back(row.stamped && row.stamp != missing_stamp
                           ? row.stamp * unit
                           : std::numeric_limits<double>::quiet_NaN());
    return stamps;
  }
  std::uint64_t high = 0;
  std::uint32_t before = 0;
  for (std::size_t at = 0; at + stride_ <= data_.size(); at += stride_) {
    const auto stamp = load<std::uint32_t>(&data_[at + 4]);
    if (stamp == missing_stamp) {
      stamps.push_back(std::numeric_limits<double>::quiet_NaN());
      continue;
    }
    if (stamp < before && before - stamp > 0x80000000u) high += std::uint64_t{1} << 32;
    before = stamp;
    stamps.push_back(static_cast<double>(high + stamp) * unit);
  }
  return stamps;
}

}  // namespace polyphase::formats::comtrade
