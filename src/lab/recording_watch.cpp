#include "lab/recording_watch.hpp"

#include <algorithm>
#include <complex>
#include <limits>
#include <numbers>

namespace polyphase::lab {
namespace {

// In the order of Cadence.
constexpr const char* prefixes[] = {"HS ", "WN ", ""};
constexpr const char* pace_names[] = {"cycles, each half cycle", "windows of 10 or 12 cycles",
                                      "seconds"};
// Every wiring has these of the inputs that are there.
constexpr std::array<const char*, channel_count> fundamentals{
    "Va mag", "Vb mag", "Vc mag", "V4 mag", "Ia mag", "Ib mag", "Ic mag", "I4 mag"};
constexpr std::array<const char*, 3> angles{"Va ang", "Vb ang", "Vc ang"};

}  // namespace

RecordingWatch::RecordingWatch(const graph::Engine& engine) : engine_(engine) {
  for (std::size_t i = 0; i < paces_.size(); ++i) {
    const auto find = [&](const char* label) {
      return engine.registers()
          .find(std::string(prefixes[i]) + label)
          .value_or(registers::no_register);
    };
    for (std::size_t c = 0; c < channel_count; ++c) paces_[i].inputs[c] = find(fundamentals[c]);
    for (std::size_t p = 0; p < angles.size(); ++p) paces_[i].angles[p] = find(angles[p]);
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
  if (pace.reversal != registers::no_register) watch_rotation(pace, duration_s);
}

// What rotates are three voltages, none of them small, of which one sequence clearly prevails:
// neither noise, nor a fault, nor one input that is turned round.
void RecordingWatch::watch_rotation(OfPace& pace, double duration_s) {
  constexpr double small = 0.3, much_higher = 3, prevails = 3;
  std::array<std::complex<double>, angles.size()> v;
  double lowest = std::numeric_limits<double>::infinity(), highest = 0;
  for (std::size_t p = 0; p < v.size(); ++p) {
    const double volts = engine_.registers().value(pace.inputs[p]).number,
                 degrees = engine_.registers().value(pace.angles[p]).number;
    if (!registers::available(volts) || !registers::available(degrees)) return;
    v[p] = std::polar(volts, degrees * std::numbers::pi / 180);
    lowest = std::min(lowest, volts);
    highest = std::max(highest, volts);
  }
  if (highest > much_higher * pace.highest_v) pace.doubts.rotating_s = pace.doubts.reversed_s = 0;
  pace.highest_v = std::max(pace.highest_v, highest);
  const auto a = std::polar(1.0, 2 * std::numbers::pi / 3);
  const double positive = std::abs(v[0] + a * v[1] + a * a * v[2]),
               negative = std::abs(v[0] + a * a * v[1] + a * v[2]);
  const double prevailing = std::max(positive, negative);
  if (lowest < small * pace.highest_v || prevailing < prevails * std::min(positive, negative) ||
      prevailing < std::abs(v[0]))  // of the three that a balanced system would give
    return;
  pace.doubts.rotating_s += duration_s;
  if (engine_.registers().value(pace.reversal).number != 0) pace.doubts.reversed_s += duration_s;
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
