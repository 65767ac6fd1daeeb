#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/samples.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::sources::recording {

/// One file of a recording: frames at one rate from one instant on.
class Part {
 public:
  struct Info {
    std::string path;
    double sample_rate_hz = 0;
    ChannelMask present = 0;
    std::array<float, channel_count> full_scale{};
    std::optional<double> line_frequency_hz;
    std::optional<Instant> start;      ///< nullopt: relative time
    double relative_start_s = 0;       ///< what relative time begins with
    std::uint64_t frames_expected = 0; ///< for progress; 0: unknown
    std::vector<std::string> notes;    ///< mapping and warnings
  };
  virtual ~Part() = default;
  const Info& info() const { return info_; }

  /// Fills frames from the front; `bridged[i]` where frame i stands in for a missing one. Fewer than
  /// asked: the end. errors  what cannot be read any further (told as a warning by the source)
  virtual std::size_t read(std::span<Frame> frames, std::span<char> bridged) = 0;
  /// Why reading ended before the end; empty: it did not.
  virtual std::string problem() const { return {}; }

 protected:
  Info info_;
};

Result<std::unique_ptr<Part>> open_comtrade(const std::string& path, const RecordingOptions& options);
Result<std::unique_ptr<Part>> open_pcap(const std::string& path, const RecordingOptions& options);
Result<std::unique_ptr<Part>> open_csv(const std::string& path, const RecordingOptions& options);

/// Rates that differ by less are one rate.
inline constexpr double rate_tolerance = 1e-4;

/// errors  invalid_input: outside of what can be measured
Result<void> check_rate(double sample_rate_hz, const std::string& path);

}  // namespace polyphase::sources::recording
