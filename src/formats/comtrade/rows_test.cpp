#include "formats/comtrade/rows.hpp"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <random>

#include "formats/comtrade/cff.hpp"
#include "formats/comtrade/writer.hpp"

namespace polyphase::formats::comtrade {
namespace {

using Bytes = std::vector<std::uint8_t>;

Bytes bytes_of(std::string_view text) { return {text.begin(), text.end()}; }

template <class... T>
void put(Bytes& data, T... values) {
  const auto one = [&](auto value) {
    const std::size_t at = data.size();
    data.resize(at + sizeof value);
    std::memcpy(&data[at], &value, sizeof value);
  };
  (one(values), ...);
}

// Two channels: 0.5 x + 1 and 2 x.
Config two_channels(DataKind kind, std::uint64_t rows) {
  Config c;
  c.kind = kind;
  c.sections = {{1000, rows}};
  c.analogs.resize(2);
  c.analogs[0].a = 0.5;
  c.analogs[0].b = 1;
  c.analogs[1].a = 2;
  for (auto& channel : c.analogs) channel.code_min = -32767, channel.code_max = 32767;
  return c;
}

struct Table {
  std::vector<std::array<float, 2>> rows;
  std::vector<std::string> warnings;
  std::vector<double> stamps;
  std::string error;
  bool missing = false;

  Table(const Config& config, const Bytes& data, std::size_t at_once = 64) {
    auto reader = RowReader::create(config, data, "x.dat", warnings);
    if (!reader) {
      error = reader.error().text();
      return;
    }
    const std::array picks{Pick{0, 0, 1}, Pick{1, 5, 10}};
    reader->choose(picks);
    std::vector<Frame> frames(at_once);
    for (RowsRead read; (read = reader->read(frames)).count > 0;) {
      missing = missing || read.missing;
      for (std::size_t i = 0; i < read.count; ++i) {
        rows.push_back({frames[i].value[0], frames[i].value[5]});
        EXPECT_EQ(frames[i].value[3], 0) << "a lane that was not chosen";
      }
    }
    EXPECT_EQ(rows.size(), reader->row_count());
    stamps = reader->stamps_s();
  }
};

TEST(ComtradeRows, ReadAscii) {
  Config c = two_channels(DataKind::ascii, 2);
  c.digitals.resize(1);
  const Table t(c, bytes_of("1,0,-83,10,0\r\n\r\n2, 833, +4 ,2.5e1,1\r\n"));
  ASSERT_EQ(t.rows.size(), 2u);
  EXPECT_EQ(t.rows[0][0], -40.5f);
  EXPECT_EQ(t.rows[0][1], 200);
  EXPECT_EQ(t.rows[1][0], 3);
  EXPECT_EQ(t.rows[1][1], 500);
  EXPECT_DOUBLE_EQ(t.stamps[1], 833e-6);
  EXPECT_FALSE(t.missing);
  EXPECT_TRUE(t.warnings.empty());
}

TEST(ComtradeRows, KnowWhatAnAsciiFileCallsMissing) {
  const Table t(two_channels(DataKind::ascii, 4),
                bytes_of("1,0,99999,1\n2,0,,1\n3,0,?,1\n4,0,5\n"));
  ASSERT_EQ(t.rows.size(), 4u);
  for (int row : {0, 1, 2})
    EXPECT_TRUE(std::isnan(t.rows[static_cast<std::size_t>(row)][0])) << row;
  EXPECT_TRUE(std::isnan(t.rows[3][1])) << "the row is too short";
  EXPECT_EQ(t.rows[3][0], 3.5f);
}

TEST(ComtradeRows, LeaveOutALastRowThatBreaksOff) {
  const Table t(two_channels(DataKind::ascii, 2), bytes_of("1,0,1,1\n2,1"));
  EXPECT_EQ(t.rows.size(), 1u);
  EXPECT_EQ(t.warnings.size(), 1u);
}

TEST(ComtradeRows, ReadBinaryOfEveryWidth) {
  Config c = two_channels(DataKind::binary, 1);
  c.digitals.resize(17);
  Bytes data;
  put(data, 1u, 500u, std::int16_t{-100}, std::int16_t{7}, std::uint16_t{1}, std::uint16_t{0});
  EXPECT_EQ(row_bytes(c), data.size());
  EXPECT_EQ(Table(c, data).rows[0], (std::array<float, 2>{-49, 140}));
  c = two_channels(DataKind::binary32, 1);
  data.clear();
  put(data, 1u, 500u, std::int32_t{100'000}, std::int32_t{3});
  EXPECT_EQ(Table(c, data).rows[0], (std::array<float, 2>{50'001, 60}));
  c.kind = DataKind::float32;
  data.clear();
  put(data, 1u, 500u, 1.5f, -0.25f);
  EXPECT_EQ(Table(c, data).rows[0], (std::array<float, 2>{1.75f, -5}));
}

TEST(ComtradeRows, KnowWhatABinaryFileCallsMissing) {
  Bytes data;
  put(data, 1u, 0u, std::int16_t{10}, std::int16_t{-32768}, 2u, 1u, std::int16_t{-32768},
      std::int16_t{4});
  const Table t(two_channels(DataKind::binary, 2), data);
  EXPECT_TRUE(t.missing);
  EXPECT_EQ(t.rows[0][0], 6);
  EXPECT_TRUE(std::isnan(t.rows[0][1]));
  EXPECT_TRUE(std::isnan(t.rows[1][0]));
  data.clear();
  put(data, 1u, 0u, std::nanf(""), 1.0f);
  EXPECT_TRUE(std::isnan(Table(two_channels(DataKind::float32, 1), data).rows[0][0]));
}

TEST(ComtradeRows, TellAClippedValueFromAMissingOneByTheValueBeforeIt) {
  Config c = two_channels(DataKind::binary, 3);
  c.analogs[0].code_min = -32768;
  Bytes data;
  put(data, 1u, 0u, std::int16_t{-30000}, std::int16_t{1}, 2u, 1u, std::int16_t{-32768},
      std::int16_t{1}, 3u, 2u, std::int16_t{-32768}, std::int16_t{1});
  const Table clipped(c, data, 1);
  EXPECT_EQ(clipped.rows[1][0], -16383);
  EXPECT_EQ(clipped.rows[2][0], -16383);
  data[8] = data[9] = 0;
  EXPECT_TRUE(std::isnan(Table(c, data, 1).rows[1][0])) << "no waveform falls so deep in one step";
}

TEST(ComtradeRows, ReadAsFarAsTheDataGoes) {
  Bytes data;
  put(data, 1u, 0u, std::int16_t{1}, std::int16_t{1}, 2u, 1u, std::int16_t{1}, std::int16_t{1},
      std::uint16_t{77});
  const Table t(two_channels(DataKind::binary, 9), data);
  EXPECT_EQ(t.rows.size(), 2u);
  EXPECT_EQ(t.warnings.size(), 2u) << "a rest, and fewer rows than declared";
  EXPECT_NE(Table(two_channels(DataKind::binary, 9), Bytes(5)).error.find("not one whole sample"),
            std::string::npos);
  EXPECT_NE(Table(two_channels(DataKind::ascii, 9), bytes_of("\n\nrubbish\n"))
                .error.find("not one whole sample"),
            std::string::npos);
}

TEST(ComtradeRows, FindTheLengthOfRowsWhereTheTotalsAreWrong) {
  Bytes data;
  for (std::uint32_t n = 1; n <= 5; ++n)
    put(data, n, n, static_cast<std::int16_t>(n), std::int16_t{1}, std::uint16_t{9},
        std::uint16_t{9});
  const Table t(two_channels(DataKind::binary, 5), data);
  ASSERT_EQ(t.rows.size(), 5u);
  EXPECT_EQ(t.rows[4][0], 3.5f);
  EXPECT_EQ(t.warnings.size(), 1u);
}

TEST(ComtradeRows, ContinueStampsThatHaveRunOver) {
  Bytes data;
  put(data, 1u, 0xFFFFFFF0u, std::int16_t{1}, std::int16_t{1}, 2u, 0xFFFFFFFFu, std::int16_t{1},
      std::int16_t{1}, 3u, 0x10u, std::int16_t{1}, std::int16_t{1});
  const Table t(two_channels(DataKind::binary, 3), data);
  EXPECT_TRUE(std::isnan(t.stamps[1]));
  EXPECT_NEAR(t.stamps[2] - t.stamps[0], 32e-6, 1e-12);
}

TEST(ComtradeRows, AreReadAsTheyWereWritten) {
  std::mt19937 random(7);
  std::uniform_real_distribution<float> value(-400, 400);
  for (const auto kind :
       {DataKind::ascii, DataKind::binary, DataKind::binary32, DataKind::float32}) {
    Config c = two_channels(kind, 200);
    c.digitals.resize(3);
    for (auto& channel : c.analogs) scale_channel(channel, kind, 400);
    std::vector<float> values(400);
    for (float& v : values) v = value(random);
    values[101] = std::nanf("");
    Bytes data;
    append_rows(c, 1, std::span<const float>(values).first(100), {}, data);
    append_rows(c, 51, std::span<const float>(values).subspan(100), {}, data);
    const Table t(c, data, 33);
    ASSERT_EQ(t.rows.size(), 200u) << name_of(kind);
    const float step =
        static_cast<float>(c.analogs[0].a) * (kind == DataKind::float32 ? 0 : 0.5f) + 400 * 2e-7f;
    for (std::size_t n = 0; n < 200; ++n) {
      EXPECT_NEAR(t.rows[n][0], values[2 * n], step) << name_of(kind);
      if (n == 50) continue;
      EXPECT_NEAR(t.rows[n][1], 10 * values[2 * n + 1], 10 * step) << name_of(kind);
    }
    EXPECT_TRUE(std::isnan(t.rows[50][1])) << name_of(kind);
    EXPECT_NEAR(t.stamps[199], 0.199, 1e-9) << name_of(kind);
    EXPECT_TRUE(t.warnings.empty()) << name_of(kind);
  }
}

TEST(ComtradeWriter, LeavesRoomAboveThePeak) {
  AnalogChannel channel;
  scale_channel(channel, DataKind::binary, 325);
  EXPECT_LT(325 / channel.a, 32'100);
  EXPECT_EQ(channel.code_max, 32'767);
}

TEST(ComtradeWriter, ChoosesAMultiplierWithWhichStampsFit) {
  EXPECT_EQ(time_multiplier_for(60), 1);
  EXPECT_EQ(time_multiplier_for(4'000), 1);
  EXPECT_EQ(time_multiplier_for(7'200), 10);
  EXPECT_LE(86'400 * 365 * 1e6 / time_multiplier_for(86'400 * 365), 4'294'967'294.0);
}

TEST(ComtradeCombined, IsCutAtItsMarks) {
  const Bytes file = bytes_of(
      "--- file type: CFG ---\r\nS,D,2013\r\n--- file type: INF ---\r\n\r\n--- file type: DAT "
      "ASCII ---\r\n1,0,1,2\r\n");
  ASSERT_TRUE(is_combined(file));
  const auto parts = split_combined(file, "x.cff");
  ASSERT_TRUE(parts) << parts.error().text();
  EXPECT_EQ(parts->config, "S,D,2013\r\n");
  EXPECT_EQ(parts->kind, DataKind::ascii);
  EXPECT_EQ(Bytes(parts->data.begin(), parts->data.end()), bytes_of("1,0,1,2\r\n"));
}

TEST(ComtradeCombined, TakesAsManyBytesAsTheMarkSays) {
  const auto data_of = [](const char* text) {
    const Bytes file = bytes_of(text);
    const auto parts = split_combined(file, "x.cff");
    return parts ? std::string(parts->data.begin(), parts->data.end()) : parts.error().text();
  };
  EXPECT_EQ(data_of("--- file type: CFG ---\nA\n--- file type: DAT BINARY: 4 ---\nabcdXX"), "abcd");
  EXPECT_EQ(data_of("--- File Type: CFG ---\nA\n--- file type: dat binary: 99 ---\nabcd"), "abcd")
      << "cut short";
  EXPECT_NE(data_of("--- file type: CFG ---\nA\n").find("x.cff: has no part"), std::string::npos);
  EXPECT_NE(data_of("nothing").find("x.cff: has no part"), std::string::npos);
}

// Rows at 1 000 a second whose numbers, and stamps in us, are written as told.
std::vector<Hole> holes_of(DataKind kind, const std::vector<std::array<unsigned, 2>>& labels) {
  const Config c = two_channels(kind, labels.size());
  Bytes data;
  std::string text;
  for (const auto& [number, stamp] : labels) {
    put(data, std::uint32_t{number}, std::uint32_t{stamp}, std::int16_t{1}, std::int16_t{2});
    text += std::to_string(number) + "," + std::to_string(stamp) + ",1,2\n";
  }
  if (kind == DataKind::ascii) data = bytes_of(text);
  std::vector<std::string> warnings;
  auto reader = RowReader::create(c, data, "x.dat", warnings);
  EXPECT_TRUE(reader);
  return reader ? reader->holes(1'000) : std::vector<Hole>{};
}

// So many rows from each of these numbers on; `step_us` is what a number counts for.
std::vector<std::array<unsigned, 2>> labels(const std::vector<unsigned>& from, unsigned step_us,
                                            unsigned first_stamp = 0, unsigned rows = 20) {
  std::vector<std::array<unsigned, 2>> all;
  for (const unsigned first : from)
    for (unsigned number = first; number < first + rows; ++number)
      all.push_back({number, first_stamp + (number - 1) * step_us});
  return all;
}

TEST(ComtradeRows, FindWhereNumbersAndStampsLeaveRowsOut) {
  for (const DataKind kind : {DataKind::binary, DataKind::ascii}) {
    const auto holes = holes_of(kind, labels({1, 6'021, 6'044}, 1'000));
    ASSERT_EQ(holes.size(), 2u);
    EXPECT_EQ(holes[0].row, 20u);
    EXPECT_EQ(holes[0].missing, 6'000u);
    EXPECT_EQ(holes[1].row, 40u);
    EXPECT_EQ(holes[1].missing, 3u);
    EXPECT_TRUE(holes_of(kind, labels({1, 21}, 1'000)).empty());
  }
}

TEST(ComtradeRows, FindARowThatIsMissingWhereTheStampsRunOver) {
  const auto holes = holes_of(DataKind::binary, labels({1, 31}, 1'000, 4'294'960'000u));
  ASSERT_EQ(holes.size(), 1u);
  EXPECT_EQ(holes[0].missing, 10u);
}

TEST(ComtradeRows, SeeNoHoleInNumbersOrStampsThatAreNonsense) {
  EXPECT_TRUE(holes_of(DataKind::binary, labels({1, 6'021}, 0)).empty()) << "no stamps";
  EXPECT_TRUE(holes_of(DataKind::binary, labels({1, 6'021}, 333)).empty()) << "of another rate";
  EXPECT_TRUE(holes_of(DataKind::ascii, labels({1, 5, 9, 13, 17}, 1'000, 0, 1)).empty())
      << "every fourth row was kept";
  auto numbers = labels({1, 21}, 1'000);
  numbers.back()[0] = 4'000'000'000u;
  EXPECT_TRUE(holes_of(DataKind::binary, numbers).empty()) << "a number is damaged";
}

}  // namespace
}  // namespace polyphase::formats::comtrade
