#include "sources/sampled_values/balance.hpp"

#include <fmt/format.h>

namespace polyphase::sources::sampled_values {

StreamBalance& StreamBalance::operator+=(const StreamBalance& later) {
  frames += later.frames;
  asdus += later.asdus;
  dropped_by_queue += later.dropped_by_queue;
  misfits += later.misfits;
  config_changes += later.config_changes;
  relearned += later.relearned;
  samples += later.samples;
  return *this;
}

std::string text(const StreamBalance& stream, const InterfaceBalance& interface) {
  const SvCounts& samples = stream.samples;
  std::string out =
      fmt::format("{} expected = {} received + {} bridged + {} in gaps", samples.expected(),
                  samples.delivered, samples.bridged, samples.missed);
  char separator = ';';
  const auto say = [&](std::uint64_t count, const char* what) {
    if (count == 0) return;
    out += fmt::format("{} {} {}", separator, count, what);
    separator = ',';
  };
  say(samples.gaps, samples.gaps == 1 ? "gap" : "gaps");
  say(samples.duplicates, "twice");
  say(samples.late, "too late");
  say(samples.out_of_order, "out of order");
  say(samples.doubtful, "doubtful");
  say(stream.misfits, "of another shape");
  say(stream.config_changes, "changes of confRev");
  say(stream.relearned, stream.relearned == 1 ? "time learned anew" : "times learned anew");
  say(stream.dropped_by_queue, "dropped by the queue");
  say(interface.dropped_by_kernel, "frames dropped by the kernel");
  say(interface.malformed, "malformed frames");
  say(interface.unlisted, "of streams beyond the bound");
  say(interface.forgotten, "streams forgotten");
  say(interface.reopened,
      interface.reopened == 1 ? "time the interface came back" : "times the interface came back");
  return out;
}

}  // namespace polyphase::sources::sampled_values
