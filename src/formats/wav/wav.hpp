#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/samples.hpp"

/// RIFF WAVE files: PCM of 16, 24 and 32 bits and float of 32 bits, plain or
/// WAVE_FORMAT_EXTENSIBLE. Layout: docs/formats/wav.md.
namespace polyphase::formats::wav {

inline constexpr unsigned channels_max = 256;

enum class Coding { pcm16, pcm24, pcm32, float32 };

struct Format {
  Coding coding = Coding::pcm16;
  unsigned channels = 1;
  std::uint32_t rate_hz = 0;

  std::size_t value_bytes() const;
  std::size_t row_bytes() const { return value_bytes() * channels; }
};

struct Wave {
  Format format;
  std::span<const std::uint8_t> data;  ///< whole rows
  std::vector<std::string> warnings;

  std::uint64_t row_count() const { return data.size() / format.row_bytes(); }
};

bool is_wave(std::span<const std::uint8_t> file);

/// Finds format and samples. A data chunk that is longer than the file, or says no length because
/// the recorder was stopped hard, is read as far as it goes. errors  invalid_input with the byte
/// and what is wrong there; unsupported for other codings
Result<Wave> parse(std::span<const std::uint8_t> file, std::string_view name);

/// One channel of the file that goes to one lane: full scale 1.0 times `factor`.
struct Pick {
  std::size_t channel = 0;
  std::size_t lane = 0;
  double factor = 1;
};

/// Decodes rows from `first_row` on; returns how many frames were filled. Lanes not picked are 0; a
/// float that is no number becomes NaN and sets `missing`.
std::size_t read(const Wave& wave, std::uint64_t first_row, std::span<const Pick> picks,
                 std::span<Frame> frames, bool& missing);

/// The bytes before the samples of a file with `rows` rows. RIFF ends at 4 GiB.
/// errors  limit when the file would be longer
Result<std::vector<std::uint8_t>> header(const Format& format, std::uint64_t rows);

/// Appends values, shape {rows, channels}; PCM is clipped at ±1.
void append_values(const Format& format, std::span<const float> values,
                   std::vector<std::uint8_t>& out);

}  // namespace polyphase::formats::wav
