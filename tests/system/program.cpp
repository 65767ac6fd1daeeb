#include "system/program.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace polyphase::system_test {

std::string folder() {
  const auto* test = testing::UnitTest::GetInstance()->current_test_info();
  const std::string path =
      testing::TempDir() + "polyphase_" + test->test_suite_name() + "_" + test->name() + "/";
  static std::string made;
  if (made != path) {
    std::filesystem::remove_all(path);
    std::filesystem::create_directories(path);
    made = path;
  }
  return path;
}

std::string read_file(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::string write_file(const std::string& name, const std::string& text) {
  const std::string path = folder() + name;
  std::ofstream(path, std::ios::binary) << text;
  return path;
}

Ran polyphase(const std::string& arguments) {
  const std::string out = folder() + "out", err = folder() + "err";
  const std::string command =
      "{ " POLYPHASE_PROGRAM " " + arguments + " ; } >" + out + " 2>" + err + " </dev/null";
  const int status = std::system(command.c_str());
  Ran ran;
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  ran.out = read_file(out);
  ran.err = read_file(err);
  return ran;
}

std::string Ran::last_line_of_err() const {
  const std::size_t end = err.find_last_not_of('\n');
  if (end == std::string::npos) return {};
  const std::size_t begin = err.rfind('\n', end);
  return err.substr(begin == std::string::npos ? 0 : begin + 1,
                    end - (begin == std::string::npos ? 0 : begin + 1) + 1);
}

std::vector<std::string> Ran::lines() const {
  std::vector<std::string> lines;
  for (std::size_t at = 0; at < out.size();) {
    const std::size_t end = std::min(out.find('\n', at), out.size());
    lines.push_back(out.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string clean(const std::string& duration_s, const std::string& more) {
  return "[scenario]\nname = \"clean\"\nsample_rate_hz = 5000\nduration_s = " + duration_s +
         "\n[voltage]\nrms_v = 230\nangle_deg = -90\n[current]\nrms_a = 10\nlag_deg = 60\n" + more;
}

std::string recording(const std::string& scenario, const std::string& name,
                      const std::string& options) {
  const std::string path = folder() + name;
  const Ran ran =
      polyphase("synth " + write_file("scenario.toml", scenario) + " -o " + path + " " + options);
  EXPECT_EQ(ran.status, 0) << ran.err;
  return path;
}

}  // namespace polyphase::system_test
