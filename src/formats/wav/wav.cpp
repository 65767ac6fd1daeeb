#include "formats/wav/wav.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <optional>

namespace polyphase::formats::wav {
namespace {

constexpr std::uint16_t tag_pcm = 1;
constexpr std::uint16_t tag_float = 3;
constexpr std::uint16_t tag_extensible = 0xFFFE;
constexpr float value_max =
    1e15f;  // beyond this a float is damage; no factor takes it out of range

template <class T>
T load(const std::uint8_t* bytes) {
  T value;
  std::memcpy(&value, bytes, sizeof value);
  return value;
}

template <class T>
void append(std::vector<std::uint8_t>& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(&out[at], &value, sizeof value);
}

void append_tag(std::vector<std::uint8_t>& out, std::string_view four) {
  out.insert(out.end(), four.begin(), four.end());
}

std::string_view tag_at(std::span<const std::uint8_t> file, std::size_t at) {
  return {reinterpret_cast<const char*>(file.data()) + at, 4};
}

Result<Format> parse_format(std::span<const std::uint8_t> chunk, const std::string& where) {
  if (chunk.size() < 16)
    return fail(ErrorCode::invalid_input,
                fmt::format("the format chunk has {} bytes, at least 16 are needed", chunk.size()),
                where);
  auto tag = load<std::uint16_t>(&chunk[0]);
  const unsigned channels = load<std::uint16_t>(&chunk[2]);
  const auto rate = load<std::uint32_t>(&chunk[4]);
  const unsigned bits = load<std::uint16_t>(&chunk[14]);
  // The sub-format's GUID begins with the plain tag.
  if (tag == tag_extensible && chunk.size() >= 26) tag = load<std::uint16_t>(&chunk[24]);
  if (channels == 0 || channels > channels_max)
    return fail(ErrorCode::invalid_input,
                fmt::format("{} channels; 1 to {} can be read", channels, channels_max), where);
  if (rate == 0) return fail(ErrorCode::invalid_input, "the sample rate is 0", where);
  std::optional<Coding> coding;
  if (tag == tag_pcm && bits == 16) coding = Coding::pcm16;
  if (tag == tag_pcm && bits == 24) coding = Coding::pcm24;
  if (tag == tag_pcm && bits == 32) coding = Coding::pcm32;
  if (tag == tag_float && bits == 32) coding = Coding::float32;
  if (!coding)
    return fail(ErrorCode::unsupported,
                fmt::format("coding {} with {} bits is not read; save it as PCM of 16, 24 or 32 "
                            "bits or as float of 32 bits",
                            tag, bits),
                where);
  return Format{*coding, channels, rate};
}

template <Coding coding>
float value_at(const std::uint8_t* p) {
  if constexpr (coding == Coding::pcm16)
    return static_cast<float>(load<std::int16_t>(p)) * 0x1p-15f;
  if constexpr (coding == Coding::pcm24)
    return static_cast<float>(static_cast<std::int32_t>((p[0] << 8) | (p[1] << 16) |
                                                        (static_cast<std::uint32_t>(p[2]) << 24))) *
           0x1p-31f;
  if constexpr (coding == Coding::pcm32)
    return static_cast<float>(load<std::int32_t>(p)) * 0x1p-31f;
  if constexpr (coding == Coding::float32) return load<float>(p);
}

template <Coding coding>
void read_rows(const std::uint8_t* row, std::size_t stride, std::size_t value_bytes,
               std::span<const Pick> picks, std::span<Frame> frames, bool& missing) {
  for (Frame& frame : frames) {
    frame = {};
    for (const Pick& pick : picks) {
      const float value = value_at<coding>(row + pick.channel * value_bytes);
      const bool number = coding != Coding::float32 || std::abs(value) <= value_max;
      frame.value[pick.lane] = number ? static_cast<float>(static_cast<double>(value) * pick.factor)
                                      : std::numeric_limits<float>::quiet_NaN();
      missing = missing || !number;
    }
    row += stride;
  }
}

}  // namespace

std::size_t Format::value_bytes() const {
  return coding == Coding::pcm16 ? 2 : coding == Coding::pcm24 ? 3 : 4;
}

bool is_wave(std::span<const std::uint8_t> file) {
  return file.size() >= 12 && tag_at(file, 0) == "RIFF" && tag_at(file, 8) == "WAVE";
}

Result<Wave> parse(std::span<const std::uint8_t> file, std::string_view name) {
  if (!is_wave(file))
    return fail(ErrorCode::invalid_input, "does not begin like a WAV file (RIFF … WAVE)",
                std::string(name));
  Wave wave;
  bool format_known = false;
  for (std::size_t at = 12; at + 8 <= file.size();) {
    const auto tag = tag_at(file, at);
    const std::size_t length = load<std::uint32_t>(&file[at + 4]);
    const std::size_t there = std::min(length, file.size() - at - 8);
    const auto chunk = file.subspan(at + 8, there);
    const std::string where = fmt::format("{}: byte {}", name, at);
    if (tag == "fmt ") {
      auto format = parse_format(chunk, where);
      if (!format) return tl::unexpected(format.error());
      wave.format = *format;
      format_known = true;
    } else if (tag == "data") {
      if (!format_known)
        return fail(ErrorCode::invalid_input,
                    "the samples come before the format; save the file again", where);
      // A recorder that was stopped hard leaves 0 or all ones as the length.
      const bool open_ended = length == 0 || length > there;
      wave.data = open_ended ? file.subspan(at + 8) : chunk;
      const std::size_t row = wave.format.row_bytes();
      wave.data = wave.data.first(wave.data.size() / row * row);
      if (wave.data.empty())
        return fail(ErrorCode::invalid_input, "holds not one whole sample", where);
      if (open_ended)
        wave.warnings.push_back(
            fmt::format("{}: {} bytes of samples declared, {} stored; all that are stored are read",
                        name, length, wave.data.size()));
      return wave;
    }
    at += 8 + length + length % 2;
  }
  return fail(ErrorCode::invalid_input, "ends before the samples (no chunk 'data')",
              std::string(name));
}

std::size_t read(const Wave& wave, std::uint64_t first_row, std::span<const Pick> picks,
                 std::span<Frame> frames, bool& missing) {
  const std::uint64_t rows = wave.row_count();
  if (first_row >= rows) return 0;
  const auto count =
      static_cast<std::size_t>(std::min<std::uint64_t>(frames.size(), rows - first_row));
  const std::size_t stride = wave.format.row_bytes();
  const std::size_t value_bytes = wave.format.value_bytes();
  const std::uint8_t* const row = wave.data.data() + first_row * stride;
  switch (wave.format.coding) {
    case Coding::pcm16:
      read_rows<Coding::pcm16>(row, stride, value_bytes, picks, frames.first(count), missing);
      break;
    case Coding::pcm24:
      read_rows<Coding::pcm24>(row, stride, value_bytes, picks, frames.first(count), missing);
      break;
    case Coding::pcm32:
      read_rows<Coding::pcm32>(row, stride, value_bytes, picks, frames.first(count), missing);
      break;
    case Coding::float32:
      read_rows<Coding::float32>(row, stride, value_bytes, picks, frames.first(count), missing);
      break;
  }
  return count;
}

Result<std::vector<std::uint8_t>> header(const Format& format, std::uint64_t rows) {
  constexpr std::array<std::uint8_t, 14> guid_tail{0, 0, 0,    0, 0x10, 0,    0x80,
                                                   0, 0, 0xAA, 0, 0x38, 0x9B, 0x71};
  const bool floating = format.coding == Coding::float32;
  // Plain headers are for one or two channels of 16 bits; everything else says more (Microsoft,
  // WAVEFORMATEXTENSIBLE).
  const bool extensible = format.channels > 2 || format.value_bytes() > 2;
  const std::uint32_t format_length = extensible ? 40 : 16;
  const std::size_t fact_length = floating ? 12 : 0;
  const std::size_t before = 12 + 8 + format_length + fact_length + 8;
  const std::uint64_t data_bytes = rows * format.row_bytes();
  const std::uint64_t riff_bytes = before - 8 + data_bytes + data_bytes % 2;
  if (rows > std::numeric_limits<std::uint32_t>::max() ||
      riff_bytes > std::numeric_limits<std::uint32_t>::max())
    return fail(
        ErrorCode::limit,
        fmt::format(
            "{} samples of {} channels are more than the 4 GiB of a WAV file; write a shorter one",
            rows, format.channels));
  std::vector<std::uint8_t> out;
  append_tag(out, "RIFF");
  append(out, static_cast<std::uint32_t>(riff_bytes));
  append_tag(out, "WAVE");
  append_tag(out, "fmt ");
  append(out, format_length);
  const std::uint16_t plain = floating ? tag_float : tag_pcm;
  append(out, extensible ? tag_extensible : plain);
  append(out, static_cast<std::uint16_t>(format.channels));
  append(out, format.rate_hz);
  append(out, static_cast<std::uint32_t>(format.rate_hz * format.row_bytes()));
  append(out, static_cast<std::uint16_t>(format.row_bytes()));
  const auto bits = static_cast<std::uint16_t>(format.value_bytes() * 8);
  append(out, bits);
  if (extensible) {
    append(out, std::uint16_t{22});
    append(out, bits);
    append(out, std::uint32_t{0});  // no loudspeaker positions
    append(out, plain);
    out.insert(out.end(), guid_tail.begin(), guid_tail.end());
  }
  if (floating) {
    append_tag(out, "fact");
    append(out, std::uint32_t{4});
    append(out, static_cast<std::uint32_t>(rows));
  }
  append_tag(out, "data");
  append(out, static_cast<std::uint32_t>(data_bytes));
  return out;
}

void append_values(const Format& format, std::span<const float> values,
                   std::vector<std::uint8_t>& out) {
  for (const float value : values) {
    if (format.coding == Coding::float32) {
      append(out, value);
      continue;
    }
    const double clipped =
        std::isnan(value) ? 0 : std::clamp(static_cast<double>(value), -1.0, 1.0);
    const double scale = format.coding == Coding::pcm16   ? 0x1p15
                         : format.coding == Coding::pcm24 ? 0x1p23
                                                          : 0x1p31;
    const auto code = static_cast<std::int64_t>(std::min(std::round(clipped * scale), scale - 1));
    for (std::size_t i = 0; i < format.value_bytes(); ++i)
      out.push_back(static_cast<std::uint8_t>((code >> (8 * i)) & 0xFF));
  }
}

}  // namespace polyphase::formats::wav
