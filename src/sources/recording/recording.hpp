#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/samples.hpp"

namespace polyphase::sources::recording {

struct Ratio {
  double primary = 1, secondary = 1;
};

struct RecordingOptions {
  std::string map;                       ///< see map_channels(); empty: found by names
  bool delta = false;                    ///< V1, V2, V3 are ab, bc, ca
  std::optional<Ratio> pt, ct;           ///< in place of the file's, for channels marked secondary
  std::optional<Instant> start;          ///< of the first sample where the file names no date
  std::optional<int> utc_offset_s;       ///< of files that name no zone
  std::string stream;                    ///< svID, where a capture holds several streams
  std::optional<double> sample_rate_hz;  ///< of a table without a time column
};

/// Stretches of time: the first few, and all of them in number and length.
struct Stretches {
  static constexpr std::size_t kept_max = 10;
  struct Stretch {
    Instant begin;
    double length_s = 0;
  };
  std::vector<Stretch> first;
  std::size_t count = 0;
  double length_s = 0;

  void add(Instant begin, double of_length_s);
  /// The last one added goes on.
  void extend(double by_s);
};

/// What a recording does not have between its first and its last sample.
struct Missing {
  Stretches gaps;     ///< nothing is there: measuring begins anew behind each
  Stretches bridged;  ///< a straight line stands in for values missing or doubtful
};

/// A source over files that knows how far it is.
class RecordingSource : public SampleSource {
 public:
  virtual std::uint64_t frames_read() const = 0;
  virtual std::uint64_t frames_expected() const = 0;  ///< 0: unknown
  /// What went wrong while reading, so far; each once.
  virtual const std::vector<std::string>& warnings() const = 0;
  /// So far.
  virtual const Missing& missing() const = 0;
  /// Of all samples so far.
  virtual bool clock_synchronised() const = 0;
};

struct OpenedRecording {
  std::unique_ptr<RecordingSource> source;
  std::vector<std::string> notes;  ///< "FILE: mapping V1=UA,…", warnings
};

inline constexpr std::size_t files_max = 10'000;
inline constexpr double rate_min_hz = 400;
inline constexpr double rate_max_hz = 200'000;

/// Opens recordings as one run in the order of their time; gaps between them are flagged. The kind
/// of a file is told by its content, by its ending where that does not tell: COMTRADE (.cfg, .dat,
/// .cff), WAV, captures of Sampled Values (pcap, pcapng), CSV. A .cfg and its .dat, both named, are
/// one recording.
///
/// Samples are primary volts and amperes: COMTRADE channels marked S times the file's ratio or pt,
/// ct. errors  io, invalid_input, invalid_config, unsupported; message with file, place and what to
/// do
Result<OpenedRecording> open_recordings(const std::vector<std::string>& paths,
                                        const RecordingOptions& options);

}  // namespace polyphase::sources::recording
