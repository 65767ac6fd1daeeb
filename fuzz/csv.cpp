// fuzzes: formats/csv
#include <cstdint>
#include <vector>

#include "formats/csv/table.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto table = polyphase::formats::csv::Table::open({reinterpret_cast<const char*>(data), size}, "fuzz");
  if (!table) return 0;
  std::vector<double> row(table->columns().size());
  double time = 0;
  while (table->next(time, row)) {
  }
  return 0;
}
