#include "lab/synth.hpp"

#include <fmt/format.h>

#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <memory>

#include "formats/comtrade/writer.hpp"
#include "formats/wav/wav.hpp"
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
    good_ =
        good_ && file_ && std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) == bytes.size();
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

std::uint64_t frames_of(const Scenario& s) {
  return static_cast<std::uint64_t>(std::llround(s.duration_s * s.sample_rate_hz));
}

constexpr std::size_t flush_bytes = 1u << 20;

std::string_view as_text(const std::vector<std::uint8_t>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

formats::comtrade::Config comtrade_config(const Scenario& s,
                                          const std::vector<std::size_t>& channels) {
  formats::comtrade::Config config;
  config.station = s.name;
  config.device = "polyphase";
  config.kind = formats::comtrade::DataKind::float32;
  config.line_frequency_hz = s.nominal_frequency_hz;
  config.sections = {{s.sample_rate_hz, frames_of(s)}};
  config.start = s.start;
  config.time_multiplier = formats::comtrade::time_multiplier_for(s.duration_s);
  for (const std::size_t c : channels) {
    formats::comtrade::AnalogChannel channel;
    channel.name = channel_names[c];
    channel.phase = std::string(1, "ABCN"[c % 4]);
    channel.unit = c < 4 ? "V" : "A";
    formats::comtrade::scale_channel(channel, config.kind, 0);
    config.analogs.push_back(std::move(channel));
  }
  return config;
}

Result<void> write_comtrade(Simulator& simulator, const std::filesystem::path& path) {
  const auto channels = channels_of(simulator.info());
  const auto config = comtrade_config(simulator.scenario(), channels);
  File configuration(path.string());
  configuration.write(formats::comtrade::write_config(config));
  if (auto done = configuration.close(); !done) return done;
  std::filesystem::path data_path = path;
  data_path.replace_extension(".dat");
  File data(data_path.string());
  std::vector<std::uint8_t> buffer;
  std::vector<float> values(channels.size());
  auto done = each_frame(simulator, [&](std::uint64_t index, const Frame& frame) {
    for (std::size_t i = 0; i < channels.size(); ++i) values[i] = frame.value[channels[i]];
    formats::comtrade::append_rows(config, index + 1, values, {}, buffer);
    if (buffer.size() < flush_bytes) return;
    data.write(as_text(buffer));
    buffer.clear();
  });
  data.write(as_text(buffer));
  return done ? data.close() : done;
}

Result<void> write_csv(Simulator& simulator, const std::filesystem::path& path) {
  const Scenario& s = simulator.scenario();
  const auto channels = channels_of(simulator.info());
  std::string buffer = "time_s";
  for (const std::size_t c : channels)
    buffer += fmt::format(",{} [{}]", channel_names[c], c < 4 ? "V" : "A");
  buffer += "\n";
  File file(path.string());
  auto done = each_frame(simulator, [&](std::uint64_t index, const Frame& frame) {
    fmt::format_to(std::back_inserter(buffer), "{:.9f}",
                   static_cast<double>(index) / s.sample_rate_hz);
    for (const std::size_t c : channels)
      fmt::format_to(std::back_inserter(buffer), ",{}", frame.value[c]);
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
  const formats::wav::Format format{formats::wav::Coding::float32, channel_count,
                                    static_cast<std::uint32_t>(s.sample_rate_hz)};
  auto header = formats::wav::header(format, frames_of(s));
  if (!header) return fail(header.error().code, header.error().message, path.string());
  File file(path.string());
  file.write(as_text(*header));
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
  const std::filesystem::path path(output);
  Simulator simulator(std::move(scenario));
  const std::string ending = path.extension().string();
  if (ending == ".cfg") return write_comtrade(simulator, path);
  if (ending == ".csv") return write_csv(simulator, path);
  if (ending == ".wav") return write_wav(simulator, path);
  return fail(ErrorCode::unsupported, "write .cfg (COMTRADE), .csv or .wav", output);
}

}  // namespace polyphase::lab
