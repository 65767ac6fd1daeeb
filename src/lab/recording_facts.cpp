#include "lab/recording_facts.hpp"

#include <fmt/format.h>

#include <cmath>

#include "registers/value_text.hpp"

namespace polyphase::lab {
namespace {

using sources::recording::Stretches;

double number_of(const registers::RegisterTable& table, const char* name) {
  const auto index = table.find(name);
  return index ? table.value(*index).number : registers::not_available;
}

std::string text_of(const registers::RegisterTable& table, const char* name) {
  const auto index = table.find(name);
  return index ? registers::value_text(table.info(*index), table.value(*index).number) : "";
}

std::string channels_text(ChannelMask present) {
  std::string names;
  for (std::size_t c = 0; c < channel_count; ++c)
    if ((static_cast<unsigned>(present) >> c & 1u) != 0)
      names += fmt::format("{}{}", names.empty() ? "" : " ", channel_names[c]);
  return names;
}

void add_stretches(Facts& facts, const char* what, const Stretches& stretches) {
  facts.emplace_back(what, stretches.count > 0 ? stretches_text(stretches) : std::string("none"));
  for (const auto& stretch : stretches.first)
    facts.emplace_back(
        "", fmt::format("{:.6g} s from {} on", stretch.length_s, to_iso8601(stretch.begin)));
  if (stretches.count > stretches.first.size())
    facts.emplace_back("", fmt::format("and {} more", stretches.count - stretches.first.size()));
}

std::string clock_text(const Doubts& doubts) {
  if (doubts.of.empty()) return "not known";
  if (doubts.unsynchronised_s == 0) return "nothing is marked as not synchronised";
  return fmt::format("not synchronised to UTC for {} of {}", duration_text(doubts.unsynchronised_s),
                     duration_text(doubts.length_s));
}

// AUTO goes by the nominal frequency, as the module has it.
std::string lamp_text(const std::string& lamp, double nominal_hz) {
  if (lamp != "AUTO") return lamp == "120V" ? "120 V, as set" : "230 V, as set";
  return nominal_hz == 60 ? "120 V, by the nominal frequency" : "230 V, by the nominal frequency";
}

}  // namespace

std::string duration_text(double seconds) {
  if (seconds < 60) return fmt::format("{:.6g} s", seconds);
  std::string out;
  long long rest = std::llround(seconds);
  for (const auto& [length, unit] :
       {std::pair{86'400LL, "d"}, {3'600LL, "h"}, {60LL, "min"}, {1LL, "s"}}) {
    if (rest >= length) out += fmt::format("{}{} {}", out.empty() ? "" : " ", rest / length, unit);
    rest %= length;
  }
  return out;
}

std::string stretches_text(const Stretches& stretches) {
  return fmt::format("{}, {:.6g} s", stretches.count, stretches.length_s);
}

std::string clipped_text(const Doubts& doubts) {
  std::string out;
  for (const Doubts::Clipped& clipped : doubts.clipped)
    out += fmt::format("{}{} {:.6g} s", out.empty() ? "" : ", ", clipped.input, clipped.length_s);
  return fmt::format("{} of {}", out, doubts.of);
}

Facts facts_of(const RecordingFacts& recording) {
  Facts facts{
      {"Sampling rate", fmt::format("{:.6g} samples a second", recording.source.sample_rate_hz)},
      {"Channels", channels_text(recording.source.channels_present)}};
  for (const std::string& note : recording.notes)
    facts.emplace_back(note.find(": mapping ") != std::string::npos ? "Inputs" : "Note", note);
  add_stretches(facts, "Gaps", recording.missing.gaps);
  add_stretches(facts, "Bridged", recording.missing.bridged);
  facts.emplace_back("Clipped",
                     recording.doubts.clipped.empty() ? "nothing" : clipped_text(recording.doubts));
  facts.emplace_back("Clock", clock_text(recording.doubts));
  return facts;
}

Facts meter_facts(const registers::RegisterTable& table) {
  const double volts = number_of(table, "FAC1.Nominal Voltage"),
               amperes = number_of(table, "FAC1.Nominal Current"),
               hertz = number_of(table, "FAC1.Nominal Frequency");
  Facts facts{{"Wiring", text_of(table, "PM1.Volts Mode") + ", phase order " +
                             text_of(table, "PM1.PhaseOrder")},
              {"Nominal voltage", volts > 0 ? fmt::format("{:g} V", volts) : "not set"},
              {"Nominal frequency", fmt::format("{:g} Hz", hertz > 0 ? hertz : 50)}};
  if (amperes > 0) facts.emplace_back("Nominal current", fmt::format("{:g} A", amperes));
  const auto add_ratio = [&](const char* what, const char* primary, const char* secondary) {
    const double p = number_of(table, primary), s = number_of(table, secondary);
    if (registers::available(p) && p != s) facts.emplace_back(what, fmt::format("{:g}:{:g}", p, s));
  };
  add_ratio("Voltage transformers", "PM1.PT Prim", "PM1.PT Sec");
  add_ratio("Current transformers", "PM1.CT Prim", "PM1.CT Sec");
  add_ratio("Current transformer of I4", "PM1.I4 CT Prim", "PM1.I4 CT Sec");
  if (const std::string lamp = text_of(table, "FLK1.Lamp"); !lamp.empty())
    facts.emplace_back("Flicker lamp", lamp_text(lamp, hertz));
  return facts;
}

std::string missing_inputs(const registers::RegisterTable& table, ChannelMask present,
                           bool currents_too) {
  const std::string mode = text_of(table, "PM1.Volts Mode");
  if (mode == "DEMO") return {};
  const bool three_wire = mode == "3W-WYE" || mode == "DELTA";
  const unsigned seconds = currents_too ? 0x22 : 0x02;  // of a single phase, if any the other too
  const std::size_t count = mode != "SINGLE" ? 3 : (present & seconds) != 0 ? 2 : 1;
  std::vector<std::string_view> names;
  for (const std::size_t first : {0u, 4u}) {
    if (first > 0 && !currents_too) break;
    const std::size_t before = names.size();
    for (std::size_t c = first; c < first + count; ++c)
      if ((static_cast<unsigned>(present) >> c & 1u) == 0) names.emplace_back(channel_names[c]);
    if (three_wire && names.size() == before + 1) names.pop_back();
  }
  return fmt::format("{}", fmt::join(names, ", "));
}

std::vector<std::string> warnings_of(const Doubts& doubts, const registers::RegisterTable& table) {
  if (!doubts.reversed()) return {};
  const std::string order = text_of(table, "PM1.PhaseOrder");
  return {fmt::format(
      "for {:.3g} % of the time the phases rotate against the phase order {}: swap two inputs "
      "(--map, voltages and currents alike), or set the order with --set PM1.PhaseOrder={}; until "
      "then unbalance by symmetrical components means nothing",
      100 * doubts.reversed_s / doubts.rotating_s, order, order == "ABC" ? "ACB" : "ABC")};
}

void put_recording(text::JsonWriter& json, const RecordingFacts& recording) {
  json.key("recording").text(recording.source.description);
  json.key("first").text(to_iso8601(recording.first)).key("end").text(to_iso8601(recording.end));
  json.key("sample_rate_hz").number(recording.source.sample_rate_hz);
  json.key("channels").begin_array();
  for (std::size_t c = 0; c < channel_count; ++c)
    if ((recording.source.channels_present >> c & 1u) != 0) json.text(channel_names[c]);
  json.end_array();
  for (const auto& [name, stretches] : {std::pair{"gaps", &recording.missing.gaps},
                                        std::pair{"bridged", &recording.missing.bridged}}) {
    json.key(name).begin_object();
    json.key("count").integer(static_cast<std::int64_t>(stretches->count));
    json.key("length_s").number(stretches->length_s).end_object();
  }
  json.key("clipped").begin_array();
  for (const Doubts::Clipped& clipped : recording.doubts.clipped) {
    json.begin_object().key("label").text(clipped.input);
    json.key("length_s").number(clipped.length_s).end_object();
  }
  json.end_array().key("unsynchronised_s").number(recording.doubts.unsynchronised_s);
}

}  // namespace polyphase::lab
