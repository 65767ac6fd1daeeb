#include "protocols/modbus/point_map.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "registers/value_text.hpp"

namespace polyphase::protocols::modbus {
namespace {

using control::Catalogue;
using control::ModuleInfo;
using registers::RegisterType;
using registers::Role;

/// The setup register of a module, by name.
std::optional<Index> setting(const Catalogue& catalogue, const ModuleInfo& module,
                             std::string_view name) {
  for (Index i = module.first_setup; i < module.first_setup + module.setup_count; ++i)
    if (catalogue.registers.info(i).name == name) return i;
  return std::nullopt;
}

double number_of(const Catalogue& catalogue, const ModuleInfo& module, std::string_view name,
                 double otherwise) {
  const auto index = setting(catalogue, module, name);
  return index ? catalogue.registers.value(*index).number : otherwise;
}

/// What may be written at all; whether this client may is the meter's to say.
bool writable(const Catalogue& catalogue, Index index) {
  const registers::RegisterInfo& info = catalogue.registers.info(index);
  if (info.role == Role::setup) return !info.fixed;
  return catalogue.owner(index).type.starts_with("External ");
}

bool has_values(const registers::RegisterInfo& info, Format format) {
  if (info.type == RegisterType::string) return format == Format::utf8;
  return format != Format::utf8 && info.type <= RegisterType::pulse;
}

class Builder {
 public:
  explicit Builder(const Catalogue& catalogue) : catalogue_(catalogue) {
    taken_.resize(wire::modbus::register_max + 1);
  }

  PointMap build() {
    const Mode mode = read_mode();
    for (const ModuleInfo& module : catalogue_.modules)
      if (module.type == "Data Mapping" && (mode == Mode::standard || mode == Mode::modified))
        add_mapping(module);
    const std::size_t standard = map_.points.size();
    for (const ModuleInfo& module : catalogue_.modules)
      if (module.type == "Modbus Slave" && (mode == Mode::modified || mode == Mode::custom))
        add_slave(module);
    measure_own(standard);
    const auto by_number = [](const Bit& a, const Bit& b) { return a.number < b.number; };
    std::stable_sort(map_.coils.begin(), map_.coils.end(), by_number);
    std::stable_sort(map_.inputs.begin(), map_.inputs.end(), by_number);
    return std::move(map_);
  }

 private:
  // In the order of the choices of Modbus Options.
  enum class Mode { standard, modified, custom, disabled };

  Mode read_mode() {
    for (const ModuleInfo& module : catalogue_.modules) {
      if (module.type != "Modbus Options") continue;
      const auto index = setting(catalogue_, module, "Map Mode");
      if (!index) continue;
      const double mode = catalogue_.registers.value(*index).number;
      map_.mode = registers::value_text(catalogue_.registers.info(*index), mode);
      return static_cast<Mode>(mode);
    }
    return Mode::modified;
  }

  void measure_own(std::size_t from) {
    for (std::size_t i = from; i < map_.points.size(); ++i) {
      const Point& point = map_.points[i];
      const std::uint32_t last = point.first + point.registers - 1;
      map_.own_first = map_.own_first == 0 ? point.first : std::min(map_.own_first, point.first);
      map_.own_last = std::max(map_.own_last, last);
      map_.own_registers += point.registers;
    }
  }

  void remark(std::string text) {
    if (map_.remarks.size() < remarks_max) map_.remarks.push_back(std::move(text));
  }

  bool claim(const ModuleInfo& module, const Point& point) {
    if (map_.points.size() >= points_max) {
      remark(fmt::format("{}: more than {} values are mapped", module.name, points_max));
      return false;
    }
    for (std::uint32_t i = point.first; i < point.first + point.registers; ++i)
      if (i > wire::modbus::register_max || taken_[i]) {
        remark(fmt::format("{}: register {} is taken; move it, or switch off what has it",
                           module.name, i));
        return false;
      }
    for (std::uint32_t i = point.first; i < point.first + point.registers; ++i) taken_[i] = true;
    map_.points.push_back(point);
    return true;
  }

  void add_mapping(const ModuleInfo& module) {
    for (const auto& [enable, map] :
         {std::pair{"Modbus Map Enable", "Map"}, std::pair{"Cfg Modbus Map Enable", "Setup Map"}}) {
      const auto text = setting(catalogue_, module, map);
      if (!text || number_of(catalogue_, module, enable, 1) == 0) continue;
      const auto entries = wire::modbus::parse_map(catalogue_.registers.text(*text));
      if (!entries) {
        remark(fmt::format("{}: {}, {}", module.name, map, entries.error().message));
        continue;
      }
      for (const auto& entry : *entries) add_entry(module, entry);
    }
  }

  void add_entry(const ModuleInfo& module, const wire::modbus::MapEntry& entry) {
    Point point;
    point.first = entry.first;
    point.registers = entry.registers;
    point.format = entry.format;
    point.scale = entry.scale;
    // A label that this meter does not have keeps its registers: they are reserved.
    const auto index = catalogue_.registers.find(entry.label);
    if (!index && !entry.may_lack)
      remark(
          fmt::format("{}: register {} has a label that does not exist, '{}'; near it: {}; "
                      "write '{}?' where it may be missing",
                      module.name, entry.first, entry.label,
                      fmt::join(catalogue_.registers.nearest(entry.label, 2), ", "), entry.label));
    if (index && has_values(catalogue_.registers.info(*index), entry.format)) {
      point.source = *index;
      point.writable = writable(catalogue_, *index);
    }
    claim(module, point);
  }

  void add_slave(const ModuleInfo& module) {
    const double base = number_of(catalogue_, module, "BaseAddr", 0);
    if (base < 1) return;
    if (!module.online && !module.offline_reason.empty()) {
      remark(fmt::format("{}: {}", module.name, module.offline_reason));
      return;
    }
    Point point;
    point.first = static_cast<std::uint32_t>(base);
    point.format = static_cast<Format>(number_of(catalogue_, module, "Format", 0));
    if (point.format == Format::packed_inputs || point.format == Format::packed_coils)
      return add_packed(module, point);
    point.registers = static_cast<std::uint16_t>(wire::modbus::registers_of(point.format));
    if (number_of(catalogue_, module, "Scaling", 0) != 0) scale(module, point);
    for (std::size_t i = 0; i < std::min(module.inputs.size(), packed_sources); ++i) {
      point.source = module.inputs[i].source;
      point.writable = point.format == Format::uint16_write && point.source != no_register &&
                       writable(catalogue_, point.source);
      if (!claim(module, point)) return;
      point.first += point.registers;
    }
  }

  void scale(const ModuleInfo& module, Point& point) const {
    const double in_zero = number_of(catalogue_, module, "InZero", 0);
    const double in_full = number_of(catalogue_, module, "InFull", 1);
    const double out_zero = number_of(catalogue_, module, "OutZero", 0);
    const double out_full = number_of(catalogue_, module, "OutFull", 1);
    if (in_full == in_zero || out_full == out_zero) return;
    point.scale = (out_full - out_zero) / (in_full - in_zero);
    point.offset = out_zero - in_zero * point.scale;
    point.low = std::min(out_zero, out_full);
    point.high = std::max(out_zero, out_full);
  }

  void add_packed(const ModuleInfo& module, Point point) {
    point.bits.fill(no_register);
    auto& bits = point.format == Format::packed_coils ? map_.coils : map_.inputs;
    const std::size_t count = std::min(module.inputs.size(), packed_sources);
    for (std::size_t i = 0; i < count; ++i) point.bits[i] = module.inputs[i].source;
    if (!claim(module, point)) return;
    for (std::size_t i = 0; i < count; ++i)
      bits.push_back(
          {point.first + static_cast<std::uint32_t>(i), point.first, static_cast<std::uint8_t>(i)});
  }

  const Catalogue& catalogue_;
  PointMap map_;
  std::vector<bool> taken_;
};

}  // namespace

PointMap point_map_of(const control::Catalogue& catalogue) { return Builder(catalogue).build(); }

}  // namespace polyphase::protocols::modbus
