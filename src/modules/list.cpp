#include "modules/list.hpp"

#include <fmt/format.h>

#include <array>

#include "modules/acquisition/acquisition.hpp"
#include "modules/power_meter/power_meter.hpp"

namespace polyphase::embedded {
std::string_view device_template_text(std::string_view file_name);
}

namespace polyphase::modules {
namespace {

constexpr std::array types{
    graph::ModuleType{acquisition::descriptor, acquisition::create},
    graph::ModuleType{power_meter::descriptor, power_meter::create},
    graph::ModuleType{power_meter::high_speed_descriptor, power_meter::create_high_speed},
    graph::ModuleType{power_meter::window_descriptor, power_meter::create_window},
    graph::ModuleType{power_meter::secondary_descriptor, power_meter::create_secondary},
};

std::string_view text_of(std::string_view tier) {
  return embedded::device_template_text(fmt::format("{}.toml", tier));
}

}  // namespace

std::span<const graph::ModuleType> list() { return types; }

Result<graph::Template> device_template(std::string_view tier) {
  const std::string_view text = text_of(tier);
  if (text.empty())
    return fail(ErrorCode::not_found,
                fmt::format("'{}' is not a tier: advanced, standard or essential", tier));
  return graph::parse_template(text, fmt::format("{}.toml", tier), text_of);
}

}  // namespace polyphase::modules
