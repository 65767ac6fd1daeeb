#include "wire/sv/observation.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace polyphase::wire::sv {
namespace {

constexpr double alike = 0.05;  // rates from arrival are no better on a short capture
// Samples that follow each other closely tell the rate; the pauses between do not.
constexpr int close_places = 200;
constexpr double close_s = 0.05;
constexpr std::array<double, 8> usual_rates{4'000,  4'800,  5'760,  12'800,
                                            14'400, 15'360, 96'000, 48'000};
// smpCnt that begins anew so little short of a usual rate lost the last samples of its second.
constexpr double lost_at_the_wrap = 0.02;
constexpr double settled_s = 1.1;

double observed_rate(const Observation& seen) {
  return seen.paced_s > 0 ? static_cast<double>(seen.paced_places) / seen.paced_s : 0;
}

bool near(double rate, double observed) {
  return observed > 0 && std::abs(rate / observed - 1) < alike;
}

/// The rate that smpRate tells; 0: it tells none. smpMod 0: samples a period, 1: a second, 2:
/// seconds a sample. Absent it is either of the first two.
double told_rate(const Observation& seen) {
  if (seen.sample_rate.value_or(0) == 0) return 0;
  const double told = *seen.sample_rate;
  if (seen.sample_mode.value_or(0) == 1) return told;
  for (const double rate : {told, told * 50, told * 60})
    if (near(rate, observed_rate(seen))) return rate;
  return 0;
}

}  // namespace

void Observation::add(const Frame& frame, const Asdu& asdu, Instant arrival) {
  if (samples == 0) {
    first_arrival = arrival;
    first_count = asdu.sample_count;
    first_synchronised = asdu.synchronised;
    channels = asdu.channels();
    asdus = frame.asdu_count;
    sample_rate = asdu.sample_rate;
    sample_mode = asdu.sample_mode;
    simulated = frame.simulated;
  } else {
    const int step = asdu.sample_count - last_count;
    // A fall by much is the top of a second, a small one a sample out of order.
    if (step < -static_cast<int>(count_max) / 2) wrapped = true;
    const double pause_s = seconds_between(last_arrival, arrival);
    if (step >= 0 && step <= close_places && pause_s >= 0 && pause_s < close_s) {
      paced_places += static_cast<std::uint64_t>(step);
      paced_s += pause_s;
    }
    places += step > 0 ? static_cast<std::uint64_t>(step) : (step == 0 ? 0 : 1);
  }
  last_arrival = arrival;
  last_count = asdu.sample_count;
  count_max = std::max(count_max, asdu.sample_count);
  synchronised = asdu.synchronised;
  config_revision = asdu.config_revision;
  ++samples;
}

std::optional<Pace> pace_of(const Observation& seen) {
  const double observed = observed_rate(seen);
  const double wrap = seen.count_max + 1.0;
  Pace pace;
  pace.sample_rate_hz = told_rate(seen);
  // Counts that end just where a usual rate does tell more than arrivals, which a busy machine bunches.
  const bool ends_as_usual = std::find(usual_rates.begin(), usual_rates.end(), wrap) != usual_rates.end();
  if (pace.sample_rate_hz == 0 && seen.wrapped && (ends_as_usual || near(wrap, observed))) {
    pace.sample_rate_hz = wrap;
    for (const double rate : usual_rates)
      if (wrap < rate && wrap > rate * (1 - lost_at_the_wrap)) pace.sample_rate_hz = rate;
  }
  for (const double rate : usual_rates)
    if (pace.sample_rate_hz == 0 && near(rate, observed)) pace.sample_rate_hz = rate;
  if (pace.sample_rate_hz == 0) pace.sample_rate_hz = std::round(observed);
  if (!(pace.sample_rate_hz >= 1)) return std::nullopt;
  const bool every_second = wrap <= pace.sample_rate_hz + 0.5 && pace.sample_rate_hz <= 65'536;
  pace.wrap = every_second ? static_cast<std::uint32_t>(pace.sample_rate_hz + 0.5) : 65'536;
  return pace;
}

bool pace_is_settled(const Observation& seen) {
  constexpr double enough_s = 0.1;
  if (seen.paced_s < enough_s) return false;
  if (near(told_rate(seen), observed_rate(seen))) return true;
  return seen.wrapped || seconds_between(seen.first_arrival, seen.last_arrival) > settled_s;
}

std::optional<double> line_frequency_of(const Observation& seen, const Pace& pace) {
  if (pace.sample_rate_hz == 4'000 || pace.sample_rate_hz == 12'800) return 50;
  if (pace.sample_rate_hz == 15'360) return 60;
  // 61869-9 uses 4 800 with two ASDUs a frame at either frequency.
  if (pace.sample_rate_hz == 4'800 && seen.asdus == 1) return 60;
  return std::nullopt;
}

Instant time_by_count(std::uint16_t count, double sample_rate_hz, Instant arrival) {
  const double after_s = static_cast<double>(count) / sample_rate_hz;
  const Instant top = arrival.plus_s(-after_s);
  constexpr std::int64_t second = 1'000'000'000;
  std::int64_t rest = top.ns % second;
  if (rest < 0) rest += second;
  const std::int64_t nearest = top.ns - rest + (rest >= second / 2 ? second : 0);
  return Instant{nearest}.plus_s(after_s);
}

}  // namespace polyphase::wire::sv
