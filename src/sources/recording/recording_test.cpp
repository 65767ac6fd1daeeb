#include "sources/recording/recording.hpp"

#include <gtest/gtest.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <numbers>

#include "sources/recording/mapping.hpp"

namespace polyphase::sources::recording {
namespace {

namespace fs = std::filesystem;
const std::string shared = POLYPHASE_SOURCE_DIR "/../shared/data/comtrade/";

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
  Instant first;
  SourceInfo info;
  std::vector<std::string> notes, warnings;
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
    }
    warnings = opened->source->warnings();
  }
};

std::string csv(double start_s, std::size_t rows, double rate, const char* header = "time_s,V1,I1") {
  std::string text = std::string(header) + "\n";
  for (std::size_t n = 0; n < rows; ++n) {
    const double t = start_s + static_cast<double>(n) / rate;
    text += std::to_string(t) + "," + std::to_string(325 * std::cos(314.159265 * t)) + "," + std::to_string(10 * std::cos(314.159265 * t)) + "\n";
  }
  return text;
}

TEST_F(Recordings, OpenTheRealOnesOfDisturbanceRecorders) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the recordings are not beside the checkout";
  const ReadAll first({shared + "1.cfg"});
  EXPECT_EQ(first.error, "");
  EXPECT_EQ(first.info.channels_present, 0x0f);
  EXPECT_NEAR(first.info.sample_rate_hz, 2410.745, 0.01);
  EXPECT_GT(first.frames.size(), 5000u);
  const ReadAll third({shared + "3.cfg"});
  EXPECT_EQ(third.info.channels_present, 0xff);
  EXPECT_NEAR(third.info.sample_rate_hz, 800.2, 0.1);
  EXPECT_EQ(third.info.line_frequency_hz, 50);
  const ReadAll fourth({shared + "4.CFG"});
  EXPECT_EQ(fourth.frames.size(), 2400u);
  EXPECT_EQ(fourth.info.channels_present & 7, 0) << "line voltages are no phases";
}

TEST_F(Recordings, MultiplySecondaryValuesByTheirRatio) {
  const std::string cfg =
      "S,D,1999\n2,2A,0D\n1,UA,A,,V,1,0,0,-32767,32767,20000,100,S\n2,IA,A,,A,1,0,0,-32767,32767,500,5,P\n"
      "50\n1\n1000,3\n01/01/2026,00:00:00.0\n01/01/2026,00:00:00.0\nASCII\n1\n";
  const std::string path = put("r.cfg", cfg);
  put("r.DAT", "1,0,10,10\n2,1000,20,20\n3,2000,30,30\n");
  EXPECT_EQ(ReadAll({path}).frames[1].value[0], 4000);
  EXPECT_EQ(ReadAll({path}).frames[1].value[4], 20);
  RecordingOptions options;
  options.pt = {10'000, 100};
  EXPECT_EQ(ReadAll({path}, options).frames[1].value[0], 2000);
  EXPECT_EQ(to_iso8601(ReadAll({path}).first), "2026-01-01T00:00:00.000000Z");
}

TEST_F(Recordings, TakeTheRateFromTimesOfACsv) {
  const ReadAll read({put("a.csv", csv(0, 1000, 4800))});
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.info.sample_rate_hz, 4800);
  EXPECT_EQ(read.frames.size(), 1000u);
  EXPECT_EQ(read.info.channels_present, 0x11);
}

TEST_F(Recordings, BridgeRowsThatAreMissing) {
  std::string text = csv(0, 100, 1000);
  std::size_t at = 0;
  for (int line = 0; line < 51; ++line) at = text.find('\n', at) + 1;
  for (int gone = 0; gone < 3; ++gone) text.erase(at, text.find('\n', at) + 1 - at);
  const ReadAll read({put("a.csv", text)});
  EXPECT_EQ(read.frames.size(), 100u);
  EXPECT_EQ(read.bridged, 3u);
}

TEST_F(Recordings, JoinFilesInTheOrderOfTheirTimeAndFlagTheGap) {
  const auto iso = [](const char* clock) {
    std::string text = "time,V1\n";
    for (int n = 0; n < 4; ++n) text += std::string("2026-01-01T00:00:") + clock + ".00" + std::to_string(n) + "Z,1\n";
    return text;
  };
  const ReadAll read({put("b.csv", iso("07")), put("a.csv", iso("03"))});
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(to_iso8601(read.first), "2026-01-01T00:00:03.000000Z");
  EXPECT_EQ(read.gaps, 1u);
  EXPECT_EQ(read.frames.size(), 8u);
}

TEST_F(Recordings, SayWhatIsWrongAndWhere) {
  EXPECT_NE(ReadAll({(folder_ / "none.csv").string()}).error.find("none.csv"), std::string::npos);
  EXPECT_NE(ReadAll({put("e.csv", "")}).error.find("e.csv"), std::string::npos);
  EXPECT_NE(ReadAll({put("s.csv", "time_s,V1\n0,1\n")}).error.find("fewer than two rows"), std::string::npos);
  EXPECT_NE(ReadAll({put("r.csv", "time_s,V1\n1,1\n0,1\n")}).error.find("must rise"), std::string::npos);
  EXPECT_NE(ReadAll({put("l.csv", csv(0, 10, 50))}).error.find("400 to 200000"), std::string::npos);
  EXPECT_NE(ReadAll({put("x.bin", "abc")}).error.find("of no kind"), std::string::npos);
  EXPECT_NE(ReadAll({put("a.csv", csv(0, 10, 1000)), put("b.csv", csv(0, 10, 2000))}).error.find("one rate"), std::string::npos);
}

// Damaged copies give samples or one clear error; never a crash or a hang.
TEST_F(Recordings, SurviveDamage) {
  std::vector<std::pair<std::string, std::string>> originals{{"d.csv", csv(0, 60, 1000)}};
  if (fs::exists(shared))
    for (const char* name : {"small/sample_ascii.cff", "small/sample_float32.cff"})
      originals.emplace_back(std::string("d") + ".cff", bytes_of(shared + name));
  std::uint64_t state = 0x9e3779b97f4a7c15ull;
  const auto random = [&] {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return state;
  };
  for (const auto& [name, original] : originals)
    for (int copy = 0; copy < 150; ++copy) {
      std::string damaged = original;
      for (std::uint64_t hits = 1 + random() % 8; hits > 0; --hits) {
        const std::size_t at = random() % damaged.size();
        switch (random() % 4) {
          case 0: damaged[at] = static_cast<char>(random()); break;
          case 1: damaged.resize(std::max<std::size_t>(1, at)); break;
          case 2: damaged.insert(at, damaged.substr(at, random() % 40)); break;
          default: damaged.erase(at, random() % 20);
        }
        if (damaged.empty()) damaged = "x";
      }
      const ReadAll read({put(name, damaged)});
      EXPECT_TRUE(!read.error.empty() || !read.frames.empty() || !read.warnings.empty());
      EXPECT_LT(read.frames.size(), 100'000u);
    }
}

// ---- which channel is which

std::array<int, channel_count> mapped(const std::vector<Candidate>& candidates, bool delta = false, std::string_view map = {}) {
  auto mapping = map_channels(candidates, map, delta);
  EXPECT_TRUE(mapping) << mapping.error().text();
  return mapping ? mapping->source : std::array<int, channel_count>{};
}

TEST(Mapping, KnowsTheUsualNames) {
  const std::array<int, channel_count> all{0, 1, 2, 3, 4, 5, 6, 7};
  const char* sets[][8] = {{"V1", "V2", "V3", "V4", "I1", "I2", "I3", "I4"},
                           {"UA", "UB", "UC", "3U0", "IA", "IB", "IC", "3I0"},
                           {"F5-VA", "F6-VB", "F7-VC", "F8-VN", "F1-IA", "F2-IB", "F3-IC", "F4-IG"},
                           {"U_L1", "U_L2", "U_L3", "UN", "IL1", "IL2", "IL3", "IN"},
                           {"Va", "Vb", "Vc", "Vn", "Ia", "Ib", "Ic", "In"}};
  for (const auto& set : sets) {
    std::vector<Candidate> candidates;
    for (std::size_t c = 0; c < 8; ++c) candidates.push_back({set[c], "", c < 4 ? "V" : "A", true});
    EXPECT_EQ(mapped(candidates), all) << set[0];
  }
}

TEST(Mapping, NeverTakesLineVoltagesForPhases) {
  const std::vector<Candidate> lines{{"UAB", "", "kV", true}, {"U23", "2", "kV", true}, {"Vca", "", "kV", true}};
  EXPECT_EQ(mapped(lines), (std::array<int, channel_count>{-1, -1, -1, -1, -1, -1, -1, -1}));
  EXPECT_EQ(mapped(lines, true), (std::array<int, channel_count>{0, 1, 2, -1, -1, -1, -1, -1}));
  const auto mapping = map_channels(lines, "", true);
  EXPECT_EQ(mapping->factor[0], 1000);
}

TEST(Mapping, PassesOverMagnitudesAndAngles) {
  EXPECT_EQ(mapped({{"Va Mag", "", "kV", false}, {"Va Angle", "", "deg", false}, {"Va", "", "V", true}})[0], 2);
}

TEST(Mapping, NamesTwoThatAreEquallyGood) {
  const auto mapping = map_channels({{"F1-IA", "", "A", true}, {"F9-IA", "", "A", true}}, "", false);
  ASSERT_FALSE(mapping);
  EXPECT_NE(mapping.error().message.find("'F1-IA' (#1) and 'F9-IA' (#2)"), std::string::npos);
}

TEST(Mapping, ObeysTheMap) {
  const std::vector<Candidate> candidates{{"X", "", "", true}, {"U21", "", "kV", true}, {"c", "", "A", true}};
  const auto mapping = map_channels(candidates, "V1=-U21, I1=#3,V2=#1*2.5", false);
  ASSERT_TRUE(mapping) << mapping.error().text();
  EXPECT_EQ(mapping->source[0], 1);
  EXPECT_EQ(mapping->factor[0], -1000);
  EXPECT_EQ(mapping->source[4], 2);
  EXPECT_EQ(mapping->factor[1], 2.5);
  EXPECT_FALSE(map_channels(candidates, "V1=Y", false));
  EXPECT_FALSE(map_channels(candidates, "V7=X", false));
  EXPECT_FALSE(map_channels(candidates, "nonsense", false));
}

}  // namespace
}  // namespace polyphase::sources::recording
