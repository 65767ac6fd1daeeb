#pragma once

#include <array>
#include <optional>

#include "graph/module.hpp"
#include "metering/datasets.hpp"
#include "pq/voltage_events.hpp"
#include "registers/sinks.hpp"

namespace polyphase::modules::sag_swell {

/// Finds the edges of voltage events in the waveform (pq/waveform_edge.hpp), and keeps an event
/// that is over back for the three cycles that this takes.
///
/// A sag or swell begins with the first of its channels and ends with the last; an interruption
/// begins with the last and ends with the first, as its thresholds do.
class EventEdges {
 public:
  using Kind = pq::VoltageEventKind;

  /// An event has begun; what is known of it.
  void started(Kind kind, const registers::Disturbance& event);
  /// It is over: update() or finish() tells it.
  void ended(Kind kind, const registers::Disturbance& event, const metering::HalfCycleData& data,
             graph::Step& step);

  /// Behind these, every half cycle; tells the events whose edges have been looked for.
  void update(const metering::HalfCycleData& data, graph::Step& step);
  /// No more samples will come.
  void finish(const metering::HalfCycleData& data, graph::Step& step);
  /// Where an event that is still open began.
  std::optional<Instant> begin_of(Kind kind) const { return begins_[index(kind)].edge; }

 private:
  struct Begin {
    registers::Disturbance event;
    bool looked_for = true;
    std::optional<Instant> edge;
  };
  struct Ended {
    Kind kind = Kind::sag;
    registers::Disturbance event;
    Begin begin;
  };
  static std::size_t index(Kind kind) { return static_cast<std::size_t>(kind); }
  static void look_for(Kind kind, Begin& begin, const metering::HalfCycleData& data);
  void tell_oldest(const metering::HalfCycleData& data, graph::Step& step);

  std::array<Begin, 3> begins_{};  ///< by kind
  std::array<Ended, 8>
      ended_{};  ///< no more end within three cycles; one that does is told at once
  std::size_t first_ = 0, count_ = 0;
};

}  // namespace polyphase::modules::sag_swell
