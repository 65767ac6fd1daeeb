#pragma once

#include <vector>

#include "dsp/edge.hpp"
#include "metering/measurement.hpp"
#include "metering/sample_ring.hpp"

namespace polyphase::metering {

/// Sums the samples of one interval with smooth edges (see Sums).
class IntervalSums {
 public:
  /// `samples_max`: the longest interval there can be, with its edges.
  IntervalSums(dsp::EdgeWeights::Kind edge, Connection connection, std::size_t samples_max);

  double reach() const { return edge_.reach(); }

  /// Everything about [begin, end), whose first sample has the phase theta = pi `number` and its last
  /// one half a cycle more. Also the extremes of the samples inside and the flags of all of them.
  ///
  /// needs   the ring holds begin - reach() .. end + reach()
  void half_cycle(const SampleRing& ring, double begin, double end, std::int64_t number, HalfCycle& out);

  /// Sum w x^2 of two channels, and sum w, over [begin, end).
  struct Squares {
    double first = 0, second = 0, length = 0;
  };
  Squares squares(const SampleRing& ring, double begin, double end, std::size_t first_channel,
                  std::size_t second_channel) const;

 private:
  void weigh(double begin, double end, std::int64_t first, std::int64_t last);
  void turn(double begin, double end, std::int64_t first, std::int64_t last, std::int64_t number);

  dsp::EdgeWeights edge_;
  Connection connection_;
  std::vector<float> weight_, cosine_, sine_;
};

}  // namespace polyphase::metering
