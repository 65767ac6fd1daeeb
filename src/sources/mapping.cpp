#include "sources/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "sources/channel_name.hpp"

namespace polyphase::sources {
namespace {

constexpr std::size_t names_shown_max = 24;

struct Fit {
  int certainty = 0;  ///< 0: not this input
  bool reversed = false;
};

/// How well a channel fits an input: 5 exactly its name, 4 the whole name says so, 3 a part of it,
/// 2 unit and phase field, 1 only the kind ("Voltage"), which is taken for the first phase.
Fit fit_of(const Candidate& candidate, std::size_t input, bool delta) {
  if (upper(trimmed(candidate.name)) == channel_names[input]) return {5, false};
  const NameReading name = read_name(candidate.name);
  const auto [unit_kind, factor] = unit_of(candidate.unit);
  if (!candidate.oscillates || name.computed || factor == 0) return {};
  const bool voltage = input < 4;
  const Kind wanted = voltage ? Kind::voltage : Kind::current;
  const Kind kind = unit_kind != Kind::none ? unit_kind : name.meaning.kind;
  if (kind != wanted || (name.meaning.kind != Kind::none && name.meaning.kind != wanted)) return {};
  const bool line = delta && voltage && input < 3;
  const int which = input % 4 == 3 ? Meaning::neutral
                                   : static_cast<int>(line ? Meaning::ab : Meaning::a) +
                                         static_cast<int>(input % 4);
  const auto fits = [&](Meaning::Which found) { return found == which; };
  if (line && name.meaning.which == which + 3) return {name.whole ? 4 : 3, true};
  if (name.meaning.which != Meaning::nothing) {
    if (!fits(name.meaning.which)) return {};
    return {name.whole ? 4 : 3, false};
  }
  const Meaning phase = meaning_of_word(upper(trimmed(candidate.phase)));
  if (phase.kind == Kind::none && phase.which != Meaning::nothing)
    return {fits(phase.which) ? 2 : 0, false};
  return {name.meaning.kind == wanted && input % 4 == 0 && !delta ? 1 : 0, false};
}

std::string shown(const std::vector<Candidate>& candidates, std::size_t i) {
  return fmt::format("#{} {}", i + 1, trimmed(candidates[i].name));
}

std::string shown_all(const std::vector<Candidate>& candidates) {
  std::string out;
  for (std::size_t i = 0; i < std::min(candidates.size(), names_shown_max); ++i)
    out += (i > 0 ? ", " : "") + shown(candidates, i);
  if (candidates.size() > names_shown_max)
    out += fmt::format(" and {} more", candidates.size() - names_shown_max);
  return out;
}

std::optional<std::size_t> input_named(std::string_view name) {
  for (std::size_t c = 0; c < channel_count; ++c)
    if (upper(name) == channel_names[c]) return c;
  return std::nullopt;
}

/// The channel that a map means by `wanted`: by exact name, by #number, by name whatever the case.
Result<std::optional<std::size_t>> channel_named(std::string_view wanted,
                                                 const std::vector<Candidate>& candidates) {
  for (const bool exact : {true, false}) {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const auto name = trimmed(candidates[i].name);
      if (!name.empty() && (exact ? name == wanted : upper(name) == upper(wanted)))
        found.push_back(i);
    }
    if (found.size() > 1)
      return fail(ErrorCode::invalid_config,
                  fmt::format("--map: '{}' is the name of {} and of {}; choose by number",
                              wanted.substr(0, 64), shown(candidates, found[0]),
                              shown(candidates, found[1])));
    if (found.size() == 1) return found[0];
  }
  std::size_t number = 0;
  if (!wanted.starts_with('#')) return std::optional<std::size_t>();
  const auto [end, error] =
      std::from_chars(wanted.data() + 1, wanted.data() + wanted.size(), number);
  if (error != std::errc{} || end != wanted.data() + wanted.size() || number < 1 ||
      number > candidates.size())
    return std::optional<std::size_t>();
  return number - 1;
}

bool to_factor(std::string_view text, double& factor) {
  text = trimmed(text);
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), factor);
  return error == std::errc{} && end == text.data() + text.size() &&
         std::abs(factor) <= map_factor_max && factor != 0;
}

struct Decided {
  std::array<bool, channel_count> input{};
};

Result<void> apply_entry(std::string_view entry, const std::vector<Candidate>& candidates,
                         Mapping& mapping, Decided& decided) {
  const std::size_t equals = entry.find('=');
  const auto input = input_named(trimmed(entry.substr(0, equals)));
  if (equals == std::string_view::npos || !input)
    return fail(ErrorCode::invalid_config,
                fmt::format("--map: '{}' must read INPUT=CHANNEL, INPUT one of V1 to V4, I1 to I4",
                            entry.substr(0, 64)));
  if (decided.input[*input])
    return fail(ErrorCode::invalid_config,
                fmt::format("--map: {} is given twice", channel_names[*input]));
  decided.input[*input] = true;
  std::string_view wanted = trimmed(entry.substr(equals + 1));
  if (wanted.empty()) return {};
  double factor = 1;
  auto channel = channel_named(wanted, candidates);
  if (channel && !*channel && wanted.starts_with('-')) {
    factor = -1;
    wanted = trimmed(wanted.substr(1));
    channel = channel_named(wanted, candidates);
  }
  double scale = 1;
  const std::size_t star = wanted.rfind('*');
  if (channel && !*channel && star != std::string_view::npos &&
      to_factor(wanted.substr(star + 1), scale)) {
    factor *= scale;
    channel = channel_named(trimmed(wanted.substr(0, star)), candidates);
  }
  if (!channel) return tl::unexpected(channel.error());
  if (!*channel)
    return fail(ErrorCode::invalid_config,
                fmt::format("--map: there is no channel '{}'; there are {}", wanted.substr(0, 64),
                            shown_all(candidates)));
  const double unit = unit_of(candidates[**channel].unit).second;
  mapping.source[*input] = static_cast<int>(**channel);
  mapping.factor[*input] = factor * (unit == 0 ? 1 : unit);
  return {};
}

/// The best candidates for an input that nothing decided yet.
std::vector<std::pair<std::size_t, Fit>> best_for(std::size_t input,
                                                  const std::vector<Candidate>& candidates,
                                                  const Mapping& mapping, bool delta) {
  std::vector<std::pair<std::size_t, Fit>> best;
  const auto rank = [&](std::size_t i, const Fit& fit) {
    return 2 * fit.certainty + (candidates[i].flat ? 0 : 1);
  };
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const bool taken = std::find(mapping.source.begin(), mapping.source.end(),
                                 static_cast<int>(i)) != mapping.source.end();
    const Fit fit = taken ? Fit{} : fit_of(candidates[i], input, delta);
    if (fit.certainty == 0) continue;
    if (!best.empty() && rank(i, fit) < rank(best[0].first, best[0].second)) continue;
    if (!best.empty() && rank(i, fit) > rank(best[0].first, best[0].second)) best.clear();
    best.emplace_back(i, fit);
  }
  return best;
}

void describe(const std::vector<Candidate>& candidates, bool delta, Mapping& mapping) {
  std::string used, missing;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (mapping.source[c] < 0) {
      missing += (missing.empty() ? "" : ", ") + std::string(channel_names[c]);
      continue;
    }
    const auto source = static_cast<std::size_t>(mapping.source[c]);
    used += fmt::format("{}{}={}{}", used.empty() ? "" : ",", channel_names[c],
                        mapping.factor[c] < 0 ? "-" : "", trimmed(candidates[source].name));
  }
  mapping.notes.insert(mapping.notes.begin(),
                       "mapping " + (used.empty() ? std::string("none") : used));
  if (!missing.empty()) mapping.notes.push_back("not found, N/A: " + missing);
  std::string lines;
  for (std::size_t i = 0; i < candidates.size() && !delta; ++i)
    if (candidates[i].oscillates && read_name(candidates[i].name).meaning.which >= Meaning::ab &&
        !read_name(candidates[i].name).computed)
      lines += (lines.empty() ? "" : ", ") + shown(candidates, i);
  if (!lines.empty() && mapping.source[0] < 0)
    mapping.notes.push_back("line voltages are no phase voltages: " + lines +
                            "; use --wiring delta or --map");
}

}  // namespace

ChannelMask Mapping::present() const {
  unsigned mask = 0;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (source[c] >= 0) mask |= 1u << c;
  return static_cast<ChannelMask>(mask);
}

std::vector<std::string> names_by_position(std::size_t channels) {
  switch (channels) {
    case 2:
      return {"V1", "I1"};
    case 3:
      return {"V1", "V2", "V3"};
    case 6:
      return {"V1", "V2", "V3", "I1", "I2", "I3"};
    case 8:
      return {channel_names.begin(), channel_names.end()};
    default:
      return std::vector<std::string>(channels);
  }
}

Result<Mapping> map_channels(const std::vector<Candidate>& candidates, std::string_view map,
                             bool delta) {
  Mapping mapping;
  Decided decided;
  for (std::size_t at = 0; !trimmed(map).empty();) {
    const std::size_t end = map.find(',', at);
    if (auto done = apply_entry(map.substr(at, end - at), candidates, mapping, decided); !done)
      return tl::unexpected(done.error());
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  for (std::size_t input = 0; input < channel_count; ++input) {
    if (decided.input[input]) continue;
    const auto best = best_for(input, candidates, mapping, delta);
    if (best.size() > 1) {
      const std::string both =
          fmt::format("'{}' (#{}) and '{}' (#{}) could both be {}; choose with --map \"{}=#{}\"",
                      trimmed(candidates[best[0].first].name), best[0].first + 1,
                      trimmed(candidates[best[1].first].name), best[1].first + 1,
                      channel_names[input], channel_names[input], best[0].first + 1);
      if (trimmed(map).empty()) return fail(ErrorCode::invalid_input, both);
      mapping.notes.push_back(both);
    }
    if (best.size() != 1) continue;
    const double unit = unit_of(candidates[best[0].first].unit).second;
    mapping.source[input] = static_cast<int>(best[0].first);
    mapping.factor[input] = (best[0].second.reversed ? -1 : 1) * (unit == 0 ? 1 : unit);
  }
  describe(candidates, delta, mapping);
  return mapping;
}

}  // namespace polyphase::sources
