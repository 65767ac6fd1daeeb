// fuzzes: formats/wav
#include "formats/wav/wav.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace wav = polyphase::formats::wav;
  const auto wave = wav::parse({data, size}, "fuzz");
  if (!wave) return 0;
  std::vector<wav::Pick> picks;
  for (std::size_t i = 0; i < std::min(wave->format.channels, 8u); ++i)
    picks.push_back({i, i, 325});
  std::vector<polyphase::Frame> frames(64);
  std::uint64_t row = 0;
  for (bool missing = false;; missing = false) {
    const std::size_t count = wav::read(*wave, row, picks, frames, missing);
    if (count == 0) break;
    row += count;
    for (std::size_t n = 0; n < count; ++n)
      for (const float value : frames[n].value)
        if (!std::isfinite(value) && !(missing && std::isnan(value))) std::abort();
  }
  if (row != wave->row_count()) std::abort();
  return 0;
}
