// fuzzes: formats/csv
#include "formats/csv/csv.hpp"

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  namespace csv = polyphase::formats::csv;
  const auto table = csv::parse({data, size}, "fuzz");
  if (!table) return 0;
  csv::RowReader reader(*table);
  std::vector<csv::Pick> picks;
  for (std::size_t i = 0; i < table->columns.size() && i < 8; ++i) picks.push_back({i, i, 2});
  reader.choose(picks);
  std::vector<polyphase::Frame> frames(64);
  std::uint64_t rows = 0;
  while (true) {
    bool missing = false;
    const std::size_t count = reader.read(frames, missing);
    if (count == 0) break;
    rows += count;
    for (std::size_t n = 0; n < count; ++n)
      for (const float value : frames[n].value)
        if (!std::isfinite(value) && !(missing && std::isnan(value))) std::abort();
  }
  if (rows != table->row_count) std::abort();
  if (table->time_kind != csv::TimeKind::none) {
    const auto times = csv::read_times(*table);
    if (times && times->seconds.size() != rows) std::abort();
  }
  return 0;
}
