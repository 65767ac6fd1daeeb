#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/samples.hpp"
#include "sources/sampled_values/receiver.hpp"
#include "sources/sv_assembly.hpp"

namespace polyphase::sources::sampled_values {

struct StreamOptions {
  std::string stream;             ///< as StreamInfo::matches(); empty: the only one
  std::string map;                ///< as map_sv_channels()
  bool delta = false;             ///< V1, V2, V3 are ab, bc, ca
  double patience_s = 5;          ///< how long open() looks for the stream
  std::function<bool()> stopped;  ///< asked some ten times a second; true: no more samples
};

/// A stream of Sampled Values as samples, live. next() waits for them, across losses of the
/// interface too; it gives at most block_frames_max at once, so that what is there is not kept
/// waiting for more. When the stream becomes another one, in channels, rate or sender, next() ends
/// with invalid_input: open it again.
class StreamSource final : public SampleSource {
 public:
  static constexpr std::size_t block_frames_max = 1'024;
  static constexpr double queued_s_max = 1;  ///< how long the reader may be away
  /// After so long without a sample what waits for a lost one waits no longer.
  static constexpr std::chrono::milliseconds silence_max{100};

  /// Learns the pace of the stream, which takes up to 1.2 s, and begins with the next sample.
  /// errors  not_found: no such stream came, with those that did; invalid_config: the map;
  /// invalid_input: several fit, or its pace cannot be told or measured; limit: taps_max; refused:
  /// stopped
  static Result<std::unique_ptr<StreamSource>> open(std::shared_ptr<Receiver> receiver,
                                                    const StreamOptions& options);
  ~StreamSource() override;
  StreamSource(const StreamSource&) = delete;
  StreamSource& operator=(const StreamSource&) = delete;

  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SampleBlock& block) override;
  void gather(std::size_t frames) override { wanted_ = std::min(frames, block_frames_max); }

  const StreamInfo& stream() const { return stream_; }  ///< as it was when it was opened
  const std::vector<std::string>& notes() const { return notes_; }  ///< the mapping, warnings
  /// On the thread that calls next().
  StreamBalance balance() const;
  InterfaceBalance interface_balance() const { return receiver_->counts(); }

 private:
  StreamSource(std::shared_ptr<Receiver> receiver, StreamInfo stream, const wire::sv::Pace& pace,
               Mapping mapping, const StreamOptions& options);
  bool fill();
  bool replaced();

  std::shared_ptr<Receiver> receiver_;
  StreamInfo stream_;
  SourceInfo info_;
  std::vector<std::string> notes_;
  std::function<bool()> stopped_;
  std::string wanted_name_;
  std::shared_ptr<Tap> tap_;
  SvAssembly assembly_;
  std::vector<Frame> frames_;
  std::vector<char> marks_;
  SvRun run_;              ///< what frames_ hold
  std::size_t given_ = 0;  ///< of them
  Instant anchor_;         ///< the latest time that was told
  std::uint64_t since_anchor_ = 0;
  bool gap_ = false;
  std::chrono::steady_clock::time_point last_run_ = std::chrono::steady_clock::now();
  bool replaced_ = false;   ///< another sender has the stream's name
  std::size_t wanted_ = 1;  ///< by the next fill(), before it gives any
};

}  // namespace polyphase::sources::sampled_values
