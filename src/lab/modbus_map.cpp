#include "lab/modbus_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "lab/session.hpp"
#include "text/csv.hpp"
#include "wire/modbus/map.hpp"

namespace polyphase::lab {
namespace {

using wire::modbus::Format;
using wire::modbus::MapEntry;

/// One value and the module that maps it.
struct MapRow {
  MapEntry entry;
  std::string module;
};

const char* access_of(const graph::Engine& engine, registers::Index index) {
  const registers::RegisterInfo& info = engine.registers().info(index);
  const graph::Network& network = engine.network();
  const std::string& type = network.nodes()[network.owner(index)]->descriptor->type;
  const bool writable =
      info.role == registers::Role::setup ? !info.fixed : type.starts_with("External ");
  return writable ? "read write" : "read";
}

/// "kWh" of a register that holds thousands of them: "Wh".
std::string unit_of(const registers::RegisterInfo& info, double scale) {
  if (scale == 1 || info.unit.empty()) return info.unit;
  if (scale == 1'000 && info.unit.front() == 'k') return info.unit.substr(1);
  return fmt::format("{} / {}", info.unit, scale);
}

std::string line_of(const graph::Engine& engine, const MapRow& row) {
  const MapEntry& entry = row.entry;
  std::array<std::string, 10> cells;
  cells[0] = fmt::format("{}", entry.first);
  cells[1] = fmt::format("{}", entry.first - 1);
  cells[2] = fmt::format("{}", entry.registers);
  cells[3] = wire::modbus::format_names[static_cast<std::size_t>(entry.format)];
  cells[4] = "reserved";
  cells[5] = entry.label;
  cells[9] = row.module;
  if (const auto index = engine.registers().find(entry.label)) {
    const registers::RegisterInfo& info = engine.registers().info(*index);
    cells[4] = access_of(engine, *index);
    cells[6] = unit_of(info, entry.scale);
    cells[7] = info.definition;
    if (info.type == registers::RegisterType::enumerated)
      for (std::size_t i = 0; i < info.choices.size(); ++i)
        cells[7] += fmt::format("{}{} {}", i == 0 ? ": " : ", ", i, info.choices[i]);
    cells[8] = info.module + "." + info.name;
  }
  for (std::string& cell : cells) cell = text::csv_field(cell);
  return fmt::format("{}\n", fmt::join(cells, ","));
}

Result<std::vector<MapRow>> rows_of(const graph::Engine& engine) {
  std::vector<MapRow> rows;
  for (const auto& node : engine.network().nodes()) {
    if (node->descriptor->type != "Data Mapping") continue;
    for (const char* name : {"Map", "Setup Map"}) {
      const auto index = engine.registers().find(node->name + "." + name);
      if (!index) continue;
      auto entries = wire::modbus::parse_map(engine.registers().text(*index));
      if (!entries) {
        entries.error().where = node->name + "." + name;
        return tl::unexpected(entries.error());
      }
      for (MapEntry& entry : *entries) rows.push_back({std::move(entry), node->name});
    }
  }
  std::stable_sort(rows.begin(), rows.end(),
                   [](const MapRow& a, const MapRow& b) { return a.entry.first < b.entry.first; });
  for (std::size_t i = 1; i < rows.size(); ++i)
    if (rows[i].entry.first < rows[i - 1].entry.first + rows[i - 1].entry.registers)
      return fail(ErrorCode::invalid_config,
                  fmt::format("register {} of '{}' is taken by '{}'", rows[i].entry.first,
                              rows[i].entry.label, rows[i - 1].entry.label),
                  rows[i].module);
  return rows;
}

}  // namespace

Result<std::string> modbus_map_table() {
  Findings findings;
  auto engine = make_engine({}, findings);
  if (!engine) return tl::unexpected(engine.error());
  auto rows = rows_of(**engine);
  if (!rows) return tl::unexpected(rows.error());
  std::string out =
      "register,address,registers,format,access,label,unit,definition,module.register,mapped by\n";
  for (const MapRow& row : *rows) out += line_of(**engine, row);
  return out;
}

}  // namespace polyphase::lab
