#include "pq/spectrum_aggregate.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::pq {

void SpectrumSum::add(const metering::Window::PerOrder<float>& subgroup,
                      const metering::Window::PerOrder<float>& interharmonic, unsigned order_max,
                      ChannelMask present) noexcept {
  if (order_max == 0) return;  // nothing was measured
  ++count_;
  order_max_ = std::min(order_max_, order_max);
  present_ = static_cast<ChannelMask>(present_ & present);
  for (unsigned h = 0; h <= order_max_; ++h)
    for (std::size_t c = 0; c < channel_count; ++c) {
      const auto harmonic = static_cast<double>(subgroup[h][c]);
      const auto between = static_cast<double>(interharmonic[h][c]);
      subgroup_[h][c] += harmonic * harmonic;
      interharmonic_[h][c] += between * between;
    }
}

void SpectrumSum::mean(SpectrumAggregate& out) const noexcept {
  out.windows = count_;
  out.order_max = count_ > 0 ? order_max_ : 0;
  out.present = count_ > 0 ? present_ : ChannelMask{0};
  out.subgroup = {};
  out.interharmonic = {};
  for (unsigned h = 0; count_ > 0 && h <= order_max_; ++h)
    for (std::size_t c = 0; c < channel_count; ++c) {
      out.subgroup[h][c] = static_cast<float>(std::sqrt(subgroup_[h][c] / count_));
      out.interharmonic[h][c] = static_cast<float>(std::sqrt(interharmonic_[h][c] / count_));
    }
}

}  // namespace polyphase::pq
