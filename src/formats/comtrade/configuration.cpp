#include "formats/comtrade/configuration.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

namespace polyphase::formats::comtrade {
namespace {

constexpr std::size_t line_size_max = 4'096;

std::string_view trimmed(std::string_view s) {
  const auto blank = [](char c) {
    return c == ' ' || c == '\t' || c == '\r' || c == '\0' || c == '\x1a';
  };
  while (!s.empty() && blank(s.front())) s.remove_prefix(1);
  while (!s.empty() && blank(s.back())) s.remove_suffix(1);
  return s;
}

std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

std::optional<double> number(std::string_view text) {
  text = trimmed(text);
  if (!text.empty() && text.front() == '+') text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size() || !std::isfinite(value))
    return std::nullopt;
  return value;
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> list;
  for (std::size_t at = 0;;) {
    const std::size_t comma = line.find(',', at);
    list.push_back(trimmed(line.substr(at, comma - at)));
    if (comma == std::string_view::npos) return list;
    at = comma + 1;
  }
}

// Lines with their numbers; blank ones, which some recorders scatter about, are passed over.
class Lines {
 public:
  Lines(std::string_view text, std::string_view name) : name_(name) {
    int line = 0;
    for (std::size_t at = 0; at < text.size();) {
      const std::size_t end = std::min(text.find('\n', at), text.size());
      ++line;
      const std::string_view content = trimmed(text.substr(at, std::min(end - at, line_size_max)));
      if (!content.empty()) lines_.push_back({content, line});
      at = end + 1;
    }
  }
  bool done() const { return next_ >= lines_.size(); }
  std::string_view take() { return done() ? std::string_view{} : lines_[next_++].first; }
  std::string_view peek() const { return done() ? std::string_view{} : lines_[next_].first; }
  tl::unexpected<Error> refuse(std::string message) const {
    const int line =
        lines_.empty() ? 1 : lines_[std::min(next_ == 0 ? 0 : next_ - 1, lines_.size() - 1)].second;
    return fail(ErrorCode::invalid_input, std::move(message), fmt::format("{}:{}", name_, line));
  }

 private:
  std::string name_;
  std::vector<std::pair<std::string_view, int>> lines_;
  std::size_t next_ = 0;
};

std::optional<std::size_t> count_of(std::string_view text) {
  std::string digits(text);
  std::erase_if(digits,
                [](char c) { return c == 'A' || c == 'a' || c == 'D' || c == 'd' || c == ' '; });
  const auto value = number(digits);
  if (!value || *value < 0 || *value > static_cast<double>(channels_max) ||
      *value != std::floor(*value))
    return std::nullopt;
  return static_cast<std::size_t>(*value);
}

// dd/mm/yyyy,hh:mm:ss.ssssss; the edition of 1991 has mm/dd/yy.
std::optional<Instant> date_time(std::string_view line, bool month_first) {
  const auto parts = fields(line);
  if (parts.size() < 2) return std::nullopt;
  const auto split = [](std::string_view text, char separator) {
    std::vector<double> values;
    for (std::size_t at = 0;;) {
      const std::size_t end = text.find(separator, at);
      const auto value = number(text.substr(at, end - at));
      values.push_back(value ? *value : -1);
      if (end == std::string_view::npos) return values;
      at = end + 1;
    }
  };
  auto day = split(parts[0], '/');
  const auto clock = split(parts[1], ':');
  if (day.size() != 3 || clock.size() != 3) return std::nullopt;
  for (const double v : day)
    if (v < 0 || v > 9999) return std::nullopt;
  for (const double v : clock)
    if (v < 0 || v > 60) return std::nullopt;
  if ((month_first && day[0] <= 12) || day[1] > 12) std::swap(day[0], day[1]);
  CivilTime t;
  t.day = static_cast<int>(day[0]);
  t.month = static_cast<int>(day[1]);
  t.year = static_cast<int>(day[2]);
  if (t.year < 70)
    t.year += 2000;
  else if (t.year < 100)
    t.year += 1900;
  t.hour = static_cast<int>(clock[0]);
  t.minute = static_cast<int>(clock[1]);
  const double whole = std::floor(clock[2]);
  t.second = static_cast<int>(whole);
  t.nanosecond = std::llround((clock[2] - whole) * 1e9);
  const auto instant = instant_of(t);
  return instant ? std::optional(*instant) : std::nullopt;
}

// "-5h30", "+2", "x" (unknown).
std::optional<int> zone(std::string_view text) {
  const std::string low = lower(text);
  const std::size_t h = low.find('h');
  const auto hours = number(std::string_view(low).substr(0, h));
  if (!hours || std::abs(*hours) > 14) return std::nullopt;
  double minutes = 0;
  if (h != std::string::npos) {
    const auto m = number(std::string_view(low).substr(h + 1));
    if (!m || *m < 0 || *m > 59) return std::nullopt;
    minutes = *m;
  }
  const bool west = !low.empty() && low.front() == '-';
  return static_cast<int>(*hours * 3600 + (west ? -minutes : minutes) * 60);
}

class Parser {
 public:
  Parser(std::string_view text, std::string_view name) : lines_(text, name) {}

  Result<Configuration> run() {
    if (lines_.done()) return lines_.refuse("the configuration is empty");
    const auto head = fields(lines_.take());
    out_.station = to_utf8(head[0]);
    if (head.size() > 1) out_.device = to_utf8(head[1]);
    if (head.size() > 2)
      if (const auto year = number(head[2]); year && *year > 1900 && *year < 2200)
        out_.revision_year = static_cast<int>(*year);
    for (auto step : {&Parser::channels, &Parser::timing, &Parser::tail})
      if (auto done = (this->*step)(); !done) return tl::unexpected(done.error());
    return std::move(out_);
  }

 private:
  Result<void> channels() {
    const auto totals = fields(lines_.take());
    std::optional<std::size_t> analogs, digitals;
    if (totals.size() >= 2) analogs = count_of(totals[1]);
    if (totals.size() >= 3) digitals = count_of(totals[2]);
    if (!analogs || !digitals)
      return lines_.refuse("the second line must tell the channels as TT,nA,nD (such as 8,4A,4D)");
    if (const auto total = count_of(totals[0]); !total || *total != *analogs + *digitals)
      out_.warnings.push_back("the total of channels is not the sum of analogue and digital ones");
    for (std::size_t i = 0; i < *analogs; ++i)
      if (auto done = analog(i + 1, *analogs); !done) return done;
    for (std::size_t i = 0; i < *digitals; ++i) {
      if (lines_.done())
        return lines_.refuse(fmt::format("ends at digital channel {} of {}", i + 1, *digitals));
      lines_.take();
    }
    out_.digital_count = *digitals;
    return {};
  }

  Result<void> analog(std::size_t n, std::size_t count) {
    if (lines_.done())
      return lines_.refuse(fmt::format("ends at analogue channel {} of {}", n, count));
    const auto f = fields(lines_.take());
    if (f.size() < 7)
      return lines_.refuse(
          fmt::format("analogue channel {} has {} fields, at least 7 are needed", n, f.size()));
    AnalogChannel c;
    c.name = to_utf8(f[1]);
    c.phase = to_utf8(f[2]);
    c.circuit = to_utf8(f[3]);
    c.unit = to_utf8(f[4]);
    const auto a = number(f[5]), b = number(f[6]);
    if (!a || !b)
      return lines_.refuse(
          fmt::format("analogue channel {} ('{}'): '{}' and '{}' must be the numbers a and b", n,
                      c.name, f[5].substr(0, 32), f[6].substr(0, 32)));
    c.multiplier = *a;
    c.offset = *b;
    const auto optional = [&](std::size_t i, double& value) {
      if (f.size() > i)
        if (const auto v = number(f[i])) value = *v;
    };
    optional(7, c.skew_us);
    optional(8, c.code_min);
    optional(9, c.code_max);
    optional(10, c.primary_rating);
    optional(11, c.secondary_rating);
    if (f.size() > 12 && !f[12].empty()) c.secondary = f[12].front() == 's' || f[12].front() == 'S';
    if (!(c.primary_rating > 0) || !(c.secondary_rating > 0)) {
      if (c.secondary)
        out_.warnings.push_back(
            fmt::format("channel '{}' is secondary without a ratio: taken as 1:1", c.name));
      c.primary_rating = c.secondary_rating = 1;
    }
    out_.analogs.push_back(std::move(c));
    return {};
  }

  Result<void> timing() {
    if (lines_.done()) return lines_.refuse("ends before the line frequency");
    if (const auto f = number(lines_.peek())) {
      lines_.take();
      if (*f > 0) out_.line_frequency_hz = *f;
    }
    const auto rates = number(lines_.take());
    if (!rates || *rates < 0 || *rates > static_cast<double>(sections_max))
      return lines_.refuse("the number of sampling rates is missing or not a number");
    // With none there is still one line, of rate 0, that tells the last sample.
    const auto count = std::max<std::size_t>(1, static_cast<std::size_t>(*rates));
    for (std::size_t i = 0; i < count; ++i) {
      const auto f = fields(lines_.peek());
      const auto rate = number(f[0]);
      const auto last = f.size() > 1 ? number(f[1]) : std::nullopt;
      if (!rate || !last || *rate < 0 || *last < 0 || *last > 1e15) {
        if (*rates == 0) break;
        lines_.take();
        return lines_.refuse(fmt::format(
            "sampling rate {} of {} must be 'samples a second,last sample'", i + 1, count));
      }
      lines_.take();
      out_.sections.push_back({*rate, static_cast<std::uint64_t>(*last)});
    }
    for (std::size_t i = 1; i < out_.sections.size(); ++i)
      if (out_.sections[i].last_sample < out_.sections[i - 1].last_sample)
        return lines_.refuse("the last samples of the sampling rates must rise");
    return {};
  }

  Result<void> tail() {
    const bool month_first = out_.revision_year == 1991;
    out_.start = date_time(lines_.take(), month_first);
    if (!out_.start) out_.warnings.push_back("the date of the first sample cannot be read");
    lines_.take();  // the trigger
    const std::string type = lower(lines_.take());
    if (type == "binary")
      out_.type = DataType::binary;
    else if (type == "binary32")
      out_.type = DataType::binary32;
    else if (type == "float32")
      out_.type = DataType::float32;
    else if (type == "ascii")
      out_.type = DataType::ascii;
    else
      return lines_.refuse(fmt::format(
          "'{}' is not a kind of data: ASCII, BINARY, BINARY32 or FLOAT32", type.substr(0, 32)));
    if (const auto multiplier = number(lines_.take()); multiplier && *multiplier > 0)
      out_.time_multiplier = *multiplier;
    if (const std::string_view code = lines_.take(); !code.empty())
      out_.utc_offset_s = zone(fields(code)[0]);
    return {};
  }

  Lines lines_;
  Configuration out_;
};

}  // namespace

Result<Configuration> parse_configuration(std::string_view text, std::string_view name) {
  return Parser(text, name).run();
}

std::string to_utf8(std::string_view text) {
  // Valid UTF-8 stays; of anything else each byte is a Latin-1 character.
  bool valid = true;
  for (std::size_t i = 0; i < text.size() && valid;) {
    const auto c = static_cast<unsigned char>(text[i]);
    const std::size_t follow = c < 0x80         ? 0
                               : (c >> 5) == 6  ? 1
                               : (c >> 4) == 14 ? 2
                               : (c >> 3) == 30 ? 3
                                                : 9;
    if (follow == 9 || i + follow >= text.size() + (follow == 0 ? 1 : 0)) valid = false;
    for (std::size_t k = 1; k <= follow && valid; ++k)
      valid = (static_cast<unsigned char>(text[i + k]) >> 6) == 2;
    i += follow + 1;
  }
  std::string out;
  for (const char ch : text) {
    const auto c = static_cast<unsigned char>(ch);
    if (c < 0x20) continue;
    if (valid || c < 0x80)
      out.push_back(ch);
    else {
      out.push_back(static_cast<char>(0xc0 | c >> 6));
      out.push_back(static_cast<char>(0x80 | (c & 0x3f)));
    }
  }
  return out;
}

Result<CombinedParts> split_combined(std::string_view file, std::string_view name) {
  CombinedParts parts;
  bool has_data = false;
  for (std::size_t at = 0; at < file.size();) {
    const std::size_t end = std::min(file.find('\n', at), file.size());
    const std::string line = lower(trimmed(file.substr(at, std::min<std::size_t>(end - at, 256))));
    const std::size_t body = std::min(end + 1, file.size());
    at = body;
    if (line.find("--- file type:") == std::string::npos) continue;
    const std::string_view rest = file.substr(body);
    if (line.find(" dat") != std::string::npos) {
      parts.data = rest;
      const std::size_t colon = line.rfind(':');
      const std::string size_text = line.substr(colon + 1, line.find("---", colon) - colon - 1);
      if (const auto size = number(size_text);
          size && *size >= 0 && *size <= static_cast<double>(rest.size()))
        parts.data = rest.substr(0, static_cast<std::size_t>(*size));
      has_data = true;
      break;  // what follows is data, whatever it looks like
    }
    if (line.find("cfg") != std::string::npos)
      parts.configuration = rest.substr(0, std::min(rest.find("--- file type:"), rest.size()));
  }
  if (parts.configuration.empty() || !has_data)
    return fail(ErrorCode::invalid_input,
                "a single-file recording needs the parts '--- file type: CFG ---' and '--- file "
                "type: DAT …'",
                std::string(name));
  return parts;
}

}  // namespace polyphase::formats::comtrade
