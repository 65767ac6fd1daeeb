#include "lab/synth.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "formats/comtrade/write_recording.hpp"
#include "formats/wav/header.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::embedded {
std::string_view default_scenario_text(std::string_view file_name);
}

namespace polyphase::lab {
namespace {

using sources::simulator::Scenario;
using sources::simulator::Simulator;

class File {
 public:
  explicit File(const std::string& path) : path_(path), file_(std::fopen(path.c_str(), "wb")) {}
  bool write(std::string_view bytes) {
    good_ = good_ && file_ && std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
    return good_;
  }
  Result<void> close() {
    good_ = good_ && file_ && std::fflush(file_.get()) == 0;
    if (good_) return {};
    return fail(ErrorCode::io, "cannot be written; is the folder there, and is there room?", path_);
  }

 private:
  struct Close {
    void operator()(std::FILE* f) const { std::fclose(f); }
  };
  std::string path_;
  std::unique_ptr<std::FILE, Close> file_;
  bool good_ = true;
};

std::vector<std::size_t> channels_of(const SourceInfo& info) {
  std::vector<std::size_t> list;
  for (std::size_t c = 0; c < channel_count; ++c)
    if ((info.channels_present >> c & 1u) != 0) list.push_back(c);
  return list;
}

template <class Each>
Result<void> each_frame(Simulator& simulator, Each each) {
  std::uint64_t index = 0;
  for (SampleBlock block;;) {
    auto more = simulator.next(block);
    if (!more) return tl::unexpected(more.error());
    if (!*more) return {};
    for (const Frame& frame : block.frames) each(index++, frame);
  }
}

std::uint64_t frames_of(const Scenario& s) { return static_cast<std::uint64_t>(std::llround(s.duration_s * s.sample_rate_hz)); }

constexpr std::size_t flush_bytes = 1u << 20;

Result<void> write_comtrade(Simulator& simulator, const std::filesystem::path& path) {
  const Scenario& s = simulator.scenario();
  const auto channels = channels_of(simulator.info());
  std::vector<formats::comtrade::WrittenChannel> written;
  for (const std::size_t c : channels)
    written.push_back({channel_names[c], std::string(1, "ABCN"[c % 4]), c < 4 ? "V" : "A"});
  File configuration(path.string());
  configuration.write(formats::comtrade::configuration_text(s.name, written, s.nominal_frequency_hz, s.sample_rate_hz, frames_of(s), s.start));
  if (auto done = configuration.close(); !done) return done;
  std::filesystem::path data_path = path;
  data_path.replace_extension(".dat");
  File data(data_path.string());
  std::string buffer;
  std::vector<float> values(channels.size());
  auto done = each_frame(simulator, [&](std::uint64_t index, const Frame& frame) {
    for (std::size_t i = 0; i < channels.size(); ++i) values[i] = frame.value[channels[i]];
    formats::comtrade::append_record(buffer, index + 1, static_cast<double>(index) * 1e6 / s.sample_rate_hz, values.data(), values.size());
    if (buffer.size() < flush_bytes) return;
    data.write(buffer);
    buffer.clear();
  });
  data.write(buffer);
  return done ? data.close() : done;
}

Result<void> write_csv(Simulator& simulator, const std::filesystem::path& path) {
  const Scenario& s = simulator.scenario();
  const auto channels = channels_of(simulator.info());
  std::string buffer = "time_s";
  for (const std::size_t c : channels) buffer += fmt::format(",{} [{}]", channel_names[c], c < 4 ? "V" : "A");
  buffer += "\n";
  File file(path.string());
  auto done = each_frame(simulator, [&](std::uint64_t index, const Frame& frame) {
    fmt::format_to(std::back_inserter(buffer), "{:.9f}", static_cast<double>(index) / s.sample_rate_hz);
    for (const std::size_t c : channels) fmt::format_to(std::back_inserter(buffer), ",{}", frame.value[c]);
    buffer += "\n";
    if (buffer.size() < flush_bytes) return;
    file.write(buffer);
    buffer.clear();
  });
  file.write(buffer);
  return done ? file.close() : done;
}

Result<void> write_wav(Simulator& simulator, const std::filesystem::path& path) {
  const Scenario& s = simulator.scenario();
  File file(path.string());
  file.write(formats::wav::float_header(channel_count, static_cast<std::uint32_t>(s.sample_rate_hz), frames_of(s)));
  std::string buffer;
  auto done = each_frame(simulator, [&](std::uint64_t, const Frame& frame) {
    buffer.append(reinterpret_cast<const char*>(frame.value.data()), sizeof frame.value);
    if (buffer.size() < flush_bytes) return;
    file.write(buffer);
    buffer.clear();
  });
  file.write(buffer);
  return done ? file.close() : done;
}

}  // namespace

Result<Scenario> default_scenario() {
  return sources::simulator::parse_scenario(embedded::default_scenario_text("feeder.toml"), "feeder.toml");
}

Result<Scenario> load_scenario(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorCode::io, "cannot be read; is it there?", path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  return sources::simulator::parse_scenario(text, path);
}

Result<void> synth(Scenario scenario, const std::string& output) {
  const std::filesystem::path path(output);
  Simulator simulator(std::move(scenario));
  const std::string ending = path.extension().string();
  if (ending == ".cfg") return write_comtrade(simulator, path);
  if (ending == ".csv") return write_csv(simulator, path);
  if (ending == ".wav") return write_wav(simulator, path);
  return fail(ErrorCode::unsupported, "write .cfg (COMTRADE), .csv or .wav", output);
}

}  // namespace polyphase::lab
