// fuzzes: wire/sv
#include "wire/sv/sv.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

#include "wire/sv/sequencer.hpp"

namespace sv = polyphase::wire::sv;

namespace {

// What was decoded is the same after it was encoded and decoded again.
void check_again(const sv::Frame& frame) {
  for (std::size_t i = 0; i < frame.asdu_count; ++i)
    if (frame.asdu[i].sv_id.size() > 100 || frame.asdu[i].data_set.size() > 100) return;
  std::vector<std::uint8_t> bytes;
  sv::encode(frame, bytes);
  sv::Frame again;
  if (sv::decode(bytes, again) != sv::Verdict::ok || again.asdu_count != frame.asdu_count)
    std::abort();
  for (std::size_t i = 0; i < frame.asdu_count; ++i) {
    const sv::Asdu &a = frame.asdu[i], &b = again.asdu[i];
    const bool same = a.sv_id == b.sv_id && a.data_set == b.data_set &&
                      a.sample_count == b.sample_count && a.config_revision == b.config_revision &&
                      a.synchronised == b.synchronised && a.refresh_time == b.refresh_time &&
                      a.sample_rate == b.sample_rate && a.sample_mode == b.sample_mode &&
                      std::equal(a.data.begin(), a.data.end(), b.data.begin(), b.data.end());
    if (!same) std::abort();
  }
}

// Counters in any order come out as places that count up.
void check_order(const std::uint8_t* data, std::size_t size) {
  sv::Sequencer sequencer(4'000, 80);
  sv::Sequencer::Place place;
  std::int64_t expected = 0;
  const auto drain = [&](bool all) {
    while (sequencer.next(place, all))
      if (place.position != expected++) std::abort();
  };
  for (std::size_t i = 0; i + 1 < size; i += 2) {
    const auto count = static_cast<std::uint16_t>(data[i] << 8 | data[i + 1]);
    if (sequencer.push(count, i) == sv::Sequencer::Push::new_run) {
      drain(true);
      sequencer.start(count, i);
      expected = 0;
    }
    drain(false);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  sv::Frame frame;
  if (sv::decode({data, size}, frame) == sv::Verdict::ok) check_again(frame);
  check_order(data, size);
  return 0;
}
