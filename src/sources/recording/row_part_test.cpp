#include "sources/recording/row_part.hpp"

#include <gtest/gtest.h>

#include "sources/recording/test_rows.hpp"

namespace polyphase::sources::recording {
namespace {

constexpr float lost = std::numeric_limits<float>::quiet_NaN();

/// Rows at one a second; lane 0 counts, lane 1 is given.
std::unique_ptr<MadeRows> rows(const std::vector<float>& second_lane, TimeAxis axis) {
  axis.row_count = second_lane.size();
  return std::make_unique<MadeRows>(
      std::move(axis), [](std::uint64_t n) { return static_cast<double>(n); },
      [second_lane](std::size_t lane, double t) {
        return lane == 0 ? static_cast<float>(t) : second_lane[static_cast<std::size_t>(t)];
      });
}

std::vector<float> bridged_lane(const std::vector<float>& values, std::size_t at_once = 100) {
  const auto part = rows(values, axis_at(1, values.size()));
  std::vector<float> out;
  for (const Frame& frame : PartRead(*part, at_once).frames) out.push_back(frame.value[1]);
  return out;
}

TEST(RowPart, DrawsALineWhereValuesAreMissing) {
  for (const std::size_t at_once : {1u, 2u, 3u, 100u})
    EXPECT_EQ(bridged_lane({1, lost, lost, 4, 5, lost, 7}, at_once),
              (std::vector<float>{1, 2, 3, 4, 5, 6, 7}))
        << at_once;
}

TEST(RowPart, HoldsTheNearestValueAtTheEnds) {
  EXPECT_EQ(bridged_lane({lost, lost, 4, lost}), (std::vector<float>{4, 4, 4, 4}));
}

TEST(RowPart, MarksWhatItBridged) {
  const auto part = rows({1, lost, 3, 4, lost, 6}, axis_at(1, 6));
  const PartRead read(*part);
  EXPECT_EQ(read.bridged, (std::vector<char>{0, 1, 0, 0, 1, 0}));
  EXPECT_EQ(read.frames[1].value[0], 1) << "the other lane keeps its value";
}

TEST(RowPart, HoldsTheLastValueThroughALongLoss) {
  std::vector<float> values(3 * bridged_rows_max, lost);
  values.front() = 5;
  values.back() = 9;
  const auto out = bridged_lane(values);
  ASSERT_EQ(out.size(), values.size());
  EXPECT_EQ(out[2 * bridged_rows_max], 5);
  EXPECT_EQ(out[out.size() - 2], 5);
}

TEST(RowPart, InsertsRowsThatAreNotThere) {
  TimeAxis axis = axis_at(1, 4);
  axis.insertions = {{2, 2}};
  const auto part = rows({0, 1, 4, 5}, axis);
  const PartRead read(*part, 3);
  ASSERT_EQ(read.frames.size(), 6u);
  EXPECT_EQ(read.bridged, (std::vector<char>{0, 0, 1, 1, 0, 0}));
  EXPECT_EQ(read.frames[2].value[1], 2);
  EXPECT_EQ(read.frames[3].value[1], 3);
  EXPECT_TRUE(read.gaps.empty());
}

TEST(RowPart, TellsOfGapsAndDrawsNoLineAcrossThem) {
  TimeAxis axis = axis_at(1, 6);
  axis.segments = {{0, 0}, {3, 100}};
  const auto part = rows({1, 2, lost, lost, 8, 9}, axis);
  const PartRead read(*part, 2);
  ASSERT_EQ(read.frames.size(), 6u);
  EXPECT_EQ(read.gaps, std::vector<std::size_t>{3});
  EXPECT_EQ(read.gap_times_s, std::vector<double>{100});
  EXPECT_EQ(read.frames[2].value[1], 2);
  EXPECT_EQ(read.frames[3].value[1], 8);
}

}  // namespace
}  // namespace polyphase::sources::recording
