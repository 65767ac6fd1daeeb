#include "sources/sv_channels.hpp"

#include <fmt/format.h>

#include "sources/bridge.hpp"

namespace polyphase::sources {

namespace sv = wire::sv;

Result<Mapping> map_sv_channels(std::size_t channels, std::string_view map, bool delta) {
  std::vector<std::string> names(channels);
  if (channels == 8) names = {"Ia", "Ib", "Ic", "In", "Va", "Vb", "Vc", "Vn"};
  if (channels == 6) names = {"Ia", "Ib", "Ic", "Va", "Vb", "Vc"};
  std::vector<Candidate> candidates;
  for (const auto& name : names) candidates.push_back({name, "", ""});
  auto mapping = map_channels(candidates, map, delta);
  if (!mapping) return mapping;
  if (mapping->present() == 0)
    return fail(ErrorCode::invalid_config,
                fmt::format("the {} channels of its data set say nothing of their meaning; choose "
                            "with --map \"V1=#1,I1=#2\"",
                            channels));
  for (std::size_t lane = 0; lane < channel_count; ++lane)
    mapping->factor[lane] *= lane < 4 ? sv::voltage_v_per_code : sv::current_a_per_code;
  return mapping;
}

void convert(const sv::Asdu& asdu, const Mapping& mapping, Instant arrival, SvSample& sample) {
  sample.arrival = arrival;
  sample.count = asdu.sample_count;
  sample.synchronised = asdu.synchronised > 0;
  sample.frame = {};
  std::uint32_t quality = 0;
  for (std::size_t lane = 0; lane < channel_count; ++lane) {
    if (mapping.source[lane] < 0) continue;
    const auto channel = static_cast<std::size_t>(mapping.source[lane]);
    sample.frame.value[lane] = static_cast<float>(asdu.value(channel) * mapping.factor[lane]);
    quality |= asdu.quality(channel);
  }
  const bool doubtful = (quality & sv::quality_validity) != 0;
  const bool beyond = (quality & (sv::quality_overflow | sv::quality_out_of_range)) != 0;
  sample.marks = static_cast<char>((doubtful ? mark_bridged : 0) | (beyond ? mark_clipped : 0));
}

}  // namespace polyphase::sources
