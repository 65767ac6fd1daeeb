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
