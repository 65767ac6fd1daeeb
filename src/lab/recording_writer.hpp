#pragma once

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/samples.hpp"

namespace polyphase::lab {

/// What a recording is to say of itself.
struct RecordingTitle {
  std::string station;
  double sample_rate_hz = 0;
  double line_frequency_hz = 0;
  std::uint64_t rows = 0;
  Instant start;                      ///< 1970: not known
  std::vector<std::size_t> channels;  ///< those with a signal
};

/// Writes frames to a file of some format, a NaN for what is missing.
class RecordingWriter {
 public:
  virtual ~RecordingWriter() = default;
  virtual Result<void> append(std::span<const Frame> frames) = 0;
  virtual Result<void> close() = 0;
};

/// By the ending of `path`: .cfg, .csv, .wav. errors  unsupported, io, limit, invalid_config
Result<std::unique_ptr<RecordingWriter>> create_recording(const std::string& path,
                                                          const RecordingTitle& title);

}  // namespace polyphase::lab
