#include "lab/analyze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "lab/event_list.hpp"
#include "lab/summary.hpp"

namespace polyphase::lab {
namespace {

std::string csv_field(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) out += c == '"' || c == '\\' ? std::string{'\\', c} : std::string(1, c);
  return out + "\"";
}

std::string digits(double value, const char* not_available) {
  return registers::available(value) ? fmt::format("{:.10g}", value) : std::string(not_available);
}

// Writes rows as they come.
class RowWriter {
 public:
  RowWriter(const AnalyzeOptions& options, const Output& output) : options_(options), output_(output) {
    if (options.json) return;
    std::string header = "time";
    for (const std::string& label : options.read) header += "," + csv_field(label);
    good_ = output_.data(header + "\n");
  }
  void operator()(const Row& row) {
    std::string line;
    if (options_.json) {
      line = fmt::format("{}{{\"time\": \"{}\"", rows_ == 0 ? "[\n  " : ",\n  ", to_iso8601(row.time));
      for (std::size_t i = 0; i < row.values.size(); ++i)
        line += fmt::format(", {}: {}", json_text(options_.read[i]), digits(row.values[i], "null"));
      line += "}";
    } else {
      line = to_iso8601(row.time);
      for (const double value : row.values) line += "," + digits(value, "N/A");
      line += "\n";
    }
    ++rows_;
    good_ = good_ && output_.data(line);
  }
  void finish() {
    if (options_.json) good_ = good_ && output_.data(rows_ == 0 ? "[]\n" : "\n]\n");
  }
  bool good() const { return good_; }
  std::size_t rows() const { return rows_; }

 private:
  const AnalyzeOptions& options_;
  const Output& output_;
  std::size_t rows_ = 0;
  bool good_ = true;
};

// Tells each second of work how far it is.
class Progress {
 public:
  Progress(bool wanted, const Output& output) : wanted_(wanted), output_(output) {}
  void tell(const sources::recording::RecordingSource& source) {
    if (!wanted_ || (++calls_ & 15u) != 0) return;
    const auto now = std::chrono::steady_clock::now();
    const double since_s = std::chrono::duration<double>(now - told_).count();
    if (since_s < 0.5) return;
    told_ = now;
    shown_ = true;
    const double elapsed_s = std::chrono::duration<double>(now - start_).count();
    const double life_s = static_cast<double>(source.frames_read()) / source.info().sample_rate_hz;
    const double share = source.frames_expected() == 0
                             ? 0
                             : 100.0 * static_cast<double>(source.frames_read()) / static_cast<double>(source.frames_expected());
    output_.note(fmt::format("\r{:5.1f} %  {:.0f} s of the recording, {:.0f} times life ", share, life_s, life_s / elapsed_s));
  }
  ~Progress() {
    if (shown_) output_.note("\r\x1b[K");
  }

 private:
  bool wanted_;
  const Output& output_;
  unsigned calls_ = 0;
  bool shown_ = false;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now(), told_ = start_;
};

}  // namespace

Result<void> analyze(const AnalyzeOptions& options, const Output& output) {
  auto opened = sources::recording::open_recordings(options.recordings, options.recording);
  if (!opened) return tl::unexpected(opened.error());
  sources::recording::RecordingSource& source = *opened->source;
  for (const std::string& note : opened->notes) output.note(note + "\n");

  MeterOptions meter = options.meter;
  if (!meter.nominal_frequency_hz && source.info().line_frequency_hz) {
    const double line_hz = *source.info().line_frequency_hz;
    if (line_hz > 55 && line_hz < 65) meter.nominal_frequency_hz = 60;
  }
  Findings findings;
  auto engine = make_engine(meter, findings);
  if (!engine) return tl::unexpected(engine.error());
  if (auto started = (*engine)->start(source.info()); !started) {
    Error error = started.error();
    error.where = source.info().description;
    return tl::unexpected(error);
  }

  const bool summary = options.read.empty() && !options.events && !options.event_log;
  std::unique_ptr<RowWriter> writer;
  std::unique_ptr<Reader> reader;
  Summary recap(**engine);
  if (!options.read.empty()) {
    auto made = Reader::create(**engine, options.read, options.every, [&](const Row& row) { (*writer)(row); });
    if (!made) return tl::unexpected(made.error());
    reader = std::move(*made);
    writer = std::make_unique<RowWriter>(options, output);
    (*engine)->observe(reader.get());
  } else if (summary) {
    (*engine)->observe(&recap);
  }

  Instant end;
  bool empty = true;
  {
    Progress progress(options.progress, output);
    for (SampleBlock block;;) {
      auto more = source.next(block);
      if (!more) return tl::unexpected(more.error());
      if (!*more) break;
      if (empty) recap.begin(block.time_first);
      empty = false;
      (*engine)->process(block);
      end = block.time_first.plus_s(static_cast<double>(block.frames.size()) / source.info().sample_rate_hz);
      progress.tell(source);
      if (writer && !writer->good()) return fail(ErrorCode::io, "the output cannot be written");
    }
  }
  for (const std::string& warning : source.warnings()) output.note("warning: " + warning + "\n");
  if (empty) return fail(ErrorCode::invalid_input, "holds not one whole sample", source.info().description);
  (*engine)->finish();
  if (reader) {
    reader->finish(end);
    writer->finish();
    if (!writer->good()) return fail(ErrorCode::io, "the output cannot be written");
    if (reader->rows() == 0)
      output.note("note: the recording is too short for one whole interval; there are no rows\n");
    else if (options.every == Every::end && !recap_has_second(**engine))
      output.note("note: the recording is shorter than a second of the clock; values are N/A\n");
  }
  bool good = true;
  if (options.events)
    good = output.data(options.json || options.read.empty() ? events_json(findings, **engine) : events_csv(findings, **engine));
  if (options.event_log) good = good && output.data(event_log_csv(findings, **engine));
  if (summary) good = output.data(recap.text(findings, source, end));
  if (findings.dropped > 0)
    output.note(fmt::format("warning: {} events beyond the first {} were counted, not kept\n", findings.dropped, kept_events_max));
  if (options.events && !meter.nominal_voltage_v)
    output.note("note: voltage events need --nominal-voltage\n");
  if (!good) return fail(ErrorCode::io, "the output cannot be written");
  return {};
}

}  // namespace polyphase::lab
