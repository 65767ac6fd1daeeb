#pragma once

#include <string>
#include <utility>
#include <vector>

#include "lab/recording_watch.hpp"
#include "registers/table.hpp"
#include "sources/recording/recording.hpp"
#include "text/json.hpp"

namespace polyphase::lab {

/// What the head of every report says: what, and which.
using Facts = std::vector<std::pair<std::string, std::string>>;

/// What was recorded, and how well.
struct RecordingFacts {
  SourceInfo source;
  Instant first, end;
  std::vector<std::string> notes;  ///< the mapping of the channels, what was not found
  sources::recording::Missing missing;
  Doubts doubts;
};

/// Sampling rate, inputs, gaps, what was clipped, the clock.
Facts facts_of(const RecordingFacts& recording);
/// Wiring, nominal values, ratios where there are any, the lamp of the flickermeter.
Facts meter_facts(const registers::RegisterTable& table);
/// The inputs that the wiring has and the recording does not: "V2, V3"; empty: none. In a
/// three-wire system one voltage and one current follow from the others; of a single phase the
/// second is only wanting where part of it is there.
std::string missing_inputs(const registers::RegisterTable& table, ChannelMask present,
                           bool currents_too);
/// What is wrong about the recording or the setup, and what to do; without "warning: ".
std::vector<std::string> warnings_of(const Doubts& doubts, const registers::RegisterTable& table);
/// Members of the object that is open, all but the notes.
void put_recording(text::JsonWriter& json, const RecordingFacts& recording);

/// "1, 0.25 s"
std::string stretches_text(const sources::recording::Stretches& stretches);
/// "V1 2 s, V3 1 s of seconds"
std::string clipped_text(const Doubts& doubts);
/// "2 h 14 min", "8.5 s".
std::string duration_text(double seconds);

}  // namespace polyphase::lab
