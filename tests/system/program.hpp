#pragma once

#include <string>
#include <vector>

namespace polyphase::system_test {

/// What the built program did with one command line.
struct Ran {
  int status = -1;  ///< exit status; 128 + signal
  std::string out, err;

  std::string last_line_of_err() const;
  std::vector<std::string> lines() const;  ///< of out
};

/// Runs `polyphase ARGUMENTS` by the shell, which also does what stands behind them (">&-", "|
/// head").
Ran polyphase(const std::string& arguments);

/// A folder of this test alone, empty at first; with a slash at its end.
std::string folder();
std::string write_file(const std::string& name, const std::string& text);
std::string read_file(const std::string& path);

/// Makes a recording by `synth` and returns its path.
std::string recording(const std::string& scenario, const std::string& name,
                      const std::string& options = "");

/// A clean system: 230 V, 10 A lagging by 60 degrees; `more` follows in the scenario.
std::string clean(const std::string& duration_s, const std::string& more = "");

}  // namespace polyphase::system_test
