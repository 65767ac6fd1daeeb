#pragma once

#include <cstdint>
#include <vector>

#include "sources/bridge.hpp"
#include "sources/recording/part.hpp"
#include "sources/recording/time_axis.hpp"

namespace polyphase::sources::recording {

/// A part whose rows come evenly: reads them from a table, bridges what is missing, tells of gaps.
class RowPart : public Part {
 public:
  Run read(std::span<Frame> frames, std::span<char> bridged) final;
  const TimeAxis& axis() const { return axis_; }

  /// Fills frames with the next rows; fewer than asked only at the end. `missing`: some are NaN.
  virtual std::size_t read_rows(std::span<Frame> frames, bool& missing) = 0;

 protected:
  TimeAxis axis_;

 private:
  /// Comes to what the axis says happens before the next row. False: nothing does.
  bool step_over_gap();
  std::size_t rows_ahead(std::size_t wanted) const;

  std::optional<Bridge> bridge_;
  std::vector<Frame> chunk_;
  std::uint64_t row_ = 0;
  std::size_t segment_ = 0, insertion_ = 0;
  bool waiting_ = false;             ///< frames are in the bridge
  std::optional<double> gap_end_s_;  ///< the next frame is the first after a gap
};

}  // namespace polyphase::sources::recording
