#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "command_line.hpp"
#include "daemon.hpp"
#include "lab/live_stream.hpp"
#include "lab/modbus_map.hpp"
#include "lab/module_run.hpp"
#include "lab/synth.hpp"
#include "meter/revenue_lock.hpp"

namespace polyphase::app {
namespace {

std::atomic<bool> stop{false};

// A standard file that the caller closed would be given away to the next file that is opened. Held
// read only, so that writing to it still fails.
void hold_standard_files() {
  for (const int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) == -1) (void)::open("/dev/null", O_RDONLY);
}

bool write_data(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}
bool write_data_now(std::string_view text) { return write_data(text) && std::fflush(stdout) == 0; }
void write_note(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

// 1: the input says no, and the last line what to do. 2: what was asked for cannot be asked.
int status_of(const Error& error) {
  const bool usage = error.code == ErrorCode::invalid_config ||
                     error.code == ErrorCode::not_found || error.code == ErrorCode::refused;
  std::fflush(stdout);
  if (usage) return refuse_usage(error).status;
  fmt::print(stderr, "polyphase: {}\n", error.text());
  return 1;
}

int finish(const Result<void>& done) {
  if (!done) return status_of(done.error());
  if (std::fflush(stdout) != 0)
    return status_of({ErrorCode::io, "the output cannot be written", ""});
  return 0;
}

Result<void> written(const Result<std::string>& text) {
  if (!text) return tl::unexpected(text.error());
  if (!write_data(*text)) return fail(ErrorCode::io, "the output cannot be written");
  return {};
}

Result<void> replace_file(const std::string& path, const Result<std::string>& text) {
  if (!text) return tl::unexpected(text.error());
  std::FILE* file = std::fopen(path.c_str(), "wb");
  const bool good =
      file != nullptr && std::fwrite(text->data(), 1, text->size(), file) == text->size();
  if (file != nullptr && std::fclose(file) == 0 && good) return {};
  return fail(ErrorCode::io, "cannot be written; is its folder there?", path);
}

// A scenario is an input: what it says wrong is not the usage's fault.
Result<sources::simulator::Scenario> scenario_of(const std::string& path) {
  auto scenario = path.empty() ? lab::default_scenario() : lab::load_scenario(path);
  if (!scenario) scenario.error().code = ErrorCode::invalid_input;
  return scenario;
}

void stop_when_asked() {
  std::signal(SIGINT, [](int) { stop = true; });
  std::signal(SIGTERM, [](int) { stop = true; });
}

// What a configuration says wrong is an input's fault, not the usage's.
Result<DaemonOptions> daemon_options(const RunOptions& options) {
  DaemonOptions daemon;
  if (!options.config.empty()) {
    auto config = load_config(options.config);
    if (!config)
      return fail(ErrorCode::invalid_input, config.error().message, config.error().where);
    daemon.config = std::move(*config);
  } else {
    MeterConfig meter;
    meter.tier = options.meter.tier;
    meter.samples = options.samples;
    daemon.config.meters.push_back(std::move(meter));
    daemon.end_with_samples = true;
  }
  auto overrides = lab::settings_of(options.meter);
  if (!overrides) return tl::unexpected(overrides.error());
  daemon.overrides = std::move(*overrides);
  daemon.config.port_offset += options.port_offset;
  daemon.greet = [](const std::string& text) { (void)write_data_now(text); };
  daemon.data = options.data.empty() ? "polyphase-data" : options.data;
  return daemon;
}

struct Execute {
  int operator()(const Exit& exit) const { return exit.status; }

  int operator()(lab::AnalyzeOptions options) const {
    options.progress = ::isatty(STDERR_FILENO) == 1;
    return finish(lab::analyze(options, {write_data, write_note}));
  }

  int operator()(const ModuleOptions& options) const {
    if (options.list) return finish(written(lab::module_list()));
    if (options.file.empty()) return finish(written(lab::module_description(options.type)));
    return finish(written(lab::run_module(options.type, options.file, options.sets)));
  }

  int operator()(const RunOptions& options) const {
    if (!options.list.empty()) {
      stop_when_asked();
      return finish(written(lab::stream_table(options.list, stop)));
    }
    auto daemon = daemon_options(options);
    if (!daemon) return status_of(daemon.error());
    auto done = run_daemon(*daemon);
    if (!done && !options.config.empty()) done.error().code = ErrorCode::invalid_input;
    return finish(done);
  }

  int operator()(const WatchOptions& options) const {
    stop_when_asked();
    const SamplesConfig& samples = options.samples;
    const lab::LiveOptions live{samples.speed, samples.duration_s, ::isatty(STDOUT_FILENO) == 1};
    if (!samples.stream.empty())
      return finish(lab::run_live_stream(lab::parse_stream_place(samples.stream), samples.map,
                                         options.meter, live, stop, {write_data_now, write_note}));
    const auto scenario = scenario_of(samples.scenario);
    if (!scenario) return status_of(scenario.error());
    return finish(
        lab::run_live(*scenario, options.meter, live, stop, {write_data_now, write_note}));
  }

  int operator()(const SynthOptions& options) const {
    if (!options.publish.interface.empty()) {
      stop_when_asked();
      const lab::SynthInput input{options.scenario, options.duration_s, options.sample_rate_hz};
      return finish(lab::publish(input, options.publish, stop, {write_data, write_note}));
    }
    auto scenario = scenario_of(options.scenario);
    if (!scenario) return status_of(scenario.error());
    if (options.duration_s > 0) scenario->duration_s = options.duration_s;
    if (options.sample_rate_hz > 0) scenario->sample_rate_hz = options.sample_rate_hz;
    return finish(lab::synth(std::move(*scenario), options.output));
  }

  int operator()(lab::verify::VerifyOptions options) const {
    options.progress = ::isatty(STDERR_FILENO) == 1;
    const auto passed = lab::verify::verify(options, {write_data, write_note});
    if (!passed) return status_of(passed.error());
    const int status = finish({});
    return status == 0 && !*passed ? 1 : status;
  }

  int operator()(const LockOptions& options) const {
    const std::string folder = (options.data.empty() ? "polyphase-data" : options.data) + "/" +
                               (options.meter.empty() ? "main" : options.meter);
    auto done = meter::turn_lock_switch(folder, options.on);
    if (!done) done.error().code = ErrorCode::io;
    if (done)
      write_note(fmt::format("the revenue lock is {} from the next start of this meter on\n",
                             options.on ? "on" : "off"));
    return finish(done);
  }

  int operator()(const DocsOptions& options) const {
    auto done = replace_file(options.folder + "/modules.md", lab::modules_page());
    if (done) done = replace_file(options.folder + "/labels.csv", lab::labels_table());
    if (done) done = replace_file(options.folder + "/modbus-map.csv", lab::modbus_map_table());
    return finish(done);
  }
};

}  // namespace
}  // namespace polyphase::app

int main(int argc, char** argv) {
  polyphase::app::hold_standard_files();
  std::signal(SIGPIPE, SIG_IGN);
  return std::visit(polyphase::app::Execute{}, polyphase::app::parse_command_line(argc, argv));
}
