// fuzzes: formats/comtrade
#include <array>
#include <cstdint>

#include "formats/comtrade/configuration.hpp"
#include "formats/comtrade/records.hpp"

// The whole input as a single-file recording; and split at its first NUL into .cfg and .dat.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace comtrade = polyphase::formats::comtrade;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  std::string_view configuration_text = text.substr(0, text.find('\0')), records;
  if (configuration_text.size() < size) records = text.substr(configuration_text.size() + 1);
  if (const auto parts = comtrade::split_combined(text, "fuzz")) {
    configuration_text = parts->configuration;
    records = parts->data;
  }
  const auto configuration = comtrade::parse_configuration(configuration_text, "fuzz");
  if (!configuration) return 0;
  std::array<int, 8> channels{-1, -1, -1, -1, -1, -1, -1, -1};
  for (std::size_t c = 0; c < std::min<std::size_t>(channels.size(), configuration->analogs.size()); ++c)
    channels[c] = static_cast<int>(c);
  comtrade::RecordReader reader(*configuration, records, channels);
  comtrade::Record record;
  while (reader.next(record)) {
  }
  comtrade::RecordReader::count(*configuration, records);
  return 0;
}
