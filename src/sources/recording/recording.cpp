#include "sources/recording/recording.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "formats/comtrade/cff.hpp"
#include "formats/pcap/pcap.hpp"
#include "formats/wav/wav.hpp"
#include "sources/recording/joined_parts.hpp"
#include "sources/recording/part.hpp"

namespace polyphase::sources::recording {
namespace {

namespace fs = std::filesystem;

std::string lower(std::string text) {
  for (char& c : text)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return text;
}

Result<std::unique_ptr<Part>> open_part(const std::string& path, const RecordingOptions& options) {
  auto file = MappedFile::open(path);
  if (!file) return tl::unexpected(file.error());
  const auto octets = file->octets();
  const std::string ending = ending_of(path);
  if (octets.empty()) return fail(ErrorCode::invalid_input, "is empty", path);
  if (formats::comtrade::is_combined(octets)) return open_comtrade(path, options);
  if (formats::wav::is_wave(octets)) return open_wav(path, std::move(*file), options);
  if (formats::pcap::is_capture(octets)) return open_capture(path, std::move(*file), options);
  if (ending == ".cfg" || ending == ".dat" || ending == ".cff") return open_comtrade(path, options);
  if (ending == ".hdr" || ending == ".inf")
    return fail(ErrorCode::unsupported,
                "is the description of a COMTRADE recording; name the .cfg file", path);
  const bool text =
      std::find(
          octets.begin(),
          octets.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(octets.size(), 512)),
          0) ==
      octets.begin() + static_cast<std::ptrdiff_t>(std::min<std::size_t>(octets.size(), 512));
  if (ending == ".csv" || ending == ".tsv" || ending == ".txt" || (text && ending.empty()))
    return open_csv(path, std::move(*file), options);
  return fail(ErrorCode::unsupported,
              "is of no kind that can be read: COMTRADE (.cfg with .dat, .cff), CSV, WAV, or a "
              "capture of Sampled Values (pcap, pcapng)",
              path);
}

/// What two names of one recording have in common: a .cfg and its .dat.
std::string recording_of(const std::string& path) {
  const std::string ending = ending_of(path);
  if (ending != ".cfg" && ending != ".dat") return path;
  return (fs::path(path).parent_path() / lower(fs::path(path).stem().string())).string() + ".cfg";
}

Result<void> check_alike(const std::vector<std::unique_ptr<Part>>& parts) {
  const Part::Info& first = parts[0]->info();
  for (const auto& part : parts) {
    const Part::Info& info = part->info();
    if (std::abs(info.sample_rate_hz - first.sample_rate_hz) >
        rate_tolerance * first.sample_rate_hz)
      return fail(ErrorCode::invalid_input,
                  fmt::format("has {:.7g} samples a second where {} has {:.7g}: one run needs one "
                              "rate; read them one by one",
                              info.sample_rate_hz, first.path, first.sample_rate_hz),
                  info.path);
    if (info.present != first.present)
      return fail(
          ErrorCode::invalid_input,
          fmt::format("has other channels than {}: one run needs the same; choose them with --map",
                      first.path),
          info.path);
  }
  return {};
}

}  // namespace

void Stretches::add(Instant begin, double of_length_s) {
  if (first.size() < kept_max) first.push_back({begin, of_length_s});
  ++count;
  length_s += of_length_s;
}

void Stretches::extend(double by_s) {
  if (count == first.size()) first.back().length_s += by_s;
  length_s += by_s;
}

std::string ending_of(const std::string& path) {
  return lower(fs::path(path).extension().string());
}

std::optional<std::string> file_beside(const std::string& path, std::string_view ending) {
  const fs::path given(path);
  const fs::path folder = given.has_parent_path() ? given.parent_path() : fs::path(".");
  std::optional<std::string> other_case;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    const fs::path name = entry.path().filename();
    if (lower(name.extension().string()) != ending ||
        lower(name.stem().string()) != lower(given.stem().string()))
      continue;
    if (name.stem() == given.stem()) return (given.parent_path() / name).string();
    other_case = (given.parent_path() / name).string();
  }
  return other_case;
}

Result<void> check_rate(double sample_rate_hz, const std::string& path) {
  if (sample_rate_hz >= rate_min_hz && sample_rate_hz <= rate_max_hz) return {};
  return fail(ErrorCode::invalid_input,
              fmt::format("{:.6g} samples a second cannot be measured with: {} to {} are needed",
                          sample_rate_hz, rate_min_hz, rate_max_hz),
              path);
}

Result<Mapping> choose_inputs(const std::vector<Candidate>& candidates,
                              const RecordingOptions& options, Part::Info& info) {
  auto mapping = map_channels(candidates, options.map, options.delta);
  if (!mapping) return fail(mapping.error().code, mapping.error().message, info.path);
  info.present = mapping->present();
  if (info.present == 0) {
    std::string names;
    for (std::size_t i = 0; i < std::min<std::size_t>(candidates.size(), 24); ++i)
      names += fmt::format("{}#{} {}", i > 0 ? ", " : "", i + 1, candidates[i].name);
    return fail(ErrorCode::invalid_input,
                fmt::format("none of its {} channels is known as a voltage or current of a phase; "
                            "choose with --map \"V1=#1\" ({})",
                            candidates.size(), names),
                info.path);
  }
  for (const std::string& note : mapping->notes) info.notes.push_back(note);
  return mapping;
}

Result<OpenedRecording> open_recordings(const std::vector<std::string>& paths,
                                        const RecordingOptions& options) {
  if (paths.empty() || paths.size() > files_max)
    return fail(ErrorCode::limit, fmt::format("1 to {} recordings can be read at once", files_max));
  OpenedRecording opened;
  std::vector<std::unique_ptr<Part>> parts;
  std::set<std::string> seen;
  for (const std::string& path : paths) {
    if (!seen.insert(recording_of(path)).second) continue;
    auto part = open_part(path, options);
    if (!part) return tl::unexpected(part.error());
    if (!options.stream.empty() && !(*part)->info().of_stream)
      return fail(ErrorCode::invalid_config,
                  "--stream chooses among the streams of a capture, and this is none; leave it out",
                  path);
    for (const std::string& note : (*part)->info().notes)
      opened.notes.push_back(path + ": " + note);
    parts.push_back(std::move(*part));
  }
  std::stable_sort(parts.begin(), parts.end(), [](const auto& a, const auto& b) {
    return a->info().start.value_or(Instant{}) < b->info().start.value_or(Instant{});
  });
  if (auto alike = check_alike(parts); !alike) return tl::unexpected(alike.error());
  opened.source = join(std::move(parts), options.start);
  return opened;
}

}  // namespace polyphase::sources::recording
