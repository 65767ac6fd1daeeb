#include "lab/recording_watch.hpp"

#include <algorithm>

namespace polyphase::lab {
namespace {

// In the order of Cadence.
constexpr const char* prefixes[] = {"HS ", "WN ", ""};
constexpr const char* pace_names[] = {"cycles, each half cycle", "windows of 10 or 12 cycles",
                                      "seconds"};
// Every wiring has these of the inputs that are there.
constexpr std::array<const char*, channel_count> fundamentals{
    "Va mag", "Vb mag", "Vc mag", "V4 mag", "Ia mag", "Ib mag", "Ic mag", "I4 mag"};

}  // namespace

RecordingWatch::RecordingWatch(const graph::Engine& engine) : engine_(engine) {
  for (std::size_t i = 0; i < paces_.size(); ++i) {
    const auto find = [&](const char* label) {
      return engine.registers()
          .find(std::string(prefixes[i]) + label)
          .value_or(registers::no_register);
    };
    for (std::size_t c = 0; c < channel_count; ++c) paces_[i].inputs[c] = find(fundamentals[c]);
    paces_[i].reversal = find("Phase Rev");
  }
}

void RecordingWatch::stepped(graph::Cadence cadence, Instant, double duration_s,
                             Quality quality) noexcept {
  if (quality.has(Quality::partial)) return;
  OfPace& pace = paces_[static_cast<std::size_t>(cadence)];
  Doubts& doubts = pace.doubts;
  doubts.length_s += duration_s;
  if (quality.has(Quality::clock_unsynchronised)) doubts.unsynchronised_s += duration_s;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (pace.inputs[c] != registers::no_register &&
        engine_.registers().value(pace.inputs[c]).quality.has(Quality::clipped))
      pace.clipped_s[c] += duration_s;
  if (pace.reversal == registers::no_register) return;
  const double reversed = engine_.registers().value(pace.reversal).number;
  if (!registers::available(reversed)) return;
  doubts.rotating_s += duration_s;
  if (reversed != 0) doubts.reversed_s += duration_s;
}

Doubts RecordingWatch::doubts() const {
  std::size_t pace = paces_.size();
  while (pace > 0 && paces_[pace - 1].doubts.length_s == 0) --pace;
  if (pace == 0) return {};
  const OfPace& taken = paces_[pace - 1];
  Doubts doubts = taken.doubts;
  doubts.of = pace_names[pace - 1];
  for (std::size_t c = 0; c < channel_count; ++c)
    if (taken.clipped_s[c] > 0) doubts.clipped.push_back({channel_names[c], taken.clipped_s[c]});
  return doubts;
}

}  // namespace polyphase::lab
