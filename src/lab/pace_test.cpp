#include "lab/pace.hpp"

#include <gtest/gtest.h>

#include <utility>
#include <vector>

namespace polyphase::lab {
namespace {

/// One large block behind a gap.
class Lump final : public SampleSource {
 public:
  Lump() : frames_(1'000) {
    info_.sample_rate_hz = 1'000;
    for (std::size_t i = 0; i < frames_.size(); ++i) frames_[i].value[0] = static_cast<float>(i);
  }
  const SourceInfo& info() const override { return info_; }
  Result<bool> next(SampleBlock& block) override {
    if (given_) return false;
    given_ = true;
    block = {};
    block.frames = frames_;
    block.time_first = Instant{}.plus_s(5);
    block.after_gap = true;
    return true;
  }

 private:
  SourceInfo info_;
  std::vector<Frame> frames_;
  bool given_ = false;
};

TEST(PacedSource, HandsOutALargeBlockInPiecesThatFollowEachOther) {
  const std::atomic<bool> stop{false};
  PacedSource paced(std::make_unique<Lump>(), 0, stop);
  SampleBlock block;
  std::size_t seen = 0;
  for (Result<bool> more = paced.next(block); *more; more = paced.next(block)) {
    EXPECT_LE(block.frames.size(), 25u);
    EXPECT_EQ(block.after_gap, seen == 0);
    EXPECT_EQ(block.time_first, Instant{}.plus_s(5 + static_cast<double>(seen) / 1'000));
    for (const Frame& frame : block.frames)
      EXPECT_EQ(frame.value[0], static_cast<float>(seen++));
  }
  EXPECT_EQ(seen, 1'000u);
}

TEST(PacedSource, GathersAsManyAsAreAskedForOnce) {
  const std::atomic<bool> stop{false};
  PacedSource paced(std::make_unique<Lump>(), 0, stop);
  SampleBlock block;
  for (const auto& [asked, given] : {std::pair{200u, 200u}, {7u, 7u}, {0u, 25u}, {5'000u, 768u}}) {
    paced.gather(asked);
    ASSERT_TRUE(*paced.next(block));
    EXPECT_EQ(block.frames.size(), given);
  }
}

}  // namespace
}  // namespace polyphase::lab
