#include "lab/analyze.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <functional>

#include "lab/event_list.hpp"
#include "lab/log_keeping.hpp"
#include "lab/progress.hpp"
#include "lab/report_gatherer.hpp"
#include "lab/row_writer.hpp"
#include "lab/summary.hpp"

namespace polyphase::lab {
namespace {

using sources::recording::RecordingSource;

tl::unexpected<Error> unwritable() { return fail(ErrorCode::io, "the output cannot be written"); }

// The recording's own line frequency chooses between 50 and 60 Hz; the middle decides.
MeterOptions meter_for(const MeterOptions& wanted, const SourceInfo& source) {
  constexpr double between_hz = 55;
  MeterOptions meter = wanted;
  if (!meter.nominal_frequency_hz && source.line_frequency_hz)
    meter.nominal_frequency_hz = *source.line_frequency_hz > between_hz ? 60 : 50;
  return meter;
}

bool nominal_frequency_is_assumed(const MeterOptions& meter) {
  const auto sets_it = [](const std::string& set) {
    return set.starts_with("FAC1.Nominal Frequency");
  };
  return !meter.nominal_frequency_hz && std::none_of(meter.sets.begin(), meter.sets.end(), sets_it);
}

struct Span {
  Instant first, end;
  bool any = false;
};

Result<Span> run(graph::Engine& engine, RecordingSource& source, const AnalyzeOptions& options,
                 const Output& output, const std::function<bool()>& writable) {
  Progress progress(options.progress, output);
  const double rate_hz = source.info().sample_rate_hz;
  Span span;
  for (SampleBlock block;;) {
    auto more = source.next(block);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    if (!span.any) span.first = block.time_first;
    span.any = true;
    span.end = block.time_first.plus_s(static_cast<double>(block.frames.size()) / rate_hz);
    engine.process(block);
    if (!writable()) return unwritable();
    progress.tell(source.frames_read(), source.frames_expected(), rate_hz);
  }
  if (!span.any)
    return fail(ErrorCode::invalid_input, "holds not one whole sample", source.info().description);
  engine.finish();
  return span;
}

void note_gaps(const sources::recording::Missing& missing, const Output& output) {
  const auto tell = [&](const sources::recording::Stretches& stretches, const char* kind,
                        const char* what) {
    for (const auto& stretch : stretches.first)
      output.note(fmt::format("{}: {:.6g} s from {} on: {}\n", kind, stretch.length_s,
                              to_iso8601(stretch.begin), what));
    if (stretches.count > stretches.first.size())
      output.note(fmt::format("{}: and {} more, {:.6g} s in all\n", kind,
                              stretches.count - stretches.first.size(), stretches.length_s));
  };
  tell(missing.gaps, "gap", "no samples; measuring begins anew behind it");
  tell(missing.bridged, "bridged", "samples missing or doubtful; a straight line stands in");
}

// What the acquisition noticed that makes values doubtful; gaps are told with their length.
void note_doubts(const Findings& findings, const registers::RegisterTable& table,
                 const Output& output) {
  constexpr std::size_t told_max = 10;
  std::size_t told = 0;
  for (const auto& [event, text] : findings.events) {
    if (event.effect == registers::no_register) continue;
    const registers::RegisterInfo& effect = table.info(event.effect);
    if (effect.module != "DAQ1" || effect.name == "Restarts" || told++ >= told_max) continue;
    output.note(fmt::format(
        "warning: {}: {}{}\n", to_iso8601(event.time), text,
        effect.name == "Locked" ? "; if that is the network, --nominal-frequency says so" : ""));
  }
  if (told > told_max)
    output.note(fmt::format("warning: and {} more like these\n", told - told_max));
}

void note_what_is_missing(const AnalyzeOptions& options, const graph::Engine& engine,
                          const Reader* reader, const Findings& findings, const Output& output) {
  const registers::RegisterTable& table = engine.registers();
  if (engine.sample_position() == 0)
    output.note(
        "note: the recording is too short to follow its frequency: nothing was measured, and no "
        "event could be found\n");
  if (reader != nullptr && reader->rows() == 0)
    output.note("note: the recording is too short for one whole interval: there are no rows\n");
  if (reader != nullptr && options.every == Every::end && !reader->saw_whole_second())
    output.note(
        "note: the recording holds no whole second of the clock: what is measured once a second is "
        "N/A; --every half-cycle or window may show more\n");
  const auto nominal = table.find("FAC1.Nominal Voltage");
  if (options.events && !(nominal && table.value(*nominal).number > 0))
    output.note("note: voltage events are told only with --nominal-voltage\n");
  if (findings.dropped > 0)
    output.note(fmt::format("warning: {} events beyond the first {} are not shown\n",
                            findings.dropped, kept_events_max));
}

/// An engine tells one observer; these are several.
struct Observers final : graph::StepObserver {
  std::vector<graph::StepObserver*> all;
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override {
    for (graph::StepObserver* observer : all) observer->stepped(cadence, end, duration_s, quality);
  }
};

Result<void> open_logs(const AnalyzeOptions& options, const graph::Engine& engine,
                       Findings& findings, std::unique_ptr<LogKeeping>& logs) {
  if (options.log.empty() && options.data.empty()) return {};
  if (!options.log.empty())
    if (auto known = check_log(engine.registers(), options.log); !known) return known;
  auto opened = LogKeeping::open(engine, options.data);
  if (!opened) return tl::unexpected(opened.error());
  logs = std::move(*opened);
  findings.next = &logs->sinks();
  return {};
}

/// The forms of a report, each made when it is asked for.
struct Forms {
  std::function<std::string()> text, html, json;
};

Result<void> write_report(const AnalyzeOptions& options, const Forms& forms, const Output& output) {
  if (!options.html.empty()) {
    std::ofstream file(options.html, std::ios::binary);
    file << forms.html();
    if (!file.flush()) return fail(ErrorCode::io, "the report cannot be written", options.html);
  }
  const bool json = options.format == Format::json;
  if (!output.data(json ? forms.json() : forms.text())) return unwritable();
  return {};
}

}  // namespace

Result<void> analyze(const AnalyzeOptions& options, const Output& output) {
  auto opened = sources::recording::open_recordings(options.recordings, options.recording);
  if (!opened) return tl::unexpected(opened.error());
  RecordingSource& source = *opened->source;
  for (const std::string& note : opened->notes) output.note(note + "\n");

  const MeterOptions meter = meter_for(options.meter, source.info());
  Findings findings;
  auto engine = make_engine(meter, findings);
  if (!engine) return tl::unexpected(engine.error());
  std::unique_ptr<LogKeeping> logs;
  if (auto opened_logs = open_logs(options, **engine, findings, logs); !opened_logs)
    return opened_logs;
  if (options.report) ReportGatherer::prepare(**engine, *options.report);
  if (auto started = (*engine)->start(source.info()); !started)
    return fail(ErrorCode::invalid_input, started.error().message, source.info().description);
  if (logs) logs->started();
  const registers::RegisterTable& table = (*engine)->registers();

  RecordingWatch watch(**engine);
  Observers observers;
  observers.all = {&watch};
  (*engine)->observe(&observers);
  std::unique_ptr<Reader> reader;
  std::unique_ptr<RowWriter> writer;
  std::unique_ptr<Summary> summary;
  std::unique_ptr<ReportGatherer> report;
  if (!options.read.empty()) {
    auto made = Reader::create(**engine, options.read, options.every,
                               [&](const Row& row) { writer->write(row); });
    if (!made) return tl::unexpected(made.error());
    reader = std::move(*made);
    writer =
        std::make_unique<RowWriter>(table, reader->sources(), options.read, options.format, output);
    observers.all.push_back(reader.get());
  } else if (options.report) {
    report =
        std::make_unique<ReportGatherer>(**engine, *options.report, source.info().channels_present);
    observers.all.push_back(report.get());
  } else if (!options.events && options.log.empty()) {
    summary = std::make_unique<Summary>(**engine);
    observers.all.push_back(summary.get());
  }

  auto span =
      run(**engine, source, options, output, [&] { return writer == nullptr || writer->good(); });
  for (const std::string& warning : source.warnings()) output.note("warning: " + warning + "\n");
  note_gaps(source.missing(), output);
  note_doubts(findings, table, output);
  if (!source.clock_synchronised()) {
    constexpr const char* unsynchronised =
        "the clock of the recording was not synchronised: its times may be off by more than a cycle";
    output.note(fmt::format("warning: {}\n", unsynchronised));
    opened->notes.emplace_back(unsynchronised);
  }
  RecordingFacts facts{source.info(), {}, {}, opened->notes, source.missing(), watch.doubts()};
  for (const std::string& warning : warnings_of(facts.doubts, table))
    output.note("warning: " + warning + "\n");
  if (!span) return tl::unexpected(span.error());

  facts.first = span->first;
  facts.end = span->end;
  if (logs)
    if (auto kept = logs->finish(); !kept) return kept;
  if (!options.log.empty())
    if (auto written = logs->write(options.log, options.format, output); !written) return written;
  bool good = true;
  if (reader) {
    reader->finish(span->end);
    writer->finish();
    good = writer->good();
  }
  if (options.events)
    good = output.data(options.format == Format::csv ? events_csv(findings, table)
                                                     : events_json(findings, table));
  Forms forms;
  SummaryPage page;
  Report told;
  if (summary) {
    page = summary->page(findings, std::move(facts));
    forms = {[&] { return summary_text(page); }, [&] { return summary_html(page); },
             [&] { return summary_json(page); }};
  } else if (report) {
    told = report->report(findings, std::move(facts));
    if (nominal_frequency_is_assumed(meter))
      told.notes.emplace_back(
          "the recording names no line frequency: the nominal one is as supplied "
          "(--nominal-frequency)");
    forms = {[&] { return report_text(told); }, [&] { return report_html(told); },
             [&] { return report_json(told); }};
  }
  if (forms.text)
    if (auto written = write_report(options, forms, output); !written) return written;
  note_what_is_missing(options, **engine, reader.get(), findings, output);
  if (!good) return unwritable();
  return {};
}

}  // namespace polyphase::lab
