#include "sources/channel_name.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace polyphase::sources {
namespace {

struct Look {
  std::string_view cyrillic;
  char latin;
};
constexpr std::array<Look, 12> look_alikes{{{"\u0410", 'A'},
                                            {"\u0430", 'A'},
                                            {"\u0412", 'B'},
                                            {"\u0432", 'B'},
                                            {"\u0421", 'C'},
                                            {"\u0441", 'C'},
                                            {"\u041D", 'N'},
                                            {"\u043D", 'N'},
                                            {"\u0406", 'I'},
                                            {"\u0456", 'I'},
                                            {"\u041E", 'O'},
                                            {"\u043E", 'O'}}};

struct Phase {
  std::string_view text;
  int index;  ///< 0 to 2
};
constexpr std::array<Phase, 12> phases{{{"L1", 0},
                                        {"L2", 1},
                                        {"L3", 2},
                                        {"A", 0},
                                        {"B", 1},
                                        {"C", 2},
                                        {"R", 0},
                                        {"S", 1},
                                        {"T", 2},
                                        {"1", 0},
                                        {"2", 1},
                                        {"3", 2}}};

int take_phase(std::string_view& rest) {
  for (const Phase& phase : phases)
    if (rest.starts_with(phase.text)) {
      rest.remove_prefix(phase.text.size());
      return phase.index;
    }
  return -1;
}

bool one_of(std::string_view text, auto... choices) { return ((text == choices) || ...); }

Meaning::Which which_of(std::string_view rest) {
  if (one_of(rest, "N", "0", "O", "G", "E", "4", "NE", "NG", "RES", "NEUTRAL"))
    return Meaning::neutral;
  const int first = take_phase(rest);
  if (first < 0) return Meaning::nothing;
  if (rest.empty() || one_of(rest, "N", "G", "E"))
    return static_cast<Meaning::Which>(Meaning::a + first);
  const int second = take_phase(rest);
  if (second < 0 || second == first || !rest.empty()) return Meaning::nothing;
  const bool forward = second == (first + 1) % 3;
  return static_cast<Meaning::Which>(forward ? Meaning::ab + first : Meaning::ba + second);
}

bool is_part(char c) { return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }

// How a phase is called: 0 where the word is none, or a number, which may count anything.
int style_of(std::string_view word) {
  if (one_of(word, "L1", "L2", "L3")) return 1;
  if (one_of(word, "A", "B", "C")) return 2;
  return one_of(word, "R", "S", "T") ? 3 : 0;
}

// L1-N, A_N, B/G are voltages of a phase to neutral or ground, L1-L2, A-B of two phases.
bool goes_on(std::string_view word, std::string_view rest) {
  if (style_of(word) == 0 || !one_of(rest.substr(0, 1), "-", "_", "/")) return false;
  rest.remove_prefix(1);
  const auto end = std::find_if_not(rest.begin(), rest.end(), is_part);
  const std::string_view next = rest.substr(0, static_cast<std::size_t>(end - rest.begin()));
  return one_of(next, "N", "G", "E") || style_of(next) == style_of(word);
}

std::vector<std::string> words_of(std::string_view name) {
  std::vector<std::string> words(1);
  for (std::size_t i = 0; i < name.size(); ++i) {
    if (is_part(name[i]))
      words.back().push_back(name[i]);
    else if (!words.back().empty() && !goes_on(words.back(), name.substr(i)))
      words.emplace_back();
  }
  if (words.back().empty()) words.pop_back();
  return words;
}

bool says_computed(const std::vector<std::string>& words) {
  for (const auto& word : words)
    if (one_of(word, "MAG", "MAGNITUDE", "ANG", "ANGLE", "RMS", "HZ", "FREQ", "FREQUENCY", "THD",
               "PF"))
      return true;
  return false;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

std::string upper(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    std::size_t eaten = 1;
    char c = text.front() >= 'a' && text.front() <= 'z'
                 ? static_cast<char>(text.front() - 'a' + 'A')
                 : text.front();
    for (const Look& look : look_alikes)
      if (text.starts_with(look.cyrillic)) {
        c = look.latin;
        eaten = look.cyrillic.size();
      }
    out.push_back(c);
    text.remove_prefix(eaten);
  }
  return out;
}

Meaning meaning_of_word(std::string_view word) {
  if (word.size() > 1 && word.front() == '3') {  // 3U0, 3I0
    const Meaning residual = meaning_of_word(word.substr(1));
    return residual.complete() && residual.which == Meaning::neutral ? residual : Meaning{};
  }
  if (word.empty()) return {};
  const char letter = word.front();
  if (letter == 'U' || letter == 'V') return {Kind::voltage, which_of(word.substr(1))};
  if (letter == 'I') return {Kind::current, which_of(word.substr(1))};
  return {Kind::none, which_of(word)};
}

NameReading read_name(std::string_view name) {
  const std::string capitals = upper(trimmed(name));
  const auto words = words_of(capitals);
  NameReading reading;
  reading.computed = says_computed(words);
  std::string joined;
  for (const auto& word : words) joined += word;
  reading.meaning = meaning_of_word(joined);
  reading.whole = reading.meaning.complete();
  if (reading.whole) return reading;
  // Up to three neighbouring words together, the longest first: "Bus U L1-L2".
  for (std::size_t length = 3; length >= 1; --length)
    for (std::size_t end = words.size(); end >= length; --end) {
      std::string some;
      for (std::size_t i = end - length; i < end; ++i) some += words[i];
      reading.meaning = meaning_of_word(some);
      if (reading.meaning.complete()) return reading;
    }
  // A letter or number alone says the phase where the unit says the rest.
  reading.meaning = {};
  for (const auto& word : words)
    if (const Meaning alone = meaning_of_word(word);
        alone.kind == Kind::none && alone.which != Meaning::nothing)
      reading.meaning = alone;
  const bool phase_known = reading.meaning.which != Meaning::nothing;
  for (const auto& word : phase_known ? words : std::vector<std::string>{joined}) {
    if (one_of(word, "V", "U", "VOLTAGE")) reading.meaning.kind = Kind::voltage;
    if (one_of(word, "I", "CURRENT")) reading.meaning.kind = Kind::current;
  }
  return reading;
}

std::pair<Kind, double> unit_of(std::string_view unit) {
  const std::string_view u = trimmed(unit);
  if (one_of(u, "V", "v", "Volt", "Volts", "volts", "VOLT", "VOLTS")) return {Kind::voltage, 1};
  if (one_of(u, "kV", "KV", "kv")) return {Kind::voltage, 1e3};
  if (u == "mV") return {Kind::voltage, 1e-3};
  if (u == "MV") return {Kind::voltage, 1e6};
  if (one_of(u, "A", "a", "Amp", "Amps", "amps", "AMP", "AMPS")) return {Kind::current, 1};
  if (one_of(u, "kA", "KA", "ka")) return {Kind::current, 1e3};
  if (u == "mA") return {Kind::current, 1e-3};
  return {Kind::none, u.empty() ? 1.0 : 0.0};
}

}  // namespace polyphase::sources
