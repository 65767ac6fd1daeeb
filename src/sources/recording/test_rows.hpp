#pragma once

#include <cmath>
#include <functional>
#include <limits>
#include <vector>

#include "sources/recording/row_part.hpp"

/// For tests: a part whose rows are a function of their time.
namespace polyphase::sources::recording {

class MadeRows final : public RowPart {
 public:
  using Signal = std::function<float(std::size_t lane, double time_s)>;
  /// `time_of` gives the time at which a row is sampled.
  MadeRows(TimeAxis axis, std::function<double(std::uint64_t)> time_of, Signal signal)
      : time_of_(std::move(time_of)), signal_(std::move(signal)) {
    axis_ = std::move(axis);
    info_.sample_rate_hz = axis_.rate_hz;
    info_.present = 0x03;
  }
  std::size_t read_rows(std::span<Frame> frames, bool& missing) override {
    std::size_t count = 0;
    for (; count < frames.size() && row_ < axis_.row_count; ++count, ++row_) {
      frames[count] = {};
      for (std::size_t lane = 0; lane < 2; ++lane) {
        frames[count].value[lane] = signal_(lane, time_of_(row_));
        missing = missing || std::isnan(frames[count].value[lane]);
      }
    }
    return count;
  }

 private:
  std::function<double(std::uint64_t)> time_of_;
  Signal signal_;
  std::uint64_t row_ = 0;
};

struct PartRead {
  std::vector<Frame> frames;
  std::vector<char> bridged;
  std::vector<std::size_t> gaps;  ///< frames that follow one
  std::vector<double> gap_times_s;
  explicit PartRead(Part& part, std::size_t at_once = 100) {
    std::vector<Frame> some(at_once);
    std::vector<char> flags(at_once);
    for (Run run; (run = part.read(some, flags)).count > 0;) {
      if (run.after_gap) {
        gaps.push_back(frames.size());
        gap_times_s.push_back(run.time_s.value_or(-1));
      }
      frames.insert(frames.end(), some.begin(),
                    some.begin() + static_cast<std::ptrdiff_t>(run.count));
      bridged.insert(bridged.end(), flags.begin(),
                     flags.begin() + static_cast<std::ptrdiff_t>(run.count));
    }
  }
};

}  // namespace polyphase::sources::recording
