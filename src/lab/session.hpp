#pragma once

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/engine.hpp"

namespace polyphase::lab {

struct Ratio {
  double primary = 1, secondary = 1;
};

/// How a meter is set up for a recording or a simulated feeder.
struct MeterOptions {
  std::string tier = "advanced";
  std::optional<double> nominal_voltage_v, nominal_current_a, nominal_frequency_hz;
  std::string wiring;  ///< 4w-wye, 3w-wye, delta, single, demo; empty: the template's
  std::optional<Ratio> pt, ct;
  std::optional<double> sag, swell, interruption, hysteresis,
      rvc;                        ///< percent of the nominal voltage
  std::vector<std::string> sets;  ///< "module.register=value"
};

inline constexpr std::size_t kept_events_max = 1'000'000;

/// What was told: kept in memory, for offline work, and handed on. Beyond the bound it counts.
class Findings final : public registers::Sinks {
 public:
  struct KeptEvent {
    registers::Event event;
    std::string text;
  };
  void event(const registers::Event& event) noexcept override;
  void disturbance(const registers::Disturbance& disturbance) noexcept override;
  void record(const registers::LogRecord& record) noexcept override {
    if (next != nullptr) next->record(record);
  }

  std::deque<KeptEvent> events;
  std::deque<registers::Disturbance> disturbances;
  std::size_t dropped = 0;
  registers::Sinks* next = nullptr;  ///< is told the same
};

/// Setup registers by name, and their values as text.
using Settings = std::vector<std::pair<std::string, std::string>>;

/// The setup registers that the options set, the last of a name winning.
/// errors  invalid_config: a set that is none
Result<Settings> settings_of(const MeterOptions& options);

/// Builds an engine by the options; start() it with the source.
/// errors  not_found, invalid_config: what cannot be set up as asked
Result<std::unique_ptr<graph::Engine>> make_engine(const MeterOptions& options,
                                                   registers::Sinks& sinks);

/// "P:S", both above zero. errors  invalid_config
Result<Ratio> parse_ratio(std::string_view text);

}  // namespace polyphase::lab
