#include "command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>

namespace polyphase::app {
namespace {

constexpr const char* examples = R"(
Examples:
  polyphase run                                   a meter on a simulated feeder
  polyphase analyze fault.cfg                     what a recording holds
  polyphase analyze fault.cfg --read "Vln a,I a,kW tot,Freq" --every 1s --csv
  polyphase analyze fault.cfg --events --json --nominal-voltage 230
  polyphase synth examples/scenarios/sag-100ms.toml -o sag.cfg
  polyphase module Integrator power.csv
)";

/// What is on the command line as text, before it is checked.
struct MeterText {
  std::string wiring, pt, ct, tier = "advanced";
  double nominal_voltage = 0, nominal_current = 0, nominal_frequency = 0;
  double sag = -1, swell = -1, interruption = -1, hysteresis = -1, rvc = -1;
  std::vector<std::string> sets;
};

void add_meter_options(CLI::App& app, MeterText& text) {
  app.add_option("--tier", text.tier, "feature set of the meter")->check(CLI::IsMember({"advanced", "standard", "essential"}));
  app.add_option("--wiring", text.wiring, "how the inputs are wired (default 4w-wye)")
      ->check(CLI::IsMember({"4w-wye", "3w-wye", "delta", "single", "demo"}));
  app.add_option("--nominal-voltage", text.nominal_voltage, "nominal voltage in V: what events and limits refer to");
  app.add_option("--nominal-current", text.nominal_current, "nominal current in A");
  app.add_option("--nominal-frequency", text.nominal_frequency, "50 or 60 Hz")->check(CLI::IsMember({"50", "60"}));
  app.add_option("--pt", text.pt, "voltage transformer ratio P:S, for secondary values");
  app.add_option("--ct", text.ct, "current transformer ratio P:S");
  app.add_option("--sag", text.sag, "sag threshold, % of nominal (default 90)");
  app.add_option("--swell", text.swell, "swell threshold, % of nominal (default 110)");
  app.add_option("--interruption", text.interruption, "interruption threshold, % of nominal (default 5)");
  app.add_option("--hysteresis", text.hysteresis, "hysteresis of the thresholds, % of nominal (default 2)");
  app.add_option("--rvc", text.rvc, "rapid voltage change threshold, % of nominal (default off)");
  app.add_option("--set", text.sets, "set a setup register: module.register=value (repeatable)")->allow_extra_args(false);
}

Result<lab::MeterOptions> meter_options(const MeterText& text) {
  lab::MeterOptions options;
  options.tier = text.tier;
  options.wiring = text.wiring;
  options.sets = text.sets;
  if (text.nominal_voltage != 0) options.nominal_voltage_v = text.nominal_voltage;
  if (text.nominal_current != 0) options.nominal_current_a = text.nominal_current;
  if (text.nominal_frequency != 0) options.nominal_frequency_hz = text.nominal_frequency;
  const auto percent = [](double value, std::optional<double>& to) {
    if (value >= 0) to = value;
  };
  percent(text.sag, options.sag);
  percent(text.swell, options.swell);
  percent(text.interruption, options.interruption);
  percent(text.hysteresis, options.hysteresis);
  percent(text.rvc, options.rvc);
  for (const auto& [given, ratio] : {std::pair{&text.pt, &options.pt}, std::pair{&text.ct, &options.ct}}) {
    if (given->empty()) continue;
    auto parsed = lab::parse_ratio(*given);
    if (!parsed) return tl::unexpected(parsed.error());
    *ratio = *parsed;
  }
  return options;
}

struct AnalyzeText {
  MeterText meter;
  std::vector<std::string> recordings;
  std::string read, every = "end", map, start, utc_offset, log, report;
  bool events = false, csv = false, json = false;
};

void add_analyze(CLI::App& app, AnalyzeText& text) {
  app.add_option("recording", text.recordings, "COMTRADE (.cfg, .dat, .cff) or CSV files: one run in the order of their time")->required();
  app.add_option("--read", text.read, "labels of registers, separated by commas: \"Vln a,I a,kW tot,Freq\"");
  app.add_option("--every", text.every, "half-cycle, window, 1s, 3s, 10s, 10min, 2h or end (default)");
  app.add_flag("--events", text.events, "power quality events and setpoints");
  app.add_option("--log", text.log, "a log as CSV: \"Event Log\"");
  app.add_option("--report", text.report, "a report: summary (also what is given without --read, --events, --log)");
  app.add_flag("--csv", text.csv, "data as CSV (default of --read)");
  app.add_flag("--json", text.json, "data as JSON (default of --events)");
  app.add_option("--map", text.map, "channels of the recording: \"V1=UA,V2=-U21,I1=#5\"; - inverts, #n counts from 1");
  app.add_option("--start", text.start, "time of the first sample where the recording has none");
  app.add_option("--utc-offset", text.utc_offset, "zone of recordings that name none: +02:00");
  add_meter_options(app, text.meter);
}

std::vector<std::string> split_labels(const std::string& text) {
  std::vector<std::string> labels;
  for (std::size_t at = 0;;) {
    const std::size_t end = text.find(',', at);
    std::string label = text.substr(at, end - at);
    while (!label.empty() && label.front() == ' ') label.erase(0, 1);
    while (!label.empty() && label.back() == ' ') label.pop_back();
    if (!label.empty()) labels.push_back(label);
    if (end == std::string::npos) return labels;
    at = end + 1;
  }
}

Result<lab::AnalyzeOptions> analyze_options(const AnalyzeText& text) {
  const auto refuse = [](std::string message) { return fail(ErrorCode::invalid_config, std::move(message)); };
  lab::AnalyzeOptions options;
  auto meter = meter_options(text.meter);
  if (!meter) return tl::unexpected(meter.error());
  options.meter = *meter;
  options.recordings = text.recordings;
  options.read = split_labels(text.read);
  auto every = lab::parse_every(text.every);
  if (!every) return tl::unexpected(every.error());
  options.every = *every;
  options.events = text.events;
  options.json = text.json;
  if (text.json && text.csv) return refuse("--csv and --json exclude one another");
  if (!text.read.empty() && text.events) return refuse("--read and --events each fill the output: ask for one at a time");
  if (!text.log.empty() && text.log != "Event Log")
    return refuse(fmt::format("there is no log '{}'; there is \"Event Log\"", text.log));
  options.event_log = !text.log.empty();
  if (!text.report.empty() && text.report != "summary")
    return refuse(fmt::format("there is no report '{}'; there is summary", text.report));
  options.recording.map = text.map;
  options.recording.delta = text.meter.wiring == "delta";
  if (options.meter.pt) options.recording.pt = {options.meter.pt->primary, options.meter.pt->secondary};
  if (options.meter.ct) options.recording.ct = {options.meter.ct->primary, options.meter.ct->secondary};
  if (!text.start.empty()) {
    auto start = parse_iso8601(text.start);
    if (!start) return tl::unexpected(start.error());
    options.recording.start = *start;
  }
  if (!text.utc_offset.empty()) {
    auto offset = parse_utc_offset_s(text.utc_offset);
    if (!offset) return tl::unexpected(offset.error());
    options.recording.utc_offset_s = *offset;
  }
  return options;
}

Exit usage(const Error& error) {
  fmt::print(stderr, "polyphase: {}\nTry 'polyphase --help'.\n", error.text());
  return {2};
}

}  // namespace

Command parse_command_line(int argc, char** argv) {
  CLI::App app{"polyphase: a software power meter\n\nMeasures sampled three-phase voltages and currents."};
  app.footer(examples);
  app.set_version_flag("--version", "polyphase " POLYPHASE_VERSION);
  app.require_subcommand(1);

  AnalyzeText analyze;
  CLI::App& analyze_app = *app.add_subcommand("analyze", "measure recordings, as fast as the machine goes");
  add_analyze(analyze_app, analyze);

  RunOptions run;
  MeterText run_meter;
  CLI::App& run_app = *app.add_subcommand("run", "a meter on a simulated feeder, with a live table of readings");
  run_app.add_option("--scenario", run.scenario, "scenario file in place of the feeder");
  run_app.add_option("--speed", run.speed, "times real time; 0: as fast as the machine goes")->check(CLI::Range(0.0, 1e6));
  run_app.add_option("--duration", run.duration_s, "seconds of the scenario; 0: until it is stopped")->check(CLI::Range(0.0, 1e9));
  add_meter_options(run_app, run_meter);

  SynthOptions synth;
  CLI::App& synth_app = *app.add_subcommand("synth", "write a scenario as a recording");
  synth_app.add_option("scenario", synth.scenario, "scenario file (docs/scenario.md)")->required();
  synth_app.add_option("-o,--output", synth.output, "COMTRADE (.cfg), .csv or .wav")->required();
  synth_app.add_option("--duration", synth.duration_s, "seconds; else the scenario's")->check(CLI::Range(0.0, 1e7));
  synth_app.add_option("--rate", synth.sample_rate_hz, "samples a second; else the scenario's")->check(CLI::Range(400.0, 200000.0));

  ModuleOptions module;
  CLI::App& module_app = *app.add_subcommand("module", "run one module on a CSV file, or describe it");
  module_app.add_option("type", module.type, "type of the module, such as Integrator");
  module_app.add_option("file", module.file, "CSV: time_s and a column for each input; without: describe the module");
  module_app.add_flag("--list", module.list, "list all types");
  module_app.add_option("--set", module.sets, "set a setup register: name=value (repeatable)")->allow_extra_args(false);

  DocsOptions docs;
  CLI::App& docs_app = *app.add_subcommand("docs", "write the reference pages that are made from descriptors")->group("");
  docs_app.add_option("folder", docs.folder)->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (error.get_exit_code() == 0) {
      app.exit(error);
      return Exit{0};
    }
    app.exit(error);
    return Exit{2};
  }
  if (analyze_app.parsed()) {
    auto options = analyze_options(analyze);
    if (!options) return usage(options.error());
    return *options;
  }
  if (run_app.parsed()) {
    auto meter = meter_options(run_meter);
    if (!meter) return usage(meter.error());
    run.meter = *meter;
    return run;
  }
  if (synth_app.parsed()) return synth;
  if (docs_app.parsed()) return docs;
  if (!module.list && module.type.empty())
    return usage({ErrorCode::invalid_config, "module needs a type, or --list", ""});
  module.describe = module.file.empty();
  return module;
}

}  // namespace polyphase::app
