#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <csignal>
#include <cstdio>

#include "command_line.hpp"
#include "lab/live.hpp"
#include "lab/module_run.hpp"
#include "lab/synth.hpp"

namespace polyphase::app {
namespace {

std::atomic<bool> stop{false};

bool write_data(std::string_view text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
}
void write_note(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

// 1: what came in says no; 2: what was asked for cannot be asked. The last line says what to do.
int status_of(const Error& error) {
  std::fflush(stdout);
  fmt::print(stderr, "polyphase: {}\n", error.text());
  const bool usage = error.code == ErrorCode::invalid_config ||
                     error.code == ErrorCode::not_found || error.code == ErrorCode::refused;
  return usage ? 2 : 1;
}

int finish(Result<void> done) {
  if (!done) return status_of(done.error());
  if (std::fflush(stdout) != 0)
    return status_of({ErrorCode::io, "the output cannot be written", ""});
  return 0;
}

struct Execute {
  int operator()(const Exit& exit) const { return exit.status; }
  int operator()(lab::AnalyzeOptions options) const {
    options.progress = ::isatty(STDERR_FILENO) == 1;
    return finish(lab::analyze(options, {write_data, write_note}));
  }
  int operator()(const ModuleOptions& options) const {
    if (options.list) return finish(written(lab::module_list()));
    auto text = options.file.empty() ? lab::module_description(options.type)
                                     : lab::run_module(options.type, options.file, options.sets);
    return text ? finish(written(*text)) : status_of(text.error());
  }
  int operator()(const RunOptions& options) const {
    auto scenario =
        options.scenario.empty() ? lab::default_scenario() : lab::load_scenario(options.scenario);
    if (!scenario) return input_refused(scenario.error());
    lab::LiveOptions live;
    live.speed = options.speed;
    live.duration_s = options.duration_s;
    live.redraw = ::isatty(STDOUT_FILENO) == 1;
    std::signal(SIGINT, [](int) { stop = true; });
    std::signal(SIGTERM, [](int) { stop = true; });
    return finish(lab::run_live(*scenario, options.meter, live, stop, [](std::string_view text) {
      return write_data(text) && std::fflush(stdout) == 0;
    }));
  }
  int operator()(const SynthOptions& options) const {
    auto scenario = lab::load_scenario(options.scenario);
    if (!scenario) return input_refused(scenario.error());
    if (options.duration_s > 0) scenario->duration_s = options.duration_s;
    if (options.sample_rate_hz > 0) scenario->sample_rate_hz = options.sample_rate_hz;
    return finish(lab::synth(std::move(*scenario), options.output));
  }
  int operator()(const DocsOptions& options) const {
    auto labels = lab::labels_table();
    if (!labels) return status_of(labels.error());
    for (const auto& [name, text] :
         {std::pair<std::string, std::string>{"modules.md", lab::modules_page()},
          {"labels.csv", *labels}})
      if (auto done = replaced(options.folder + "/" + name, text); !done)
        return status_of(done.error());
    return 0;
  }

 private:
  static Result<void> written(std::string_view text) {
    if (write_data(text)) return {};
    return fail(ErrorCode::io, "the output cannot be written");
  }
  // A scenario is an input: what it says wrong is not the usage's fault.
  static int input_refused(Error error) {
    error.code = ErrorCode::invalid_input;
    return status_of(error);
  }
  static Result<void> replaced(const std::string& path, const std::string& text) {
    std::FILE* file = std::fopen(path.c_str(), "wb");
    const bool good =
        file != nullptr && std::fwrite(text.data(), 1, text.size(), file) == text.size();
    if (file != nullptr && std::fclose(file) == 0 && good) return {};
    return fail(ErrorCode::io, "cannot be written", path);
  }
};

}  // namespace
}  // namespace polyphase::app

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return std::visit(polyphase::app::Execute{}, polyphase::app::parse_command_line(argc, argv));
}
