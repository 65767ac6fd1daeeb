#include "lab/verify/verify.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <thread>

#include "lab/verify/report.hpp"
#include "lab/verify/run.hpp"
#include "lab/verify/suites.hpp"

namespace polyphase::lab::verify {
namespace {

constexpr unsigned threads_max = 16;

std::vector<Group> all_groups(const Scope& scope) {
  std::vector<Group> groups;
  for (const auto make : {power_quality, voltage_events, aggregation, class_s, harmonics, active_energy,
                          reactive_energy, power_quantities, flicker})
    groups.push_back(make(scope));
  return groups;
}

// A group by its key, or by the beginning of it: 62053 has two.
Result<std::vector<Group>> chosen(const VerifyOptions& options) {
  std::vector<Group> groups = all_groups({options.quick, options.meter});
  if (options.only.empty()) return groups;
  const auto wanted = [&](const Group& group, const std::string& key) {
    return group.key.rfind(key, 0) == 0;
  };
  for (const std::string& key : options.only)
    if (std::none_of(groups.begin(), groups.end(),
                     [&](const Group& group) { return wanted(group, key); })) {
      std::string keys;
      for (const Group& group : groups) keys += (keys.empty() ? "" : ", ") + group.key;
      return fail(ErrorCode::not_found,
                  fmt::format("there is no group '{}'; there are {}", key.substr(0, 40), keys));
    }
  std::erase_if(groups, [&](const Group& group) {
    return std::none_of(options.only.begin(), options.only.end(),
                        [&](const std::string& key) { return wanted(group, key); });
  });
  return groups;
}

std::string machine() {
  std::ifstream cpuinfo("/proc/cpuinfo");
  constexpr std::string_view key = "model name";
  for (std::string line; std::getline(cpuinfo, line);)
    if (const auto colon = line.find(": "); line.rfind(key, 0) == 0 && colon != std::string::npos)
      return fmt::format("{}, {} threads", line.substr(colon + 2),
                         std::thread::hardware_concurrency());
  return fmt::format("{} threads", std::thread::hardware_concurrency());
}

std::string command_of(const VerifyOptions& options) {
  std::string command = "polyphase verify";
  if (options.quick) command += " --quick";
  for (const std::string& key : options.only) command += " --only " + key;
  if (options.meter.tier != MeterOptions{}.tier) command += " --tier " + options.meter.tier;
  for (const auto& [name, ratio] : {std::pair{"pt", options.meter.pt}, {"ct", options.meter.ct}})
    if (ratio) command += fmt::format(" --{} {}:{}", name, ratio->primary, ratio->secondary);
  for (const std::string& set : options.meter.sets) command += fmt::format(" --set \"{}\"", set);
  return command;
}

Result<void> write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  if (file << text; !file.flush())
    return fail(ErrorCode::io, "cannot be written; is its folder there?", path);
  return {};
}

}  // namespace

Result<bool> verify(const VerifyOptions& options, const Output& output) {
  auto groups = chosen(options);
  if (!groups) return tl::unexpected(groups.error());
  const auto began = std::chrono::steady_clock::now();
  const unsigned threads = std::clamp(
      options.threads > 0 ? options.threads : std::thread::hardware_concurrency(), 1u, threads_max);
  const auto tell = [&](std::size_t done, std::size_t of) {
    output.note(fmt::format("\r{} of {} scenarios{}", done, of, done == of ? "\n" : ""));
  };
  auto ran = run_all(*groups, threads, options.progress ? tell : decltype(std::function(tell)){});
  if (!ran) return tl::unexpected(ran.error());

  using std::chrono::system_clock;
  const Instant now{
      std::chrono::duration_cast<std::chrono::nanoseconds>(system_clock::now().time_since_epoch())
          .count()};
  const std::chrono::duration<double> took = std::chrono::steady_clock::now() - began;
  const Title title{options.program, command_of(options), machine(),
                    to_iso8601(now).substr(0, 19) + "Z", took.count()};
  if (!options.html.empty())
    if (auto written = write_file(options.html, html_report(*groups, title)); !written)
      return tl::unexpected(written.error());
  if (!output.data(options.json ? json_report(*groups, title) : terminal_report(*groups, title)))
    return fail(ErrorCode::io, "the output cannot be written");
  return std::all_of(groups->begin(), groups->end(),
                     [](const Group& group) { return tally_of(group).failed == 0; });
}

}  // namespace polyphase::lab::verify
