#include "lab/live_table.hpp"

#include <fmt/format.h>

#include "lab/event_list.hpp"

namespace polyphase::lab {
namespace {

std::string to_the_second(Instant time) { return to_iso8601(time).substr(0, 19) + "Z"; }

}  // namespace

std::string LiveTable::value(std::string_view label, int decimals) const {
  const auto index = table_.find(label);
  const double number = index ? table_.value(*index).number : registers::not_available;
  return registers::available(number) ? fmt::format("{:.{}f}", number, decimals) : "N/A";
}

std::string LiveTable::row(const char* name, std::array<const char*, 4> labels, const char* unit,
                           int decimals) const {
  std::string out = fmt::format("  {:<13}", name);
  for (const char* label : labels)
    out += fmt::format("{:>13}", *label == '\0' ? "" : value(label, decimals));
  return out + fmt::format("  {}\n", unit);
}

std::string LiveTable::latest_events() const {
  constexpr std::size_t shown = 5;
  std::string out;
  const auto& list = findings_.disturbances;
  for (std::size_t i = 0; i < shown; ++i) {
    if (i >= list.size()) {
      out += "  -\n";
      continue;
    }
    const registers::Disturbance& d = list[list.size() - 1 - i];
    std::string channels;
    for (std::size_t c = 0; c < channel_count; ++c)
      if (d.per_channel[c].affected)
        channels += fmt::format("{}{}", channels.empty() ? "" : " ", channel_names[c]);
    const std::string extreme =
        d.nominal > 0 ? fmt::format("{:.1f} %", 100 * d.extreme / d.nominal) : "";
    const std::string lasted =
        d.open ? "open" : fmt::format("{:.3f} s", d.duration());
    out += fmt::format("  {}  {:<14} {:<12} {:>9} {:>12}\n", to_iso8601(d.time).substr(0, 23),
                       type_of(d, table_), channels, extreme, lasted);
  }
  return out;
}

std::string LiveTable::page(Instant now) const {
  std::string out = fmt::format("{}   {}\n\n", title_, to_the_second(now));
  out += fmt::format("  {:<13}{:>13}{:>13}{:>13}{:>13}\n", "", "a", "b", "c", "total");
  out += row("voltage L-N", {"Vln a", "Vln b", "Vln c", "Vln avg"}, "V", 2);
  out += row("voltage L-L", {"Vll ab", "Vll bc", "Vll ca", "Vll avg"}, "V", 2);
  out += row("current", {"I a", "I b", "I c", "I avg"}, "A", 2);
  out += row("active", {"kW a", "kW b", "kW c", "kW tot"}, "kW", 3);
  out += row("reactive", {"kVAR a", "kVAR b", "kVAR c", "kVAR tot"}, "kVAR", 3);
  out += row("apparent", {"kVA a", "kVA b", "kVA c", "kVA tot"}, "kVA", 3);
  out += row("power factor", {"PF sign a", "PF sign b", "PF sign c", "PF sign tot"}, "", 3);
  out += row("THD voltage", {"V1 THD", "V2 THD", "V3 THD", ""}, "%", 2);
  out += row("THD current", {"I1 THD", "I2 THD", "I3 THD", ""}, "%", 2);
  out += fmt::format("\n  frequency     {} Hz   unbalance {} %   neutral {} A\n", value("Freq", 4),
                     value("V unbal", 2), value("I 4", 2));
  out += fmt::format("  energy        {} kWh delivered, {} kWh received, {} kVARh\n",
                     value("kWh del", 4), value("kWh rec", 4), value("kVARh del", 4));
  out += fmt::format("  demand        {} kW, predicted {} kW, maximum {} kW\n",
                     value("kW sd del", 3), value("kW pd del", 3), value("kW sd mx del", 3));
  return out + "\n  latest events\n" + latest_events();
}

std::string LiveTable::line(Instant now) const {
  return fmt::format("{}  {} V  {} A  {} kW  PF {}  {} Hz  {} kWh  {} event{}\n", to_the_second(now),
                     value("Vln avg", 2), value("I avg", 2), value("kW tot", 3),
                     value("PF sign tot", 3), value("Freq", 4), value("kWh del", 4),
                     findings_.disturbances.size(), findings_.disturbances.size() == 1 ? "" : "s");
}

}  // namespace polyphase::lab
