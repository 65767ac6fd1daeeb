#include "sources/recording/sv_stream.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyphase::sources::recording {
namespace {

namespace sv = wire::sv;

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
        result.streams.push_back({std::string(frame.asdu[i].sv_id), frame.app_id, {}});
      }
      result.streams[index].seen.add(frame, frame.asdu[i], packet.time);
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
  return fail(ErrorCode::invalid_input,
              fmt::format("holds {} streams; choose one with --stream {} (there are {})",
                          chosen.size(), chosen[0]->title(), titles),
              file);
}

}  // namespace polyphase::sources::recording
