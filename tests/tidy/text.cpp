#include <array>

#include "tidy/rules.hpp"

namespace polyphase::tidy {
namespace {

bool is_text_of_ours(std::string_view path) {
  constexpr std::array endings{".cpp", ".hpp",  ".h",    ".cmake", ".txt",
                               ".md",  ".toml", ".json", ".ts"};
  for (const char* ending : endings)
    if (ends(path, ending)) return true;
  return name_of(path).find('.') == std::string_view::npos && name_of(path) != "LICENSE";
}

/// This folder speaks about what it forbids.
bool is_tidy(std::string_view path) { return begins(path, "tests/tidy/"); }

bool called(std::string_view line, std::string_view name) {
  for (std::size_t at = find_word(line, name); at != std::string_view::npos;
       at = find_word(line, name, at + 1)) {
    const std::size_t next = line.find_first_not_of(' ', at + name.size());
    const bool member = at > 0 && (line[at - 1] == '.' || line[at - 1] == '>');
    if (!member && next != std::string_view::npos && line[next] == '(') return true;
  }
  return false;
}

struct Banned {
  const char* name;
  const char* instead;
};

constexpr std::array banned_everywhere{
    Banned{"rand", "a seeded generator that the caller hands in"},
    Banned{"srand", "a seeded generator that the caller hands in"},
    Banned{"strtok", "std::string_view and find"},
    Banned{"atoi", "std::from_chars, which tells errors"},
    Banned{"atol", "std::from_chars, which tells errors"},
    Banned{"atof", "std::from_chars, which tells errors"},
    Banned{"gets", "a bounded read"},
    Banned{"strcpy", "std::string"},
    Banned{"strcat", "std::string"},
    Banned{"sprintf", "fmt::format"},
    Banned{"vsprintf", "fmt::format"},
    Banned{"sleep", "waiting for what is awaited: poll, a condition variable, with a time-out"},
    Banned{"usleep", "waiting for what is awaited: poll, a condition variable, with a time-out"},
    Banned{"nanosleep", "waiting for what is awaited: poll, a condition variable, with a time-out"},
};

/// Allowed in the program's main, in the line before a broken contract stops it, and in tests.
constexpr std::array banned_in_layers{
    Banned{"printf", "fmt::format and a result that the caller prints"},
    Banned{"fprintf", "fmt::format and a result that the caller prints"},
    Banned{"snprintf", "fmt::format"},
    Banned{"vprintf", "fmt::format and a result that the caller prints"},
    Banned{"vfprintf", "fmt::format and a result that the caller prints"},
};

void report_calls(const std::string& path, const Line& line, const auto& banned,
                  Findings& findings) {
  for (const Banned& call : banned)
    if (called(line.text, call.name))
      findings.push_back({path, line.number, std::string(call.name) + ": use " + call.instead});
}

}  // namespace

Findings nothing_is_left_over(const Tree& tree) {
  constexpr std::array words{"FIXME", "TODO", "XXX"};
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!is_text_of_ours(path) || is_tidy(path)) continue;
    for (const Line& line : lines_of(text))
      for (const char* word : words)
        if (find_word(line.text, word) != std::string_view::npos)
          findings.push_back(
              {path, line.number, std::string(word) + ": do it, or say what is missing"});
  }
  return findings;
}

Findings no_banned_calls(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!is_cpp(path)) continue;
    const bool layer = begins(path, "src/") && !is_test(path) && path != "src/base/contract.cpp";
    const std::string code = code_of(text);
    for (const Line& line : lines_of(code)) {
      report_calls(path, line, banned_everywhere, findings);
      if (layer) report_calls(path, line, banned_in_layers, findings);
      for (const char* wait : {"sleep_for", "sleep_until"})
        if (called(line.text, wait) && !begins(path, "src/lab/"))
          findings.push_back({path, line.number,
                              std::string(wait) +
                                  ": use waiting for what is awaited, with a time-out; pacing a "
                                  "simulated source is for src/lab"});
      if (line.text.find("std::regex") != std::string_view::npos)
        findings.push_back(
            {path, line.number, "std::regex: use find, or a small parser with bounds"});
      for (const char* call : {"std::time(", "time(nullptr)", "time(NULL)"})
        if (line.text.find(call) != std::string_view::npos) {
          findings.push_back(
              {path, line.number, "time(): use an Instant that the caller hands in"});
          break;
        }
    }
  }
  return findings;
}

Findings engine_asks_no_clock(const Tree& tree) {
  constexpr std::array folders{"src/dsp/",   "src/metering/", "src/pq/",
                               "src/graph/", "src/modules/",  "src/registers/"};
  Findings findings;
  for (const auto& [path, text] : tree) {
    bool engine = false;
    for (const char* folder : folders) engine = engine || begins(path, folder);
    if (!engine || !is_cpp(path) || is_test(path)) continue;
    const std::string code = code_of(text);
    for (const Line& line : lines_of(code))
      for (const char* call :
           {"_clock::now", "clock_gettime", "gettimeofday", "std::random_device"})
        if (line.text.find(call) != std::string_view::npos)
          findings.push_back(
              {path, line.number,
               std::string(call) +
                   ": the engine is a function of samples, their clock and commands"});
  }
  return findings;
}

Findings no_paths_of_one_machine(const Tree& tree) {
  constexpr std::array paths{"/home/", "/root/", "/work/", "/Users/", "/tmp/brief", "C:\\Users"};
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!is_text_of_ours(path) || is_tidy(path)) continue;
    for (const Line& line : lines_of(text)) {
      for (const char* bad : paths)
        if (line.text.find(bad) != std::string_view::npos)
          findings.push_back({path, line.number, std::string(bad) + " exists on one machine only"});
      if (const std::size_t at = line.text.find("../shared/"); at != std::string_view::npos)
        if (!is_test(path) || !begins(line.text.substr(at), "../shared/data"))
          findings.push_back(
              {path, line.number, "nothing outside of the repository; tests: recordings only"});
    }
  }
  return findings;
}

Findings files_are_short(const Tree& tree) {
  Findings findings;
  for (const auto& [path, text] : tree) {
    if (!is_cpp(path) && !ends(path, ".cmake") && !ends(path, ".ts")) continue;
    const auto lines = lines_of(text);
    if (lines.size() <= file_lines_max) continue;
    bool explained = false;
    for (std::size_t i = 0; i < 5; ++i)
      explained = explained || lines[i].text.find("Longer than ") != std::string_view::npos;
    if (!explained)
      findings.push_back({path, 0,
                          std::to_string(lines.size()) + " lines, at most " +
                              std::to_string(file_lines_max) +
                              ": split it, or say in the first lines: Longer than ... because"});
  }
  return findings;
}

}  // namespace polyphase::tidy
