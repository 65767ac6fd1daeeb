#include "sources/sampled_values/balance.hpp"

#include <fmt/format.h>

namespace polyphase::sources::sampled_values {

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
  say(stream.dropped_by_queue, "dropped by the queue");
  say(interface.dropped_by_kernel, "frames dropped by the kernel");
  say(interface.malformed, "malformed frames");
  say(interface.unlisted, "of streams beyond the bound");
  return out;
}

}  // namespace polyphase::sources::sampled_values
