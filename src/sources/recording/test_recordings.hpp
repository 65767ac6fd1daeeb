#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "sources/recording/recording.hpp"

/// For tests: a folder to put recordings in, and all that a recording gives.
namespace polyphase::sources::recording {

namespace fs = std::filesystem;

// A folder of its own for each test.
class Recordings : public ::testing::Test {
 protected:
  void SetUp() override {
    folder_ = fs::temp_directory_path() / ("polyphase-recording-" + std::to_string(::getpid()));
    fs::create_directories(folder_);
  }
  void TearDown() override { fs::remove_all(folder_); }
  std::string put(const std::string& name, const std::string& bytes) {
    const std::string path = (folder_ / name).string();
    std::ofstream(path, std::ios::binary) << bytes;
    return path;
  }
  static std::string bytes_of(const std::string& path) {
    std::ifstream stream(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(stream), {}};
  }
  fs::path folder_;
};

struct ReadAll {
  std::vector<Frame> frames;
  std::size_t bridged = 0, gaps = 0;
  std::vector<Instant> gap_times;
  bool synchronised = true, clock_synchronised = true;
  Instant first;
  SourceInfo info;
  std::vector<std::string> notes, warnings;
  Missing missing;
  std::string error;
  explicit ReadAll(const std::vector<std::string>& paths, const RecordingOptions& options = {}) {
    auto opened = open_recordings(paths, options);
    if (!opened) {
      error = opened.error().text();
      return;
    }
    notes = opened->notes;
    info = opened->source->info();
    for (SampleBlock block;;) {
      auto more = opened->source->next(block);
      if (!more || !*more) break;
      if (frames.empty()) first = block.time_first;
      frames.insert(frames.end(), block.frames.begin(), block.frames.end());
      bridged += block.bridged ? block.frames.size() : 0;
      gaps += block.after_gap;
      if (block.after_gap) gap_times.push_back(block.time_first);
      synchronised = synchronised && block.clock_synchronised;
    }
    warnings = opened->source->warnings();
    missing = opened->source->missing();
    clock_synchronised = opened->source->clock_synchronised();
  }
  bool noted(const std::string& words) const {
    for (const auto* list : {&notes, &warnings})
      for (const auto& note : *list)
        if (note.find(words) != std::string::npos) return true;
    return false;
  }
};

}  // namespace polyphase::sources::recording
