#include "lab/session.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "modules/list.hpp"

namespace polyphase::lab {

void Findings::event(const registers::Event& event) noexcept {
  if (next != nullptr) next->event(event);
  if (events.size() >= kept_events_max) {
    ++dropped;
    return;
  }
  events.push_back({event, std::string(event.text)});
}

void Findings::disturbance(const registers::Disturbance& disturbance) noexcept {
  if (next != nullptr) next->disturbance(disturbance);
  if (disturbances.size() >= kept_events_max) {
    ++dropped;
    return;
  }
  disturbances.push_back(disturbance);
}

Result<Ratio> parse_ratio(std::string_view text) {
  const auto refuse = [&] {
    return fail(ErrorCode::invalid_config,
                fmt::format("'{}' is not a ratio; write it as 20000:100", text.substr(0, 64)));
  };
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return refuse();
  Ratio ratio;
  for (auto [part, value] : {std::pair{text.substr(0, colon), &ratio.primary},
                             std::pair{text.substr(colon + 1), &ratio.secondary}}) {
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), *value);
    if (error != std::errc{} || end != part.data() + part.size() || !(*value > 0) ||
        !std::isfinite(*value))
      return refuse();
  }
  return ratio;
}

Result<Settings> settings_of(const MeterOptions& options) {
  Settings sets;
  const auto number = [&](const char* target, const std::optional<double>& value) {
    if (value) sets.emplace_back(target, fmt::format("{}", *value));
  };
  number("FAC1.Nominal Voltage", options.nominal_voltage_v);
  number("FAC1.Nominal Current", options.nominal_current_a);
  number("FAC1.Nominal Frequency", options.nominal_frequency_hz);
  if (!options.wiring.empty()) sets.emplace_back("PM1.Volts Mode", options.wiring);
  if (options.pt) {
    number("PM1.PT Prim", options.pt->primary);
    number("PM1.PT Sec", options.pt->secondary);
  }
  if (options.ct) {
    number("PM1.CT Prim", options.ct->primary);
    number("PM1.CT Sec", options.ct->secondary);
  }
  number("SS1.Sag Lim", options.sag);
  number("SS1.Swell Lim", options.swell);
  number("SS1.Interruption Lim", options.interruption);
  number("SS1.Hysteresis", options.hysteresis);
  number("SS1.RVC Lim", options.rvc);
  for (const std::string& set : options.sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos)
      return fail(ErrorCode::invalid_config,
                  fmt::format("--set '{}' must read module.register=value", set));
    sets.emplace_back(set.substr(0, equals), set.substr(equals + 1));
  }
  return sets;
}

Result<std::unique_ptr<graph::Engine>> make_engine(const MeterOptions& options,
                                                   registers::Sinks& sinks) {
  auto device = modules::device_template(options.tier);
  if (!device) return tl::unexpected(device.error());
  auto made = graph::Engine::create(*device, modules::list(), sinks);
  if (!made) return tl::unexpected(made.error());
  graph::Engine& engine = **made;
  engine.publish(false);

  auto settings = settings_of(options);
  if (!settings) return tl::unexpected(settings.error());
  for (const auto& [target, value] : *settings)
    if (auto done = engine.set(target, value); !done) return tl::unexpected(done.error());
  return made;
}

}  // namespace polyphase::lab
