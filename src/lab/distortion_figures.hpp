#pragma once

#include <cstddef>
#include <map>

#include "lab/accumulator.hpp"

namespace polyphase::lab {

/// Figures of a distortion that mean something. Where the fundamental has nearly gone, as in an
/// interruption, its percent are noise: such windows are left out, and so are flagged ones.
///
/// What is small is only known at the end: values are kept by classes of their fundamental, 10 %
/// apart, so a floor holds to within a tenth of it.
class DistortionFigures {
 public:
  /// Voltages go with their nominal value; a load may be small and still have harmonics.
  static constexpr double voltage_share_min = 0.1, current_share_min = 0.01;

  struct Figures {
    Accumulator values;
    std::size_t left_out = 0;
  };

  /// N/A of either: nothing was measured.
  void add(double percent, double fundamental, double duration_s, bool flagged);
  /// Leaves out fundamentals below that share of `nominal`; of none, of the highest there was.
  Figures figures(double share_min, double nominal) const;

 private:
  struct Class {
    Accumulator values;
    std::size_t count = 0;
  };
  std::map<int, Class> classes_;
  double highest_ = 0;
  std::size_t flagged_ = 0, without_ = 0;  ///< without a fundamental
};

}  // namespace polyphase::lab
