#include "formats/comtrade/config.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "formats/comtrade/encoding.hpp"
#include "formats/comtrade/fields.hpp"

namespace polyphase::formats::comtrade {
namespace {

/// The lines that say something, with their numbers in the file.
struct Lines {
  std::vector<Line> line;
  std::size_t at = 0;
  std::string_view file;

  bool more() const { return at < line.size(); }
  const Line& peek(std::size_t ahead = 0) const { return line[at + ahead]; }
  bool has(std::size_t ahead) const { return at + ahead < line.size(); }
  std::string where() const {
    const int number = more() ? line[at].number : (line.empty() ? 0 : line.back().number);
    return fmt::format("{}:{}", file, number);
  }
  tl::unexpected<Error> bad(std::string message) const {
    return fail(ErrorCode::invalid_input, std::move(message), where());
  }
};

bool is_date_line(const Line& line) {
  return line.text.find('/') != std::string_view::npos &&
         line.text.find(':') != std::string_view::npos;
}

void read_station(Lines& lines, Config& config) {
  auto fields = split(lines.peek().text);
  // A comma inside the station's name makes more fields: the last one is the revision if it is a
  // year.
  int revision = 0;
  if (fields.size() >= 2 && to_int(fields.back(), revision) && revision >= 1980 &&
      revision <= 2100) {
    config.revision = revision;
    fields.pop_back();
  }
  if (fields.size() >= 2) {
    config.device = fields.back();
    fields.pop_back();
  }
  for (const auto field : fields)
    config.station += (config.station.empty() ? "" : ",") + std::string(field);
  ++lines.at;
}

struct Totals {
  std::size_t analogs = 0, digitals = 0;
};

Result<Totals> read_totals(Lines& lines, Config& config) {
  if (!lines.more()) return lines.bad("ends before the channel totals (like 8,4A,4D)");
  const auto fields = split(lines.peek().text);
  Totals totals;
  std::size_t total = 0;
  bool analogs_named = false;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    const char kind = fields[i].empty() ? ' ' : fields[i].back();
    const bool marked = i > 0 && (std::isalpha(static_cast<unsigned char>(kind)) != 0);
    std::size_t count = 0;
    if (!to_int(fields[i].substr(0, fields[i].size() - (marked ? 1 : 0)), count) ||
        count > channels_max)
      return lines.bad(
          fmt::format("'{}' is not a line of channel totals (like 8,4A,4D; at most {} each)",
                      shown(lines.peek().text), channels_max));
    if (i == 0)
      total = count;
    else if (kind == 'D' || kind == 'd')
      totals.digitals = count;
    else if (kind == 'A' || kind == 'a')
      totals.analogs = count, analogs_named = true;
  }
  if (!analogs_named)
    return lines.bad(fmt::format("'{}' names no number of analogue channels (like 8,4A,4D)",
                                 shown(lines.peek().text)));
  if (total != totals.analogs + totals.digitals)
    config.warnings.push_back(
        fmt::format("{}: {} channels in total are not {} + {}; the parts are taken", lines.where(),
                    total, totals.analogs, totals.digitals));
  ++lines.at;
  return totals;
}

Result<AnalogChannel> read_analog(const Lines& lines) {
  const Line& line = lines.peek();
  auto f = split(line.text);
  // Commas inside the name: everything that is too much belongs to it.
  const std::size_t wanted = f.size() > 13 ? 13 : f.size();
  AnalogChannel c;
  if (f.size() < 7)
    return lines.bad(fmt::format("'{}' has {} fields; an analogue channel has 10 (1991) or 13",
                                 shown(line.text), f.size()));
  const std::size_t extra = f.size() - wanted;
  const auto at = [&](std::size_t i) {
    return i + (i >= 2 ? extra : 0) < f.size() ? f[i + (i >= 2 ? extra : 0)] : std::string_view{};
  };
  (void)to_int(f[0], c.number);
  c.name = f[1];
  for (std::size_t i = 2; i < 2 + extra; ++i) c.name += "," + std::string(f[i]);
  c.phase = at(2);
  c.component = at(3);
  c.unit = at(4);
  if (!to_number(at(5), c.a) || !to_number(at(6), c.b))
    return lines.bad(
        fmt::format("channel '{}': '{}' and '{}' are not the numbers a and b of a x + b",
                    shown(c.name), shown(at(5)), shown(at(6))));
  (void)to_number(at(7), c.skew_us);
  (void)to_number(at(8), c.code_min);
  (void)to_number(at(9), c.code_max);
  (void)to_number(at(10), c.primary);
  (void)to_number(at(11), c.secondary);
  c.in_secondary = at(12) == "S" || at(12) == "s";
  return c;
}

DigitalChannel read_digital(const Line& line) {
  const auto f = split(line.text);
  DigitalChannel c;
  (void)to_int(f[0], c.number);
  if (f.size() > 1) c.name = f[1];
  if (f.size() >= 5) c.phase = f[2], c.component = f[3];
  c.normal_state = f.size() > 2 && f.back() == "1";
  return c;
}

bool looks_analog(const Line& line) {
  const auto f = split(line.text);
  double number = 0;
  return f.size() >= 9 && to_number(f[5], number) && to_number(f[6], number);
}

// The line frequency is the first line of one field, so what stands before it are channels,
// whatever the totals say.
Result<void> read_channels(Lines& lines, const Totals& totals, Config& config) {
  std::size_t end = lines.at;
  while (end < lines.line.size() && split(lines.line[end].text).size() >= 3 &&
         !is_date_line(lines.line[end]))
    ++end;
  const std::size_t found = end - lines.at;
  std::size_t analogs = totals.analogs;
  std::size_t digitals = totals.digitals;
  if (found != analogs + digitals) {
    analogs = 0;
    while (analogs < found && looks_analog(lines.peek(analogs))) ++analogs;
    digitals = found - analogs;
    if (analogs == 0 && totals.analogs > 0)
      return lines.bad(fmt::format("'{}' where the first of {} analogue channels should be",
                                   lines.more() ? shown(lines.peek().text) : "end of file",
                                   totals.analogs));
    config.warnings.push_back(
        fmt::format("{}: {} analogue and {} digital channels are declared, {} and {} are "
                    "described; the described are taken",
                    lines.where(), totals.analogs, totals.digitals, analogs, digitals));
  }
  if (analogs > channels_max || digitals > channels_max)
    return lines.bad(
        fmt::format("{} channels; at most {} of one kind can be read", found, channels_max));
  for (std::size_t i = 0; i < analogs; ++i, ++lines.at) {
    auto channel = read_analog(lines);
    if (!channel) return tl::unexpected(channel.error());
    config.analogs.push_back(std::move(*channel));
  }
  for (std::size_t i = 0; i < digitals; ++i, ++lines.at)
    config.digitals.push_back(read_digital(lines.peek()));
  return {};
}

Result<void> read_rates(Lines& lines, Config& config) {
  const auto single = [&](std::size_t ahead) {
    return lines.has(ahead) && split(lines.peek(ahead).text).size() == 1;
  };
  if (single(0) && single(1)) {
    if (!to_number(lines.peek().text, config.line_frequency_hz) || config.line_frequency_hz < 0)
      config.warnings.push_back(
          fmt::format("{}: '{}' is no line frequency", lines.where(), shown(lines.peek().text)));
    ++lines.at;
  } else {
    config.warnings.push_back(fmt::format("{}: no line frequency here", lines.where()));
  }
  double count = 0;
  if (!lines.more() || !to_number(lines.peek().text, count) || count < 0 || count > sections_max)
    return lines.bad(fmt::format("'{}' is not the number of sampling rates (0 to {})",
                                 lines.more() ? shown(lines.peek().text) : "end of file",
                                 sections_max));
  ++lines.at;
  const auto wanted = static_cast<std::size_t>(std::max(count, 1.0));
  std::uint64_t last = 0;
  for (std::size_t i = 0; i < wanted && lines.more() && !is_date_line(lines.peek());
       ++i, ++lines.at) {
    const auto f = split(lines.peek().text);
    SamplingSection section;
    double end = 0;
    if (f.size() < 2 || !to_number(f[0], section.rate_hz) || !to_number(f[1], end) || end < 0 ||
        end > 1e15 || section.rate_hz < 0)
      return lines.bad(fmt::format("'{}' is not a sampling rate and its last row (like 4800,9600)",
                                   shown(lines.peek().text)));
    section.last = static_cast<std::uint64_t>(end);
    if (count == 0) section.rate_hz = 0;
    if (section.last < last || (section.last == last && i > 0)) {
      config.warnings.push_back(
          fmt::format("{}: the section ends at row {}, not after row {}; it is skipped",
                      lines.where(), section.last, last));
      continue;
    }
    last = section.last;
    config.sections.push_back(section);
  }
  if (config.sections.empty()) config.sections.push_back({});
  // One rate that is missing leaves nothing but the stamps for all of them.
  if (std::any_of(config.sections.begin(), config.sections.end(),
                  [](const auto& s) { return s.rate_hz <= 0; })) {
    if (config.sections.size() > 1)
      config.warnings.push_back(fmt::format(
          "{}: a sampling rate of 0 among others; the time stamps of the rows are taken",
          lines.where()));
    config.sections = {{0, config.sections.back().last}};
  }
  return {};
}

void read_times(Lines& lines, Config& config) {
  for (auto* instant : {&config.start, &config.trigger}) {
    if (!lines.more() || data_kind_of(lines.peek().text)) {
      config.warnings.push_back(fmt::format("{}: a date and time is missing", lines.where()));
      return;
    }
    bool nanoseconds = false;
    *instant = parse_date_time(lines.peek().text, config.revision, nanoseconds, config.warnings,
                               lines.where());
    config.nanosecond_stamps = config.nanosecond_stamps || nanoseconds;
    ++lines.at;
  }
}

// The codes are those of IRIG-B and synchrophasors (IEEE C37.118), one hexadecimal digit; clause
// text not read. Leap second: 0 none, 1 inserted, 2 left out, 3 the recorder does not know.
void read_time_quality(const Lines& lines, Config& config) {
  const auto f = split(lines.peek().text);
  int code = 0;
  const auto [end, error] = std::from_chars(f[0].data(), f[0].data() + f[0].size(), code, 16);
  const bool whole = error == std::errc{} && end == f[0].data() + f[0].size();
  if (whole && ((code >= 0 && code <= 11) || code == 15))
    config.time_quality = code;
  else
    config.warnings.push_back(
        fmt::format("{}: '{}' is no time quality (0 to B or F); the clock is taken for good",
                    lines.where(), shown(f[0])));
  config.leap_second = f.size() > 1 && (f[1] == "1" || f[1] == "2");
}

Result<void> read_tail(Lines& lines, Config& config) {
  if (!lines.more())
    return lines.bad("ends before the kind of data (ASCII, BINARY, BINARY32, FLOAT32)");
  const auto kind = data_kind_of(lines.peek().text);
  if (!kind)
    return lines.bad(
        fmt::format("'{}' is no kind of data; it must be ASCII, BINARY, BINARY32 or FLOAT32",
                    shown(lines.peek().text)));
  config.kind = *kind;
  ++lines.at;
  if (lines.more() && split(lines.peek().text).size() == 1) {
    double multiplier = 0;
    if (to_number(lines.peek().text, multiplier) && multiplier > 0)
      config.time_multiplier = multiplier;
    else
      config.warnings.push_back(fmt::format("{}: '{}' is no time multiplier; 1 is taken",
                                            lines.where(), shown(lines.peek().text)));
    ++lines.at;
  }
  if (lines.more() && split(lines.peek().text).size() == 2) {
    const auto code = split(lines.peek().text)[0];
    config.utc_offset_s = parse_time_code(code);
    if (!config.utc_offset_s && code != "x" && code != "X")
      config.warnings.push_back(
          fmt::format("{}: '{}' is no time code (like -5h30); the zone stays open", lines.where(),
                      shown(code)));
    ++lines.at;
    if (lines.more()) read_time_quality(lines, config);
  }
  return {};
}

}  // namespace

std::string_view name_of(DataKind kind) {
  switch (kind) {
    case DataKind::ascii:
      return "ASCII";
    case DataKind::binary:
      return "BINARY";
    case DataKind::binary32:
      return "BINARY32";
    case DataKind::float32:
      return "FLOAT32";
  }
  return "";
}

std::optional<DataKind> data_kind_of(std::string_view name) {
  for (const auto kind : {DataKind::ascii, DataKind::binary, DataKind::binary32, DataKind::float32})
    if (equal_ignoring_case(trim(name), name_of(kind))) return kind;
  return std::nullopt;
}

std::size_t row_bytes(const Config& config) {
  const std::size_t value_bytes = config.kind == DataKind::binary ? 2 : 4;
  return 8 + config.analogs.size() * value_bytes + (config.digitals.size() + 15) / 16 * 2;
}

std::optional<double> Config::clock_error_s() const {
  if (time_quality == 15) return {};
  const double leap_s =
      leap_second ? 1 : 0;  // from the instant of the leap on; which, is not known
  return time_quality.value_or(0) == 0 ? leap_s
                                       : std::max(leap_s, std::pow(10.0, *time_quality - 10));
}

Result<Config> parse_config(std::string_view raw, std::string_view file) {
  if (raw.size() > config_bytes_max)
    return fail(ErrorCode::limit,
                fmt::format("{} bytes are too many for a configuration (at most {})", raw.size(),
                            config_bytes_max),
                std::string(file));
  const std::string text = to_utf8(raw);
  Config config;
  Lines lines{lines_of(text), 0, file};
  if (lines.line.empty())
    return lines.bad("holds no text; a COMTRADE configuration starts with the station's name");
  read_station(lines, config);
  auto totals = read_totals(lines, config);
  if (!totals) return tl::unexpected(totals.error());
  if (auto read = read_channels(lines, *totals, config); !read) return tl::unexpected(read.error());
  if (auto read = read_rates(lines, config); !read) return tl::unexpected(read.error());
  read_times(lines, config);
  if (auto read = read_tail(lines, config); !read) return tl::unexpected(read.error());
  return config;
}

}  // namespace polyphase::formats::comtrade
