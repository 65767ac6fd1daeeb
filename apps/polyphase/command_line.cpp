#include "command_line.hpp"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdio>

#include "analyze_options.hpp"
#include "lab/sv_frames.hpp"

namespace polyphase::app {
namespace {

constexpr const char* examples = R"(
Examples:
  polyphase run --port-offset 10000                 a meter on a simulated feeder
  polyphase watch                                   its readings on the terminal
  polyphase synth examples/scenarios/sag-100ms.toml -o sag.cfg
  polyphase analyze sag.cfg                         what a recording holds
  polyphase analyze sag.cfg --read "Vln a,I a,kW tot,Freq" --every 1s --csv
  polyphase analyze sag.cfg --events --json --nominal-voltage 230
  polyphase module Integrator power.csv             one module on a table of inputs
  polyphase verify --quick                          the standards' test points, on this build
  polyphase COMMAND --help                          all options of a command
)";

// Strict: the whole word is a number, finite, and within the bounds.
CLI::Validator number(double minimum, double maximum) {
  const auto check = [minimum, maximum](std::string& text) -> std::string {
    double value = 0;
    const char* end = text.data() + text.size();
    const auto [at, error] = std::from_chars(text.data(), end, value);
    if (error == std::errc{} && at == end && value >= minimum && value <= maximum) return {};
    return fmt::format("'{}' is not a number from {} to {}", text, minimum, maximum);
  };
  return CLI::Validator(check, "");
}

void add_meter_options(CLI::App& app, lab::MeterOptions& meter, std::string& pt, std::string& ct) {
  constexpr double size_max = 1e6;  // the bounds of each register are the engine's
  app.add_option("--nominal-voltage", meter.nominal_voltage_v, "V: what events and limits refer to")
      ->check(number(0, size_max));
  app.add_option("--nominal-current", meter.nominal_current_a, "A")->check(number(0, size_max));
  app.add_option("--nominal-frequency", meter.nominal_frequency_hz, "50 or 60")
      ->check(CLI::IsMember({"50", "60"}));
  app.add_option("--wiring", meter.wiring, "how the inputs are wired, else 4w-wye")
      ->check(CLI::IsMember({"4w-wye", "3w-wye", "delta", "single", "demo"}));
  app.add_option("--tier", meter.tier, "feature set of the meter, else advanced")
      ->check(CLI::IsMember({"advanced", "standard", "essential"}));
  app.add_option("--pt", pt, "ratio P:S of the voltage transformers, for secondary values");
  app.add_option("--ct", ct, "ratio P:S of the current transformers");
  app.add_option("--sag", meter.sag, "threshold in % of the nominal voltage, else 90")
      ->check(number(0, size_max));
  app.add_option("--swell", meter.swell, "else 110")->check(number(0, size_max));
  app.add_option("--interruption", meter.interruption, "else 5")->check(number(0, size_max));
  app.add_option("--hysteresis", meter.hysteresis, "of these thresholds, else 2")
      ->check(number(0, size_max));
  app.add_option("--rvc", meter.rvc, "threshold of rapid voltage changes, else 0: off")
      ->check(number(0, size_max));
  app.add_option("--set", meter.sets, "any setup register: module.register=value; may be repeated")
      ->allow_extra_args(false);
}

// An empty word is a slip, of a script for instance, and not the option left out.
CLI::Validator not_empty(const char* instead) {
  const auto check = [instead](std::string& text) {
    return text.empty() ? fmt::format("is empty; {}", instead) : std::string();
  };
  return CLI::Validator(check, "");
}

void add_analyze(CLI::App& app, AnalyzeText& text) {
  app.add_option("recording", text.recordings,
                 "COMTRADE, CSV, WAV or pcap files: one run in the order of their time")
      ->required();
  auto* read = app.add_option("--read", text.read,
                              "labels of registers (docs/labels.csv): \"Vln a,I a,kW tot\"")
                   ->check(not_empty("name labels: --read \"Vln a,I a,kW tot\""));
  app.add_option("--every", text.every,
                 "half-cycle, window, 1s, 3s, 10s, 10min, 2h, or end: one row")
      ->needs(read);
  app.add_flag("--events", text.events, "sags, swells, interruptions, setpoints");
  app.add_option("--log", text.log, "a log by name: \"EgyDmd Log\", \"Billing Log\", \"Event Log\"")
      ->check(not_empty("name a log: --log \"Event Log\""));
  app.add_option("--data", text.data, "folder: keep the logs in its meter.db, else in memory");
  app.add_option(
      "--report", text.report,
      "en50160 or ieee519: limits and verdicts; summary: as without --read, --events and --log");
  app.add_option("--html", text.html, "file: the report as a page of its own, besides the output");
  app.add_flag("--csv", text.csv, "as a table; --read and --log do so anyhow");
  app.add_flag("--json", text.json, "as JSON; --events does so anyhow");
  app.add_option("--map", text.map,
                 "channels of the recording: \"V1=UA,V2=-U21,I1=#5\"; - inverts, #n counts from 1");
  app.add_option("--start", text.start, "time of the first sample, for recordings without one");
  app.add_option("--utc-offset", text.utc_offset, "+02:00, for recordings that name no zone");
  app.add_option("--stream", text.stream, "svID, where a capture holds several streams");
  app.add_option("--sample-rate", text.sample_rate_hz, "Hz, for a table without a time column")
      ->check(number(sources::recording::rate_min_hz, sources::recording::rate_max_hz));
  for (const char* name : {"--data", "--report", "--html", "--start", "--utc-offset", "--stream"})
    app.get_option(name)->check(not_empty("give it a value or leave the option out"));
  add_meter_options(app, text.meter, text.pt, text.ct);
  app.footer(
      "\nData go to the output, everything else to stderr. Exit status: 0; 1: the recording says "
      "no;"
      "\n2: the usage is wrong. See docs/commands/analyze.md.");
}

void add_samples(CLI::App& app, SamplesConfig& samples) {
  app.add_option("--scenario", samples.scenario,
                 "scenario file, else a feeder with a life of its own");
  app.add_option("--speed", samples.speed,
                 "times real time, else 1; 0: as fast as the machine goes")
      ->check(number(0, 1e6));
  app.add_option("--duration", samples.duration_s,
                 "seconds, else the scenario's or until it is stopped")
      ->check(number(0, 1e9));
  auto* stream = app.add_option("--sv", samples.stream,
                                "INTERFACE[:SVID]: a stream of Sampled Values instead");
  app.add_option("--map", samples.map, "channels of the stream: \"V1=#5,I1=#1\"")->needs(stream);
}

void add_run(CLI::App& app, RunOptions& run, std::string& pt, std::string& ct) {
  auto* config = app.add_option("--config", run.config, "file; else one meter, as the options say");
  app.add_option("--data", run.data, "folder of what the meters keep, else ./polyphase-data");
  app.add_option("--port-offset", run.port_offset,
                 "added to every port: 10000 gives HTTPS 10443 and Modbus 10502")
      ->check(number(0, 65'535));
  add_samples(app, run.samples);
  app.add_option("--list-streams", run.list, "INTERFACE: show its Sampled Values, and end");
  add_meter_options(app, run.meter, pt, ct);
  for (const char* name : {"--scenario", "--speed", "--duration", "--sv", "--tier"})
    app.get_option(name)->excludes(config);
  app.footer(
      "\nOptions that set the meter up hold for this run and are not kept; a configuration file is "
      "what\nlasts. See docs/commands/run.md.");
}

void add_watch(CLI::App& app, WatchOptions& watch, std::string& pt, std::string& ct) {
  add_samples(app, watch.samples);
  add_meter_options(app, watch.meter, pt, ct);
}

void add_synth(CLI::App& app, SynthOptions& synth) {
  app.add_option("scenario", synth.scenario,
                 "scenario file, such as examples/scenarios/*.toml; to publish also a recording")
      ->required();
  auto* output = app.add_option("-o,--output", synth.output, "COMTRADE (.cfg), .csv or .wav");
  app.add_option("--duration", synth.duration_s, "seconds, else the scenario's")
      ->check(number(1e-3, 1e7));
  app.add_option("--rate", synth.sample_rate_hz, "samples a second, else the scenario's")
      ->check(number(400, 200'000));
  lab::PublishOptions& publish = synth.publish;
  auto* interface = app.add_option("--publish", publish.interface,
                                   "interface: send it as Sampled Values, at its true pace");
  interface->excludes(output);
  app.add_option("--sv-id", publish.sv_id, "else POLYPHASE; of several streams with 01, 02, ...")
      ->check(CLI::Validator(
          [](std::string& text) {
            return text.empty() || text.size() > 34 ? "svID has 1 to 34 characters" : "";
          },
          ""))
      ->needs(interface);
  app.add_option("--app-id", publish.app_id, "of the first stream, else 0x4000")->needs(interface);
  app.add_option("--streams", publish.streams, "so many, alike and aligned, else 1")
      ->check(number(1, lab::SvFrames::streams_max))
      ->needs(interface);
  app.add_option("--asdu", publish.asdus, "samples in a frame, else 1")
      ->check(number(1, 8))
      ->needs(interface);
  app.add_option("--vlan", publish.vlan, "number of a VLAN tag, else none")
      ->check(number(0, 4'094))
      ->needs(interface);
  app.add_option("--smp-synch", publish.synchronised, "0, 1 or 2, else 1: a local clock")
      ->check(number(0, 2))
      ->needs(interface);
  app.add_option("--drop-every", publish.drop_every, "leave out one frame in so many, for tests")
      ->check(number(2, 1e9))
      ->needs(interface);
}

void add_verify(CLI::App& app, lab::verify::VerifyOptions& verify, std::string& pt,
                std::string& ct) {
  app.add_flag("--quick", verify.quick, "a part of every group, in seconds");
  app.add_flag("--json", verify.json, "all checks with their scenarios, as JSON");
  app.add_option("--html", verify.html, "file: the report as one page, with plots");
  app.add_option("--only", verify.only, "a group such as 4-30, 62053-22; may be repeated")
      ->allow_extra_args(false);
  app.add_option("--pt", pt, "ratio P:S of voltage transformers before the meter, else 1:1");
  app.add_option("--ct", ct, "ratio P:S of current transformers before the meter, else 1:1");
  app.add_option("--tier", verify.meter.tier, "feature set of the meter, else advanced")
      ->check(CLI::IsMember({"advanced", "standard"}));
  app.add_option("--set", verify.meter.sets,
                 "a setup register of the meter under test: module.register=value; may be repeated")
      ->allow_extra_args(false);
  app.footer(
      "\nIt certifies the arithmetic, not a sensor. Exit status: 0: all passed; 1: a check failed; "
      "2: the\nusage is wrong. See docs/commands/verify.md.");
}

void add_module(CLI::App& app, ModuleOptions& module) {
  app.add_option("type", module.type, "such as Integrator; alone: what it is");
  app.add_option("file", module.file, "CSV: time, then a column for each input that is linked");
  app.add_flag("--list", module.list, "all types, a line each");
  app.add_option("--set", module.sets, "a setup register: name=value; may be repeated")
      ->allow_extra_args(false);
}

template <class Options>
Command checked_meter(Options& options, const std::string& pt, const std::string& ct) {
  if (auto done = set_ratios(options.meter, pt, ct); !done) return refuse_usage(done.error());
  return options;
}

}  // namespace

Exit refuse_usage(const Error& error) {
  fmt::print(stderr, "polyphase: {}\nRun with --help for more information.\n", error.text());
  return {2};
}

Command parse_command_line(int argc, char** argv) {
  CLI::App app{"Polyphase, a software power meter: measures sampled voltages and currents."};
  app.footer(examples);
  app.set_version_flag("--version", "polyphase " POLYPHASE_VERSION);
  app.require_subcommand(1);

  RunOptions run;
  WatchOptions watch;
  AnalyzeText analyze;
  SynthOptions synth;
  ModuleOptions module;
  DocsOptions docs;
  lab::verify::VerifyOptions verify;
  verify.program = "polyphase " POLYPHASE_VERSION;
  LockOptions lock;
  std::string lock_state;
  std::string pt, ct;
  CLI::App& run_app =
      *app.add_subcommand("run", "the meter: measures, keeps, and serves, until it is stopped");
  CLI::App& watch_app =
      *app.add_subcommand("watch", "readings on the terminal, nothing kept or served");
  CLI::App& analyze_app =
      *app.add_subcommand("analyze", "measure recordings, faster than real time");
  CLI::App& synth_app =
      *app.add_subcommand("synth", "write a scenario as a recording, or publish it");
  CLI::App& module_app = *app.add_subcommand("module", "run one module on a table, or describe it");
  CLI::App& verify_app =
      *app.add_subcommand("verify", "test this build against the points of the standards");
  CLI::App& lock_app = *app.add_subcommand(
      "lock", "turn the switch of the revenue lock, for the next start of the meter");
  CLI::App& docs_app =
      *app.add_subcommand("docs", "write modules.md, labels.csv and modbus-map.csv")->group("");
  add_run(run_app, run, pt, ct);
  add_watch(watch_app, watch, pt, ct);
  add_analyze(analyze_app, analyze);
  add_synth(synth_app, synth);
  add_module(module_app, module);
  add_verify(verify_app, verify, pt, ct);
  lock_app.add_option("state", lock_state, "on or off")
      ->required()
      ->check(CLI::IsMember({"on", "off"}));
  lock_app.add_option("--data", lock.data, "data folder of the meters, else ./polyphase-data");
  lock_app.add_option("--meter", lock.meter, "name of the meter, else main");
  docs_app.add_option("folder", docs.folder)->required();

  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return Exit{app.exit(error) == 0 ? 0 : 2};
  }
  if (run_app.parsed()) return checked_meter(run, pt, ct);
  if (watch_app.parsed()) return checked_meter(watch, pt, ct);
  if (synth_app.parsed() && synth.output.empty() && synth.publish.interface.empty())
    return refuse_usage({ErrorCode::invalid_config, "synth needs -o FILE or --publish IFACE", ""});
  if (synth_app.parsed()) return synth;
  if (docs_app.parsed()) return docs;
  if (verify_app.parsed()) return checked_meter(verify, pt, ct);
  lock.on = lock_state == "on";
  if (lock_app.parsed()) return lock;
  if (analyze_app.parsed()) {
    auto options = checked(analyze);
    if (!options) return refuse_usage(options.error());
    return *options;
  }
  if (!module.list && module.type.empty())
    return refuse_usage({ErrorCode::invalid_config, "module needs a type, or --list", ""});
  return module;
}

}  // namespace polyphase::app
