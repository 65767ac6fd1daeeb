#include "formats/wav/wav.hpp"
#include "sources/recording/test_captures.hpp"
#include "sources/recording/test_recordings.hpp"

namespace polyphase::sources::recording {
namespace {

const std::string shared = POLYPHASE_SOURCE_DIR "/../shared/data/";

/// A seeded generator of bits (xorshift).
struct Random {
  std::uint64_t state = 0x9e3779b97f4a7c15ull;
  std::size_t operator()(std::size_t below) {
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return static_cast<std::size_t>(state % below);
  }
};

std::string damaged(std::string bytes, Random& random) {
  for (std::size_t hits = 1 + random(8); hits > 0; --hits) {
    const std::size_t at = random(bytes.size());
    switch (random(5)) {
      case 0:
        bytes[at] = static_cast<char>(random(256));
        break;
      case 1:
        bytes[at] = "0123456789,.-\n"[random(14)];
        break;
      case 2:
        bytes.resize(std::max<std::size_t>(1, at));
        break;
      case 3:
        bytes.insert(at, bytes.substr(at, random(40)));
        break;
      default:
        bytes.erase(at, random(20));
    }
    if (bytes.empty()) bytes = "x";
  }
  return bytes;
}

// Damaged copies give samples or one clear error; never a crash or a hang.
class Damage : public Recordings {
 protected:
  void check(const std::vector<std::string>& paths) {
    const ReadAll read(paths);
    EXPECT_TRUE(!read.error.empty() || !read.frames.empty());
    EXPECT_LT(read.frames.size(), 200'000u);
    for (const Frame& frame : read.frames)
      for (const float value : frame.value) ASSERT_TRUE(std::isfinite(value));
  }
  Random random_;
};

constexpr int copies = 150;

const char* const config =
    "S,D,2013\n4,3A,1D\n1,UA,A,,V,0.5,0,0,-32767,32767,100,1,S\n2,IA,A,,A,1,0,3,-32767,32767,1,1,"
    "P\n"
    "3,IB,B,,A,1,0,0,-32767,32767,1,1,P\n1,T,,,0\n50\n2\n1000,20\n1020,40\n01/01/"
    "2026,00:00:00.0\n01/01/2026,00:00:00.0\nASCII\n1\n0,0\n0,0\n";

std::string rows() {
  std::string text;
  for (int n = 1; n <= 40; ++n)
    text += std::to_string(n) + "," + std::to_string(n * 1000) + "," +
            std::to_string((n * 37) % 200 - 100) + ",5,-7,0\n";
  return text;
}

TEST_F(Damage, OfComtradeDoesNoHarm) {
  for (int copy = 0; copy < copies; ++copy) {
    const std::string path = put("r.cfg", damaged(config, random_));
    put("r.dat", copy % 2 == 0 ? rows() : damaged(rows(), random_));
    check({path});
  }
}

TEST_F(Damage, OfCombinedFilesDoesNoHarm) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the recordings are not beside the checkout";
  for (const char* name : {"comtrade/small/sample_ascii.cff", "comtrade/small/sample_float32.cff"})
    for (int copy = 0; copy < copies; ++copy)
      check({put("r.cff", damaged(bytes_of(shared + name), random_))});
}

TEST_F(Damage, OfTablesDoesNoHarm) {
  std::string text = "time_s,V1 [V],I1 [A]\n";
  for (int n = 0; n < 60; ++n)
    text += "0.0" + std::to_string(10 + n) + "," + std::to_string(n % 7 - 3) + "," +
            std::to_string(n % 5) + "\n";
  for (int copy = 0; copy < copies; ++copy) check({put("r.csv", damaged(text, random_))});
}

TEST_F(Damage, OfSoundFilesDoesNoHarm) {
  const formats::wav::Format format{formats::wav::Coding::pcm16, 2, 8'000};
  auto bytes = formats::wav::header(format, 50);
  formats::wav::append_values(format, std::vector<float>(100, 0.5f), *bytes);
  for (int copy = 0; copy < copies; ++copy)
    check({put("r.wav", damaged({bytes->begin(), bytes->end()}, random_))});
}

TEST_F(Damage, OfCapturesDoesNoHarm) {
  Capture capture;
  for (int n = 0; n < 60; ++n) capture.send(n);
  for (int copy = 0; copy < copies; ++copy)
    check({put("r.pcap", damaged(capture.file(), random_))});
}

}  // namespace
}  // namespace polyphase::sources::recording
