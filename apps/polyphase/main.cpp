#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

#include "command_line.hpp"

namespace polyphase::app {
namespace {

bool write_data(std::string_view text) { return std::fwrite(text.data(), 1, text.size(), stdout) == text.size(); }
void write_note(std::string_view text) { std::fwrite(text.data(), 1, text.size(), stderr); }

// 1: what came in says no; 2: what was asked for cannot be asked. The last line says what to do.
int status_of(const Error& error) {
  std::fflush(stdout);
  fmt::print(stderr, "polyphase: {}\n", error.text());
  const bool usage = error.code == ErrorCode::invalid_config || error.code == ErrorCode::not_found ||
                     error.code == ErrorCode::refused;
  return usage ? 2 : 1;
}

int finish(Result<void> done) {
  if (!done) return status_of(done.error());
  if (std::fflush(stdout) != 0) return status_of({ErrorCode::io, "the output cannot be written", ""});
  return 0;
}

struct Execute {
  int operator()(const Exit& exit) const { return exit.status; }
  int operator()(lab::AnalyzeOptions options) const {
    options.progress = ::isatty(STDERR_FILENO) == 1;
    return finish(lab::analyze(options, {write_data, write_note}));
  }
  int operator()(const ModuleOptions&) const { return 2; }
  int operator()(const RunOptions&) const { return 2; }
  int operator()(const SynthOptions&) const { return 2; }
  int operator()(const DocsOptions&) const { return 2; }
};

}  // namespace
}  // namespace polyphase::app

int main(int argc, char** argv) {
  std::signal(SIGPIPE, SIG_IGN);
  return std::visit(polyphase::app::Execute{}, polyphase::app::parse_command_line(argc, argv));
}
