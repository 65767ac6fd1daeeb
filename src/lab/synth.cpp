#include "lab/synth.hpp"

#include <cmath>
#include <fstream>
#include <iterator>
#include <limits>

#include "lab/recording_writer.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::embedded {
std::string_view default_scenario_text(std::string_view file_name);
}

namespace polyphase::lab {
namespace {

using sources::simulator::Scenario;
using sources::simulator::Simulator;

constexpr std::size_t block_frames = 4'096;

RecordingTitle title_of(const Simulator& simulator) {
  const Scenario& s = simulator.scenario();
  RecordingTitle title;
  title.station = s.name;
  title.sample_rate_hz = s.sample_rate_hz;
  title.line_frequency_hz = s.nominal_frequency_hz;
  title.rows = static_cast<std::uint64_t>(std::llround(s.duration_s * s.sample_rate_hz));
  title.start = s.start;
  for (std::size_t c = 0; c < channel_count; ++c)
    if ((simulator.info().channels_present >> c & 1) != 0) title.channels.push_back(c);
  return title;
}

Frame missing_frame() {
  Frame frame;
  frame.value.fill(std::numeric_limits<float>::quiet_NaN());
  return frame;
}

Result<void> append_missing(RecordingWriter& writer, std::uint64_t count) {
  const std::vector<Frame> missing(block_frames, missing_frame());
  for (; count > 0;) {
    const auto now = static_cast<std::size_t>(std::min<std::uint64_t>(count, missing.size()));
    if (auto done = writer.append(std::span(missing).first(now)); !done) return done;
    count -= now;
  }
  return {};
}

}  // namespace

Result<Scenario> default_scenario() {
  return sources::simulator::parse_scenario(embedded::default_scenario_text("feeder.toml"),
                                            "feeder.toml");
}

Result<Scenario> load_scenario(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorCode::io, "cannot be read; is it there?", path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return sources::simulator::parse_scenario(text, path);
}

Result<void> synth(Scenario scenario, const std::string& output) {
  if (scenario.duration_s <= 0)
    return fail(ErrorCode::invalid_config, "the scenario has no end; say how long with --duration",
                scenario.name);
  Simulator simulator(std::move(scenario), block_frames);
  const RecordingTitle title = title_of(simulator);
  auto writer = create_recording(output, title);
  if (!writer) return tl::unexpected(writer.error());
  std::uint64_t rows = 0;
  for (SampleBlock block;;) {
    auto more = simulator.next(block);
    if (!more) return tl::unexpected(more.error());
    // Samples that were left out, at the end too.
    const double since_s = seconds_between(title.start, block.time_first);
    const auto first =
        *more ? static_cast<std::uint64_t>(std::llround(since_s * title.sample_rate_hz))
              : title.rows;
    if (auto done = append_missing(**writer, first - rows); !done) return done;
    if (!*more) return (*writer)->close();
    auto done = block.bridged ? append_missing(**writer, block.frames.size())
                              : (*writer)->append(block.frames);
    if (!done) return done;
    rows = first + block.frames.size();
  }
}

}  // namespace polyphase::lab
