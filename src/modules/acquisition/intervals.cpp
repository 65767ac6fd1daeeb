#include "modules/acquisition/intervals.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::modules::acquisition {

void Accumulation::add(const Accumulation& next) {
  if (sums.length_samples == 0) begin = next.begin;
  sums += next.sums;
  power += next.power;
  end = next.end;
  last_number = next.last_number;
  cycles += next.cycles;
  bridged_samples += next.bridged_samples;
  followed |= next.followed;
  common |= next.common;
  for (std::size_t c = 0; c < channel_count; ++c) {
    quality[c] |= next.quality[c];
    peak[c] = std::max(peak[c], next.peak[c]);
  }
}

Accumulation CycleHistory::between(std::int64_t first_boundary, std::int64_t last_boundary) const {
  Accumulation all;
  for (std::size_t i = 0; i < cycles_.size(); ++i) {
    const Accumulation& cycle = cycles_[(next_ + i) % cycles_.size()];
    if (cycle.cycles != 0 && cycle.last_number > first_boundary && cycle.last_number <= last_boundary)
      all.add(cycle);
  }
  return all;
}

void RecentQuality::add(const metering::HalfCycle& half) {
  halves_[next_++ % halves_.size()] = {half.begin, half.end, half.common, half.quality,
                                        half.bridged_samples};
}

Quality RecentQuality::between(std::size_t channel, double begin, double end) const {
  Quality all;
  for (const Half& half : halves_)
    if (half.begin < end && half.end > begin) {
      all |= half.common;
      all |= half.channel[channel];
    }
  return all;
}

std::size_t RecentQuality::bridged_between(double begin, double end) const {
  std::size_t count = 0;
  for (const Half& half : halves_)
    if (half.begin < end && half.end > begin) count += half.bridged_samples;
  return count;
}

Accumulation accumulation_of(const metering::HalfCycle& half) {
  Accumulation one;
  one.sums = half.sums;
  one.power = half.power;
  one.begin = half.begin;
  one.end = half.end;
  one.last_number = half.number;
  one.cycles = half.cycle_complete ? 1 : 0;
  one.bridged_samples = half.bridged_samples;
  one.followed = !half.common.has(Quality::frequency_held);
  one.common = half.common;
  one.quality = half.quality;
  for (std::size_t c = 0; c < channel_count; ++c)
    one.peak[c] = std::max(std::abs(half.minimum[c]), std::abs(half.maximum[c]));
  return one;
}

}  // namespace polyphase::modules::acquisition
