#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/samples.hpp"
#include "sources/mapping.hpp"
#include "sources/recording/mapped_file.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::sources::recording {

/// Rates that differ by less are one rate.
inline constexpr double rate_tolerance = 1e-4;

/// Frames that one read gave: equally spaced, of one state of the clock.
struct Run {
  std::size_t count = 0;  ///< 0: the end
  bool after_gap = false;
  bool synchronised = true;
  std::optional<double>
      time_s;  ///< of the first one after the part's start; absent: it just follows
};

/// One file of a recording: frames at one rate from one instant on.
class Part {
 public:
  struct Info {
    std::string path;
    double sample_rate_hz = 0;
    ChannelMask present = 0;
    std::array<float, channel_count> full_scale{};
    std::optional<double> line_frequency_hz;
    std::optional<Instant> start;       ///< nullopt: relative time
    double relative_start_s = 0;        ///< what relative time begins with
    std::uint64_t frames_expected = 0;  ///< for progress; 0: unknown
    bool clock_synchronised = true;     ///< its times are traceable to UTC, or nothing denies it
    bool of_stream = false;             ///< one of the streams of a capture
    std::vector<std::string> notes;     ///< mapping and warnings
  };
  virtual ~Part() = default;
  const Info& info() const { return info_; }

  /// Fills frames from the front; `marks[i]` is what bridge.hpp tells of frame i.
  virtual Run read(std::span<Frame> frames, std::span<char> marks) = 0;
  /// What was noticed while reading, or why it ended early; empty: nothing.
  virtual std::string problem() const { return {}; }

 protected:
  Info info_;
};

Result<std::unique_ptr<Part>> open_comtrade(const std::string& path,
                                            const RecordingOptions& options);
Result<std::unique_ptr<Part>> open_csv(const std::string& path, MappedFile file,
                                       const RecordingOptions& options);
Result<std::unique_ptr<Part>> open_wav(const std::string& path, MappedFile file,
                                       const RecordingOptions& options);
Result<std::unique_ptr<Part>> open_capture(const std::string& path, MappedFile file,
                                           const RecordingOptions& options);

/// errors  invalid_input: outside of what can be measured
Result<void> check_rate(double sample_rate_hz, const std::string& path);

/// Chooses the inputs for a part: sets present and notes.
/// errors  those of map_channels(), placed at the file; invalid_input when nothing is chosen
Result<Mapping> choose_inputs(const std::vector<Candidate>& candidates,
                              const RecordingOptions& options, Part::Info& info);

/// The file of the same name beside `path` with another ending, in any case.
std::optional<std::string> file_beside(const std::string& path, std::string_view ending);

/// ".cfg" of "A.CFG".
std::string ending_of(const std::string& path);

}  // namespace polyphase::sources::recording
