#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "base/direction.hpp"
#include "base/quality.hpp"
#include "base/samples.hpp"
#include "base/time.hpp"
#include "registers/register.hpp"

namespace polyphase::registers {

/// Priorities of the event groups that modules share (ion-modules facts, section 1.11).
namespace priority {
inline constexpr std::uint8_t reset = 5, setup_change = 10, information = 25, warning = 30,
                              failure = 255;
}

/// One line of the event log: what happened (effect) because of what (cause).
struct Event {
  Instant time;
  std::uint8_t priority = 0;
  Index cause = no_register;   ///< register whose value triggered it, when there is one
  double cause_value = not_available;
  Index effect = no_register;  ///< register of the module that tells the event
  double effect_value = not_available;
  std::string_view text;       ///< a literal: "dropped out", "loop refused"
  std::string_view actor = {};  ///< user who caused it, where somebody did
};

/// A power-quality event or a setpoint's: one per polyphase disturbance, told when it has ended (or
/// when the samples have, then `open`).
struct Disturbance {
  struct PerChannel {
    bool affected = false;
    double extreme = not_available;     ///< in the unit of the channel
    double duration_s = not_available;
  };
  std::string_view type;                ///< "sag", "swell", "interruption"; or
  Index setpoint = no_register;         ///< ...whose label is the type
  Instant time, end;
  double duration_s = not_available;    ///< N/A: from time to end
  bool open = false;
  double nominal = not_available;       ///< what extremes are related to
  double extreme = not_available;
  std::array<PerChannel, channel_count> per_channel{};
  double delta_max = not_available;     ///< of rapid voltage changes
  double delta_ss = not_available;
  std::optional<Instant> edge_start;    ///< first sample of it, where the waveform shows that
  std::optional<Instant> edge_end;      ///< first sample behind it, likewise
  std::optional<DirectionFinding> direction;  ///< where it was looked for
  std::uint8_t priority = 0;
  Quality quality;

  double duration() const { return available(duration_s) ? duration_s : seconds_between(time, end); }
};

/// One record of a data recorder, and of which kind the log is that it belongs to. Without columns:
/// no record, only that the log is cleared now (begins_anew).
struct LogRecord {
  Instant time;
  Index log = no_register;         ///< the recorder's output of type log; its label names the log
  std::span<const Index> columns;  ///< the registers that are recorded
  std::span<const Value> values;   ///< of these, as many
  std::uint32_t depth = 0;         ///< how many records are kept
  bool begins_anew = false;        ///< the recorder was set up anew: what the log holds goes first
  std::uint32_t buffer_depth = 0;  ///< how many may wait to be stored; 0: as many as there is room
};

/// Where modules emit what must be kept. Called on the engine's thread: neither blocks nor allocates
/// there unless the implementation belongs to an offline run.
class Sinks {
 public:
  virtual ~Sinks() = default;
  virtual void event(const Event& event) noexcept = 0;
  virtual void disturbance(const Disturbance& disturbance) noexcept = 0;
  virtual void record(const LogRecord& record) noexcept = 0;
};

}  // namespace polyphase::registers
