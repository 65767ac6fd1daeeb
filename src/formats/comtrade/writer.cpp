#include "formats/comtrade/writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <iterator>

#include "base/contract.hpp"

namespace polyphase::formats::comtrade {
namespace {

constexpr double binary_code_max = 32'767;
constexpr double text_code_max = 99'998;
constexpr double binary32_code_max = 2'147'483'647.0;
constexpr double stamp_max = 4'294'967'294.0;  // one below the code of a missing stamp

std::string without_separators(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == ',' || c == '\r' || c == '\n'; }, ' ');
  return out;
}

std::string date_time(std::optional<Instant> instant) {
  const CivilTime t = civil_of(instant.value_or(Instant{}).plus_ns(500));
  return fmt::format("{:02}/{:02}/{:04},{:02}:{:02}:{:02}.{:06}", t.day, t.month, t.year, t.hour,
                     t.minute, t.second, t.nanosecond / 1000);
}

std::string time_code(int offset_s) {
  const int minutes = std::abs(offset_s) / 60;
  const char* const sign = offset_s < 0 ? "-" : (minutes == 0 ? "" : "+");
  return minutes % 60 == 0 ? fmt::format("{}{}", sign, minutes / 60)
                           : fmt::format("{}{}h{:02}", sign, minutes / 60, minutes % 60);
}

template <class T>
void append(std::vector<std::uint8_t>& out, T value) {
  const std::size_t at = out.size();
  out.resize(at + sizeof value);
  std::memcpy(&out[at], &value, sizeof value);
}

double code_of(const AnalogChannel& channel, float value, double limit) {
  const double a = channel.a == 0 ? 1 : channel.a;
  return std::clamp(std::round((static_cast<double>(value) - channel.b) / a), -limit, limit);
}

void append_value(std::vector<std::uint8_t>& out, const AnalogChannel& channel, DataKind kind,
                  float value) {
  const bool missing = !std::isfinite(value);
  switch (kind) {
    case DataKind::ascii:
      if (missing)
        fmt::format_to(std::back_inserter(out), ",");
      else
        fmt::format_to(std::back_inserter(out), ",{}",
                       static_cast<std::int64_t>(code_of(channel, value, text_code_max)));
      break;
    case DataKind::binary:
      append(out, missing ? std::int16_t{-32768}
                          : static_cast<std::int16_t>(code_of(channel, value, binary_code_max)));
      break;
    case DataKind::binary32:
      append(out, missing ? std::int32_t{-2147483647 - 1}
                          : static_cast<std::int32_t>(code_of(channel, value, binary32_code_max)));
      break;
    case DataKind::float32:
      append(out, static_cast<float>((static_cast<double>(value) - channel.b) /
                                     (channel.a == 0 ? 1 : channel.a)));
      break;
  }
}

double seconds_of_row(const Config& config, std::uint64_t row) {
  double seconds = 0;
  std::uint64_t before = 0;
  for (const auto& section : config.sections) {
    const std::uint64_t end = std::min(row - 1, section.last);
    if (end > before) seconds += static_cast<double>(end - before) / section.rate_hz;
    before = std::max(before, end);
  }
  // Rows beyond the declared last go on at the last rate.
  return seconds + static_cast<double>(row - 1 - before) / config.sections.back().rate_hz;
}

}  // namespace

void scale_channel(AnalogChannel& channel, DataKind kind, double peak) {
  const double reach = peak > 0 && std::isfinite(peak) ? peak : 1;
  channel.b = 0;
  switch (kind) {
    case DataKind::float32:
      channel.a = 1;
      channel.code_max = 3.4028235e38;
      break;
    case DataKind::ascii:
      channel.a = reach / 90'000;
      channel.code_max = text_code_max;
      break;
    case DataKind::binary:
      channel.a = reach / binary_code_at_peak;
      channel.code_max = binary_code_max;
      break;
    case DataKind::binary32:
      channel.a = reach / 2e9;
      channel.code_max = binary32_code_max;
      break;
  }
  channel.code_min = -channel.code_max;
}

double time_multiplier_for(double duration_s) {
  double multiplier = 1;
  while (duration_s * 1e6 / multiplier > stamp_max && multiplier < 1e9) multiplier *= 10;
  return multiplier;
}

std::string write_config(const Config& config) {
  std::string out;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, "{},{},2013\r\n", without_separators(config.station),
                 without_separators(config.device));
  fmt::format_to(to, "{},{}A,{}D\r\n", config.analogs.size() + config.digitals.size(),
                 config.analogs.size(), config.digitals.size());
  int number = 0;
  for (const auto& c : config.analogs)
    fmt::format_to(to, "{},{},{},{},{},{},{},{},{},{},{},{},{}\r\n", ++number,
                   without_separators(c.name), without_separators(c.phase),
                   without_separators(c.component), without_separators(c.unit), c.a, c.b, c.skew_us,
                   c.code_min, c.code_max, c.primary, c.secondary, c.in_secondary ? 'S' : 'P');
  number = 0;
  for (const auto& c : config.digitals)
    fmt::format_to(to, "{},{},{},{},{}\r\n", ++number, without_separators(c.name),
                   without_separators(c.phase), without_separators(c.component),
                   c.normal_state ? 1 : 0);
  fmt::format_to(to, "{}\r\n{}\r\n", config.line_frequency_hz,
                 config.rates_known() ? config.sections.size() : 0);
  for (const auto& section : config.sections)
    fmt::format_to(to, "{},{}\r\n", section.rate_hz, section.last);
  fmt::format_to(to, "{}\r\n{}\r\n", date_time(config.start),
                 date_time(config.trigger ? config.trigger : config.start));
  fmt::format_to(to, "{}\r\n{}\r\n", name_of(config.kind), config.time_multiplier);
  const std::string zone = time_code(config.utc_offset_s.value_or(0));
  fmt::format_to(to, "{},{}\r\n{:X},3\r\n", zone, zone, config.time_quality.value_or(0));
  return out;
}

void append_rows(const Config& config, std::uint64_t first_row, std::span<const float> values,
                 std::span<const std::uint8_t> states, std::vector<std::uint8_t>& out) {
  const std::size_t analogs = config.analogs.size();
  const std::size_t digitals = config.digitals.size();
  EXPECTS(analogs > 0 && values.size() % analogs == 0 && config.rates_known() && first_row >= 1);
  const std::size_t rows = values.size() / analogs;
  EXPECTS(states.empty() || states.size() == rows * digitals);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::uint64_t number = first_row + r;
    const double stamp =
        std::min(std::round(seconds_of_row(config, number) / config.stamp_unit_s()), stamp_max);
    const bool text = config.kind == DataKind::ascii;
    if (text) {
      fmt::format_to(std::back_inserter(out), "{},{}", number, static_cast<std::uint64_t>(stamp));
    } else {
      append(out, static_cast<std::uint32_t>(number));
      append(out, static_cast<std::uint32_t>(stamp));
    }
    for (std::size_t k = 0; k < analogs; ++k)
      append_value(out, config.analogs[k], config.kind, values[r * analogs + k]);
    const auto state = [&](std::size_t k) {
      return states.empty() ? config.digitals[k].normal_state : states[r * digitals + k] != 0;
    };
    if (text) {
      for (std::size_t k = 0; k < digitals; ++k)
        fmt::format_to(std::back_inserter(out), ",{}", state(k) ? 1 : 0);
      fmt::format_to(std::back_inserter(out), "\r\n");
      continue;
    }
    for (std::size_t word = 0; word * 16 < digitals; ++word) {
      unsigned bits = 0;
      for (std::size_t k = word * 16; k < std::min(digitals, word * 16 + 16); ++k)
        bits |= (state(k) ? 1u : 0u) << (k - word * 16);
      append(out, static_cast<std::uint16_t>(bits));
    }
  }
}

}  // namespace polyphase::formats::comtrade
