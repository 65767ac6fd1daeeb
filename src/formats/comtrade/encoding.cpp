#include "formats/comtrade/encoding.hpp"

#include <array>
#include <cstdint>

namespace polyphase::formats::comtrade {
namespace {

bool high(char c) { return static_cast<unsigned char>(c) >= 0x80; }
bool latin_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool valid_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    std::size_t tail = 0;
    if (lead < 0x80)
      tail = 0;
    else if (lead >= 0xC2 && lead <= 0xDF)
      tail = 1;
    else if (lead >= 0xE0 && lead <= 0xEF)
      tail = 2;
    else if (lead >= 0xF0 && lead <= 0xF4)
      tail = 3;
    else
      return false;
    if (i + tail >= text.size()) return false;
    for (std::size_t k = 1; k <= tail; ++k)
      if ((static_cast<unsigned char>(text[i + k]) & 0xC0) != 0x80) return false;
    i += tail + 1;
  }
  return true;
}

// A Portuguese or French word has high bytes among ASCII letters; a Russian one has nothing else.
bool looks_cyrillic(std::string_view text) {
  int inside_latin_words = 0, beside_high = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (!high(text[i])) continue;
    const char before = i > 0 ? text[i - 1] : ' ';
    const char after = i + 1 < text.size() ? text[i + 1] : ' ';
    if (latin_letter(before) || latin_letter(after))
      ++inside_latin_words;
    else if (high(before) || high(after))
      ++beside_high;
  }
  return beside_high > inside_latin_words;
}

void append(std::string& out, std::uint32_t code_point) {
  if (code_point < 0x80) {
    out += static_cast<char>(code_point);
  } else if (code_point < 0x800) {
    out += static_cast<char>(0xC0 | (code_point >> 6));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  } else {
    out += static_cast<char>(0xE0 | (code_point >> 12));
    out += static_cast<char>(0x80 | ((code_point >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code_point & 0x3F));
  }
}

// Windows-1251 from 0x80 to 0xBF; 0xC0 to 0xFF are U+0410 to U+044F.
constexpr std::array<std::uint16_t, 64> cp1251{
    0x402,  0x403,  0x201A, 0x453,  0x201E, 0x2026, 0x2020, 0x2021, 0x20AC, 0x2030, 0x409,
    0x2039, 0x40A,  0x40C,  0x40B,  0x40F,  0x452,  0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0xFFFD, 0x2122, 0x459,  0x203A, 0x45A,  0x45C,  0x45B,  0x45F,  0xA0,
    0x40E,  0x45E,  0x408,  0xA4,   0x490,  0xA6,   0xA7,   0x401,  0xA9,   0x404,  0xAB,
    0xAC,   0xAD,   0xAE,   0x407,  0xB0,   0xB1,   0x406,  0x456,  0x491,  0xB5,   0xB6,
    0xB7,   0x451,  0x2116, 0x454,  0xBB,   0x458,  0x405,  0x455,  0x457};

}  // namespace

std::string to_utf8(std::string_view bytes) {
  if (valid_utf8(bytes)) return std::string(bytes);
  const bool cyrillic = looks_cyrillic(bytes);
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (!cyrillic || byte < 0x80)
      append(out, byte);
    else
      append(out, byte < 0xC0 ? cp1251[byte - 0x80u] : 0x410u + (byte - 0xC0u));
  }
  return out;
}

}  // namespace polyphase::formats::comtrade
