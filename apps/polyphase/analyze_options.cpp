#include "analyze_options.hpp"

#include <fmt/format.h>

namespace polyphase::app {
namespace {

tl::unexpected<Error> refuse(std::string message) {
  return fail(ErrorCode::invalid_config, std::move(message));
}

std::vector<std::string> labels_of(std::string_view text) {
  std::vector<std::string> labels;
  while (!text.empty()) {
    const std::size_t comma = text.find(',');
    std::string_view label = text.substr(0, comma);
    text = comma == std::string_view::npos ? std::string_view{} : text.substr(comma + 1);
    while (label.starts_with(' ')) label.remove_prefix(1);
    while (label.ends_with(' ')) label.remove_suffix(1);
    if (!label.empty()) labels.emplace_back(label);
  }
  return labels;
}

// Each fills the output.
Result<void> set_outputs(lab::AnalyzeOptions& options, const AnalyzeText& text) {
  const int wanted = !text.read.empty() + text.events + !text.log.empty() + !text.report.empty();
  if (wanted > 1)
    return refuse(
        "--read, --events, --log and --report each fill the output: ask for one at a time");
  options.read = labels_of(text.read);
  if (!text.read.empty() && options.read.empty())
    return refuse("--read names no label; write --read \"Vln a,I a,kW tot\"");
  options.events = text.events;
  options.log = text.log;
  options.data = text.data;
  if (text.report == "en50160")
    options.report = lab::ReportKind::en50160;
  else if (text.report == "ieee519")
    options.report = lab::ReportKind::ieee519;
  else if (!text.report.empty() && text.report != "summary")
    return refuse(fmt::format("there is no report '{}'; there are en50160, ieee519 and summary",
                              text.report));
  options.html = text.html;
  if (!text.html.empty() && text.report.empty())
    return refuse("--html goes with --report en50160, ieee519 or summary");
  if (text.json && text.csv) return refuse("--csv and --json exclude one another");
  const bool rows = text.events || !options.log.empty() || !options.read.empty();
  if (text.csv && !rows) return refuse("--csv goes with --read, --events or --log");
  if (text.json && !rows && text.report.empty())
    return refuse("--json goes with --read, --events, --log or --report");
  if (text.json) options.format = lab::Format::json;
  if (text.csv) options.format = lab::Format::csv;
  return {};
}

Result<void> set_recording(sources::recording::RecordingOptions& recording, const AnalyzeText& text,
                           const lab::MeterOptions& meter) {
  recording.map = text.map;
  recording.stream = text.stream;
  recording.sample_rate_hz = text.sample_rate_hz;
  recording.delta = text.meter.wiring == "delta";
  if (meter.pt) recording.pt = {meter.pt->primary, meter.pt->secondary};
  if (meter.ct) recording.ct = {meter.ct->primary, meter.ct->secondary};
  if (!text.utc_offset.empty()) {
    auto offset = parse_utc_offset_s(text.utc_offset);
    if (!offset) return refuse("--utc-offset: " + offset.error().message);
    recording.utc_offset_s = *offset;
  }
  if (!text.start.empty()) {
    auto start = parse_iso8601(text.start);
    if (!start) return refuse("--start: " + start.error().message);
    const bool zoned = !parse_iso8601(text.start + "Z");  // which it has already
    recording.start = zoned ? *start : start->plus_s(-recording.utc_offset_s.value_or(0));
  }
  return {};
}

}  // namespace

Result<void> set_ratios(lab::MeterOptions& meter, const std::string& pt, const std::string& ct) {
  for (const auto& [name, given, ratio] :
       {std::tuple{"--pt", &pt, &meter.pt}, std::tuple{"--ct", &ct, &meter.ct}}) {
    if (given->empty()) continue;
    auto parsed = lab::parse_ratio(*given);
    if (!parsed) return refuse(fmt::format("{}: {}", name, parsed.error().message));
    *ratio = *parsed;
  }
  return {};
}

Result<lab::AnalyzeOptions> checked(const AnalyzeText& text) {
  lab::AnalyzeOptions options;
  options.recordings = text.recordings;
  options.meter = text.meter;
  if (auto done = set_ratios(options.meter, text.pt, text.ct); !done)
    return tl::unexpected(done.error());
  if (auto done = set_outputs(options, text); !done) return tl::unexpected(done.error());
  auto every = lab::parse_every(text.every);
  if (!every) return refuse("--every: " + every.error().message);
  options.every = *every;
  if (auto done = set_recording(options.recording, text, options.meter); !done)
    return tl::unexpected(done.error());
  return options;
}

}  // namespace polyphase::app
