// fuzzes: formats/comtrade
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "formats/comtrade/cff.hpp"
#include "formats/comtrade/rows.hpp"

// The whole input as a single-file recording; else split at its first NUL into .cfg and .dat.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace comtrade = polyphase::formats::comtrade;
  std::span<const std::uint8_t> bytes(data, size), records;
  std::string_view config_text(reinterpret_cast<const char*>(data), size);
  if (comtrade::is_combined(bytes)) {
    const auto parts = comtrade::split_combined(bytes, "fuzz");
    if (!parts) return 0;
    config_text = parts->config;
    records = parts->data;
  } else {
    config_text = config_text.substr(0, config_text.find('\0'));
    if (config_text.size() < size) records = bytes.subspan(config_text.size() + 1);
  }
  const auto config = comtrade::parse_config(config_text, "fuzz");
  if (!config) return 0;
  std::vector<std::string> warnings;
  auto reader = comtrade::RowReader::create(*config, records, "fuzz", warnings);
  if (!reader) return 0;
  std::vector<comtrade::Pick> picks;
  for (std::size_t i = 0; i < std::min<std::size_t>(config->analogs.size(), 8); ++i)
    picks.push_back({i, i, 1.5});
  reader->choose(picks);
  std::vector<polyphase::Frame> frames(64);
  std::uint64_t rows = 0;
  for (comtrade::RowsRead read; (read = reader->read(frames)).count > 0;) {
    rows += read.count;
    // A frame holds numbers, or says that it does not.
    for (std::size_t n = 0; n < read.count; ++n)
      for (const float value : frames[n].value)
        if (!std::isfinite(value) && !(read.missing && std::isnan(value))) std::abort();
  }
  if (rows != reader->row_count() || reader->stamps_s().size() != rows) std::abort();
  for (const comtrade::Hole& hole : reader->holes(1'000))
    if (hole.row == 0 || hole.row >= rows || hole.missing == 0) std::abort();
  return 0;
}
