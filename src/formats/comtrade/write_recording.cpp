#include "formats/comtrade/write_recording.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstring>

namespace polyphase::formats::comtrade {
namespace {

std::string date_text(Instant instant) {
  const CivilTime t = civil_of(instant.plus_ns(500));
  return fmt::format("{:02}/{:02}/{:04},{:02}:{:02}:{:02}.{:06}", t.day, t.month, t.year, t.hour,
                     t.minute, t.second, t.nanosecond / 1000);
}

template <class T>
void append(std::string& data, T value) {
  char bytes[sizeof value];
  std::memcpy(bytes, &value, sizeof value);
  data.append(bytes, sizeof value);
}

}  // namespace

std::string configuration_text(const std::string& station,
                               const std::vector<WrittenChannel>& channels,
                               double line_frequency_hz, double sample_rate_hz,
                               std::uint64_t samples, Instant start) {
  std::string text =
      fmt::format("{},polyphase,2013\r\n{},{}A,0D\r\n", station, channels.size(), channels.size());
  for (std::size_t i = 0; i < channels.size(); ++i)
    text += fmt::format("{},{},{},,{},1,0,0,-3.4e38,3.4e38,1,1,P\r\n", i + 1, channels[i].name,
                        channels[i].phase, channels[i].unit);
  text +=
      fmt::format("{}\r\n1\r\n{},{}\r\n{}\r\n{}\r\nFLOAT32\r\n1\r\n0,0\r\n0,0\r\n",
                  line_frequency_hz, sample_rate_hz, samples, date_text(start), date_text(start));
  return text;
}

void append_record(std::string& data, std::uint64_t number, double time_us, const float* values,
                   std::size_t count) {
  constexpr double stamp_max = 4'294'967'294.0;  // 0xffffffff means: no time stamp
  append(data, static_cast<std::uint32_t>(number));
  append(data,
         time_us > stamp_max ? 0xffffffffu : static_cast<std::uint32_t>(std::llround(time_us)));
  for (std::size_t i = 0; i < count; ++i) append(data, values[i]);
}

}  // namespace polyphase::formats::comtrade
