#include "sources/recording/sv_stream.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace polyphase::sources::recording {
namespace {

namespace sv = wire::sv;

constexpr double alike = 0.05;  // rates from arrival are no better on a short capture
// Samples that follow each other closely tell the rate; the pauses between do not.
constexpr int close_places = 200;
constexpr double close_s = 0.05;
constexpr std::array<double, 8> usual_rates{4'000,  4'800,  5'760,  12'800,
                                            14'400, 15'360, 96'000, 48'000};

void count_sample(SvStream& stream, const sv::Asdu& asdu, Instant arrival,
                  std::uint16_t& last_count) {
  if (stream.samples == 0) {
    stream.first_arrival = arrival;
    stream.first_count = asdu.sample_count;
    stream.first_synchronised = asdu.synchronised;
    stream.channels = asdu.channels();
    stream.sample_rate = asdu.sample_rate;
    stream.sample_mode = asdu.sample_mode;
  } else {
    const int step = asdu.sample_count - last_count;
    // A fall by much is the top of a second, a small one a sample out of order.
    if (step < -static_cast<int>(stream.count_max) / 2) stream.wrapped = true;
    const double pause_s = seconds_between(stream.last_arrival, arrival);
    if (step >= 0 && step <= close_places && pause_s >= 0 && pause_s < close_s) {
      stream.paced_places += static_cast<std::uint64_t>(step);
      stream.paced_s += pause_s;
    }
    stream.places += step > 0 ? static_cast<std::uint64_t>(step) : (step == 0 ? 0 : 1);
  }
  stream.last_arrival = arrival;
  stream.count_max = std::max(stream.count_max, asdu.sample_count);
  last_count = asdu.sample_count;
  ++stream.samples;
}

std::string printable(std::string_view text) {
  std::string out(text.substr(0, 64));
  for (char& c : out)
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) > 0x7E) c = '?';
  return out;
}

}  // namespace

std::string SvStream::title() const { return fmt::format("{}@{:04X}", printable(sv_id), app_id); }

SvSurvey survey(formats::pcap::Reader& reader) {
  SvSurvey result;
  std::vector<std::uint16_t> last_count;
  formats::pcap::Packet packet;
  sv::Frame frame;
  while (reader.next(packet)) {
    ++result.packets;
    if (packet.link != formats::pcap::link_ethernet) continue;
    const auto verdict = sv::decode(packet.bytes, frame);
    if (verdict == sv::Verdict::other_protocol) continue;
    if (verdict != sv::Verdict::ok) {
      if (result.malformed++ == 0)
        result.first_malformed = fmt::format("packet {} {}", result.packets, sv::text(verdict));
      continue;
    }
    for (std::size_t i = 0; i < frame.asdu_count; ++i) {
      const auto found =
          std::find_if(result.streams.begin(), result.streams.end(),
                       [&](const SvStream& s) { return s.matches(frame, frame.asdu[i]); });
      std::size_t index = static_cast<std::size_t>(found - result.streams.begin());
      if (found == result.streams.end()) {
        if (index == streams_max) {
          result.too_many_streams = true;
          continue;
        }
        SvStream stream;
        stream.sv_id = frame.asdu[i].sv_id;
        stream.app_id = frame.app_id;
        stream.asdus = frame.asdu_count;
        stream.simulated = frame.simulated;
        result.streams.push_back(std::move(stream));
        last_count.push_back(0);
      }
      count_sample(result.streams[index], frame.asdu[i], packet.time, last_count[index]);
    }
  }
  return result;
}

Result<SvStream> choose_stream(const SvSurvey& survey, const std::string& wanted,
                               const std::string& file) {
  if (survey.streams.empty())
    return fail(
        ErrorCode::invalid_input,
        survey.malformed > 0
            ? fmt::format("none of its Sampled Values can be read: {}", survey.first_malformed)
            : fmt::format("holds no Sampled Values among {} packets (EtherType 88BA)",
                          survey.packets),
        file);
  std::vector<const SvStream*> chosen;
  std::string titles;
  for (const auto& stream : survey.streams) {
    if (wanted.empty() || stream.sv_id == wanted || stream.title() == wanted)
      chosen.push_back(&stream);
    if (titles.size() < 1'000) titles += (titles.empty() ? "" : ", ") + stream.title();
  }
  if (chosen.size() == 1) return *chosen[0];
  if (chosen.empty())
    return fail(ErrorCode::invalid_config,
                fmt::format("holds no stream '{}'; there are {}", printable(wanted), titles), file);
  return fail(ErrorCode::invalid_config,
              fmt::format("holds {} streams; choose one with --stream {} (there are {})",
                          chosen.size(), chosen[0]->title(), titles),
              file);
}

Result<SvPace> pace_of(const SvStream& stream, const std::string& file) {
  const double observed =
      stream.paced_s > 0 ? static_cast<double>(stream.paced_places) / stream.paced_s : 0;
  const auto near = [&](double rate) {
    return observed > 0 && std::abs(rate / observed - 1) < alike;
  };
  SvPace pace;
  const double wrap = stream.count_max + 1.0;
  if (stream.sample_rate && *stream.sample_rate > 0) {
    // smpMod 0: samples a period, 1: a second, 2: seconds a sample. Absent it is either of the
    // first two.
    const double told = *stream.sample_rate;
    if (stream.sample_mode.value_or(0) == 1) pace.sample_rate_hz = told;
    for (const double rate : {told, told * 50, told * 60})
      if (pace.sample_rate_hz == 0 && near(rate)) pace.sample_rate_hz = rate;
  }
  if (pace.sample_rate_hz == 0 && stream.wrapped && near(wrap)) pace.sample_rate_hz = wrap;
  for (const double rate : usual_rates)
    if (pace.sample_rate_hz == 0 && near(rate)) pace.sample_rate_hz = rate;
  if (pace.sample_rate_hz == 0) pace.sample_rate_hz = std::round(observed);
  if (!(pace.sample_rate_hz >= 1))
    return fail(
        ErrorCode::invalid_input,
        fmt::format(
            "{} samples of {} are too few to tell the sampling rate; capture a second or more",
            stream.samples, stream.title()),
        file);
  const bool every_second = wrap <= pace.sample_rate_hz + 0.5 && pace.sample_rate_hz <= 65'536;
  pace.wrap = every_second ? static_cast<std::uint32_t>(pace.sample_rate_hz + 0.5) : 65'536;
  return pace;
}

std::optional<double> line_frequency_of(const SvStream& stream, const SvPace& pace) {
  if (pace.sample_rate_hz == 4'000 || pace.sample_rate_hz == 12'800) return 50;
  if (pace.sample_rate_hz == 15'360) return 60;
  // 61869-9 uses 4 800 with two ASDUs a frame at either frequency.
  if (pace.sample_rate_hz == 4'800 && stream.asdus == 1) return 60;
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

}  // namespace polyphase::sources::recording
