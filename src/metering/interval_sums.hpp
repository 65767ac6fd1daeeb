#pragma once

#include <vector>

#include "dsp/edge.hpp"
#include "dsp/kernels.hpp"
#include "metering/measurement.hpp"
#include "metering/sample_ring.hpp"

namespace polyphase::metering {

/// Sums the samples of one interval with smooth edges (see Sums).
class IntervalSums {
 public:
  /// `samples_max`: the longest interval there can be, with its edges.
  IntervalSums(dsp::EdgeWeights::Kind edge, Connection connection, std::size_t samples_max,
               const dsp::Kernels& kernels);

  double reach() const { return static_cast<double>(edge_.reach()); }
  std::size_t samples_max() const { return weight_.size(); }

  /// Everything about [begin, end), whose first sample has the phase theta = pi `number` and its
  /// last one half a cycle more. Also the extremes of the samples inside and the flags of all of
  /// them.
  ///
  /// needs   the ring holds begin - reach() .. end + reach(), and gives samples_max() in one piece
  void half_cycle(const SampleRing& ring, double begin, double end, std::int64_t number,
                  HalfCycle& out);

  /// Sum w x^2 of each channel, and sum w, over [begin, end), with edges of a B-spline: what lies
  /// around a dip of one cycle is kept out of it.
  struct Squares {
    PerChannel<double> square{};
    double length = 0;
  };
  Squares squares(const SampleRing& ring, double begin, double end);

 private:
  struct Span {
    std::int64_t first;
    std::size_t count;
  };
  /// Fills weight_ for an interval; adds its sum to `length`.
  Span weigh(const dsp::EdgeWeights& edge, double begin, double end, double& length);

  dsp::EdgeWeights edge_, edge_of_squares_{dsp::EdgeWeights::Kind::b_spline_4};
  Connection connection_;
  const dsp::SumKernels* kernels_;
  std::vector<float> weight_, step_;
  std::vector<dsp::BlockSums> blocks_;
};

}  // namespace polyphase::metering
