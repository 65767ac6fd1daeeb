#include "sources/recording/mapping.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace polyphase::sources::recording {
namespace {

std::string upper(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  return out;
}

std::string_view trimmed(std::string_view s) {
  while (!s.empty() && s.front() == ' ') s.remove_prefix(1);
  while (!s.empty() && s.back() == ' ') s.remove_suffix(1);
  return s;
}

enum class Kind { none, voltage, current };

/// Factor of a unit to volts or amperes; 0: it is neither.
std::pair<Kind, double> unit_of(std::string_view unit) {
  const std::string_view u = trimmed(unit);
  if (u == "V" || u == "v") return {Kind::voltage, 1};
  if (u == "kV" || u == "KV" || u == "kv") return {Kind::voltage, 1e3};
  if (u == "mV") return {Kind::voltage, 1e-3};
  if (u == "MV") return {Kind::voltage, 1e6};
  if (u == "A" || u == "a") return {Kind::current, 1};
  if (u == "kA" || u == "KA" || u == "ka") return {Kind::current, 1e3};
  if (u == "mA") return {Kind::current, 1e-3};
  return {Kind::none, u.empty() ? 1.0 : 0.0};
}

/// What a name says: the kind by its letter, and a slot: 0..2 phases, 3 neutral, 4..6 ab bc ca, 7..9 these
/// the other way round.
struct Meaning {
  Kind kind = Kind::none;
  int slot = -1;
};

int slot_of(std::string_view rest) {
  constexpr std::array<std::pair<std::string_view, int>, 55> known{{
      {"A", 0}, {"1", 0}, {"L1", 0}, {"R", 0}, {"AN", 0}, {"1N", 0}, {"L1N", 0}, {"AG", 0}, {"RN", 0},
      {"B", 1}, {"2", 1}, {"L2", 1}, {"S", 1}, {"BN", 1}, {"2N", 1}, {"L2N", 1}, {"BG", 1}, {"SN", 1},
      {"C", 2}, {"3", 2}, {"L3", 2}, {"T", 2}, {"CN", 2}, {"3N", 2}, {"L3N", 2}, {"CG", 2}, {"TN", 2},
      {"N", 3}, {"0", 3}, {"4", 3}, {"G", 3}, {"O", 3}, {"NE", 3}, {"NG", 3}, {"RES", 3}, {"E", 3},
      {"AB", 4}, {"12", 4}, {"L1L2", 4}, {"BC", 5}, {"23", 5}, {"L2L3", 5}, {"CA", 6}, {"31", 6},
      {"L3L1", 6}, {"L12", 4}, {"BA", 7}, {"21", 7}, {"L2L1", 7}, {"CB", 8}, {"32", 8}, {"L3L2", 8},
      {"AC", 9}, {"13", 9}, {"L1L3", 9}}};
  for (const auto& [text, slot] : known)
    if (rest == text) return slot;
  if (rest == "L23") return 5;
  if (rest == "L31") return 6;
  return -1;
}

Meaning meaning_of(std::string_view token) {
  if (token.size() > 1 && token.front() == '3') {  // 3U0, 3I0
    Meaning residual = meaning_of(token.substr(1));
    return residual.slot == 3 ? residual : Meaning{};
  }
  if (token.empty()) return {};
  Meaning meaning;
  const char letter = token.front();
  if (letter == 'U' || letter == 'V') meaning.kind = Kind::voltage;
  else if (letter == 'I') meaning.kind = Kind::current;
  else return {Kind::none, slot_of(token)};
  meaning.slot = slot_of(token.substr(1));
  return meaning;
}

std::vector<std::string> tokens_of(const std::string& name) {
  std::vector<std::string> tokens(1);
  for (const char c : name) {
    const bool word = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (word) tokens.back().push_back(c);
    else if (!tokens.back().empty()) tokens.emplace_back();
  }
  if (tokens.back().empty()) tokens.pop_back();
  return tokens;
}

/// How surely a candidate is an input: 0 not, 1 by its phase field, 2 by a word of its name, 3 by the
/// whole name, 4 exactly.
int certainty(const Candidate& candidate, std::size_t input, bool delta) {
  const std::string name = upper(trimmed(candidate.name));
  if (name == channel_names[input]) return 4;
  if (!candidate.oscillates) return 0;
  const bool voltage_input = input < 4;
  const Kind wanted = voltage_input ? Kind::voltage : Kind::current;
  const auto [unit_kind, factor] = unit_of(candidate.unit);
  if (factor == 0 || (unit_kind != Kind::none && unit_kind != wanted)) return 0;
  const int slot = input % 4 == 3 ? 3 : static_cast<int>(input % 4) + (delta && voltage_input ? 4 : 0);
  const auto fits = [&](const Meaning& m) {
    return m.slot == slot && (m.kind == wanted || (m.kind == Kind::none && unit_kind == wanted));
  };
  std::string joined = name;
  std::erase_if(joined, [](char c) { return c == ' ' || c == '_' || c == '-' || c == '.'; });
  const Meaning whole = meaning_of(joined);
  if (whole.kind == wanted && fits(whole)) return 3;
  if (whole.kind != Kind::none && whole.slot >= 0) return 0;  // it says something else
  bool other = false;
  for (const std::string& token : tokens_of(name)) {
    const Meaning m = meaning_of(token);
    if (fits(m)) return 2;
    other |= m.kind != Kind::none && m.slot >= 0;
  }
  if (!other && unit_kind == wanted && fits(meaning_of(upper(trimmed(candidate.phase))))) return 1;
  return 0;
}

std::optional<std::size_t> input_named(std::string_view name) {
  for (std::size_t c = 0; c < channel_count; ++c)
    if (upper(name) == channel_names[c]) return c;
  return std::nullopt;
}

Result<void> apply_entry(std::string_view entry, const std::vector<Candidate>& candidates, Mapping& mapping) {
  const std::size_t equals = entry.find('=');
  const auto input = input_named(trimmed(entry.substr(0, equals)));
  if (equals == std::string_view::npos || !input)
    return fail(ErrorCode::invalid_config,
                fmt::format("--map: '{}' must read INPUT=CHANNEL, INPUT one of V1 to V4, I1 to I4", entry.substr(0, 64)));
  std::string_view channel = trimmed(entry.substr(equals + 1));
  double factor = 1;
  if (!channel.empty() && channel.front() == '-') {
    factor = -1;
    channel.remove_prefix(1);
  }
  int found = -1;
  const auto match = [&](std::string_view wanted) {
    for (std::size_t i = 0; i < candidates.size() && found < 0; ++i)
      if (trimmed(candidates[i].name) == wanted) found = static_cast<int>(i);
    for (std::size_t i = 0; i < candidates.size() && found < 0; ++i)
      if (upper(trimmed(candidates[i].name)) == upper(wanted)) found = static_cast<int>(i);
    if (found < 0 && !wanted.empty() && wanted.front() == '#') {
      std::size_t n = 0;
      const auto [end, error] = std::from_chars(wanted.data() + 1, wanted.data() + wanted.size(), n);
      if (error == std::errc{} && end == wanted.data() + wanted.size() && n >= 1 && n <= candidates.size())
        found = static_cast<int>(n) - 1;
    }
  };
  match(channel);
  if (found < 0)
    if (const std::size_t star = channel.rfind('*'); star != std::string_view::npos) {
      double scale = 0;
      const std::string_view text = trimmed(channel.substr(star + 1));
      const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), scale);
      if (error == std::errc{} && end == text.data() + text.size() && std::isfinite(scale)) {
        factor *= scale;
        match(trimmed(channel.substr(0, star)));
      }
    }
  if (found < 0) {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < std::min<std::size_t>(candidates.size(), 24); ++i)
      names.push_back(fmt::format("#{} {}", i + 1, trimmed(candidates[i].name)));
    return fail(ErrorCode::invalid_config, fmt::format("--map: there is no channel '{}'; there are {}",
                                                       channel.substr(0, 64), fmt::join(names, ", ")));
  }
  const auto unit = unit_of(candidates[static_cast<std::size_t>(found)].unit);
  mapping.source[*input] = found;
  mapping.factor[*input] = factor * (unit.second == 0 ? 1 : unit.second);
  return {};
}

}  // namespace

ChannelMask Mapping::present() const {
  unsigned mask = 0;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (source[c] >= 0) mask |= 1u << c;
  return static_cast<ChannelMask>(mask);
}

Result<Mapping> map_channels(const std::vector<Candidate>& candidates, std::string_view map, bool delta) {
  Mapping mapping;
  for (std::size_t at = 0; !map.empty();) {
    const std::size_t end = map.find(',', at);
    if (auto done = apply_entry(map.substr(at, end - at), candidates, mapping); !done)
      return tl::unexpected(done.error());
    if (end == std::string_view::npos) break;
    at = end + 1;
  }
  if (map.empty())
    for (std::size_t input = 0; input < channel_count; ++input) {
      int best = 0;
      std::vector<std::size_t> holders;
      for (std::size_t i = 0; i < candidates.size(); ++i) {
        const int sure = certainty(candidates[i], input, delta);
        if (sure == 0 || sure < best) continue;
        if (sure > best) holders.clear();
        best = sure;
        holders.push_back(i);
      }
      if (holders.size() > 1)
        return fail(ErrorCode::invalid_input,
                    fmt::format("'{}' (#{}) and '{}' (#{}) could both be {}; choose with --map \"{}=#{}\"",
                                trimmed(candidates[holders[0]].name), holders[0] + 1,
                                trimmed(candidates[holders[1]].name), holders[1] + 1, channel_names[input],
                                channel_names[input], holders[0] + 1));
      if (holders.empty()) continue;
      mapping.source[input] = static_cast<int>(holders[0]);
      const double factor = unit_of(candidates[holders[0]].unit).second;
      mapping.factor[input] = factor == 0 ? 1 : factor;
    }
  std::string used, missing;
  for (std::size_t c = 0; c < channel_count; ++c) {
    if (mapping.source[c] < 0) {
      missing += (missing.empty() ? "" : ", ") + std::string(channel_names[c]);
      continue;
    }
    const auto source = static_cast<std::size_t>(mapping.source[c]);
    used += fmt::format("{}{}={}{}", used.empty() ? "" : ",", channel_names[c], mapping.factor[c] < 0 ? "-" : "",
                        trimmed(candidates[source].name));
  }
  mapping.notes.push_back("mapping " + (used.empty() ? std::string("none") : used));
  if (!missing.empty()) mapping.notes.push_back("not found, N/A: " + missing);
  return mapping;
}

}  // namespace polyphase::sources::recording
