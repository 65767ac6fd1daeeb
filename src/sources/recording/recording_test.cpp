#include "sources/recording/recording.hpp"

#include <fmt/format.h>

#include <numbers>

#include "formats/wav/wav.hpp"
#include "sources/recording/test_recordings.hpp"

namespace polyphase::sources::recording {
namespace {

const std::string shared = POLYPHASE_SOURCE_DIR "/../shared/data/";

std::string csv(double start_s, std::size_t rows, double rate,
                const char* header = "time_s,V1,I1") {
  std::string text = std::string(header) + "\n";
  for (std::size_t n = 0; n < rows; ++n) {
    const double t = start_s + static_cast<double>(n) / rate;
    text += std::to_string(t) + "," + std::to_string(325 * std::cos(314.159265 * t)) + "," +
            std::to_string(10 * std::cos(314.159265 * t)) + "\n";
  }
  return text;
}

TEST_F(Recordings, OpenTheRealOnesOfDisturbanceRecorders) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the recordings are not beside the checkout";
  const ReadAll first({shared + "comtrade/1.cfg"});
  EXPECT_EQ(first.error, "");
  EXPECT_EQ(first.info.channels_present, 0x0f);
  EXPECT_NEAR(first.info.sample_rate_hz, 2410.745, 0.01);
  EXPECT_GT(first.frames.size(), 5000u);
  const ReadAll third({shared + "comtrade/3.cfg"});
  EXPECT_EQ(third.info.channels_present, 0xff);
  EXPECT_NEAR(third.info.sample_rate_hz, 800.2, 0.1);
  EXPECT_EQ(third.info.line_frequency_hz, 50);
  const ReadAll fourth({shared + "comtrade/4.CFG"});
  EXPECT_EQ(fourth.frames.size(), 2400u);
  EXPECT_EQ(fourth.info.channels_present & 7, 0) << "line voltages are no phases";
}

TEST_F(Recordings, MultiplySecondaryValuesByTheirRatio) {
  const std::string cfg =
      "S,D,1999\n2,2A,0D\n1,UA,A,,V,1,0,0,-32767,32767,20000,100,S\n2,IA,A,,A,1,0,0,-32767,32767,"
      "500,5,P\n"
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

TEST_F(Recordings, SayWhereARatioHasNoEffect) {
  const std::string cfg =
      "S,D,1999\n3,3A,0D\n1,UA,A,,V,1,0,0,-9,9,200,1,S\n2,UB,B,,V,1,0,0,-9,9,200,1,P\n"
      "3,IA,A,,A,1,0,0,-9,9,500,5,P\n"
      "50\n1\n1000,2\n01/01/2026,00:00:00.0\n01/01/2026,00:00:00.0\nASCII\n1\n";
  put("r.dat", "1,0,10,10,1\n2,1000,20,20,1\n");
  RecordingOptions options;
  EXPECT_FALSE(ReadAll({put("r.cfg", cfg)}, options).noted("no effect"));
  options.pt = {10'000, 100};
  const ReadAll marked({put("r.cfg", cfg)}, options);
  EXPECT_EQ(marked.frames[1].value[0], 2'000);
  EXPECT_EQ(marked.frames[1].value[1], 20);
  EXPECT_TRUE(marked.noted("--pt has no effect on 'UB': they are primary values"));
  EXPECT_FALSE(marked.noted("--ct has"));
  options.ct = {400, 1};
  std::string of_1991 = cfg;
  of_1991.replace(of_1991.find(",1999"), 5, "");
  for (const char* tail : {",200,1,S", ",200,1,P", ",500,5,P"})
    of_1991.replace(of_1991.find(tail), 8, "");
  const ReadAll unmarked({put("r.cfg", of_1991)}, options);
  EXPECT_EQ(unmarked.frames[1].value[0], 20);
  EXPECT_TRUE(unmarked.noted("--pt has no effect on 'UA' 'UB': a file of 1991 does not mark"));
  EXPECT_TRUE(unmarked.noted("--ct has no effect on 'IA': a file of 1991"));
}

TEST_F(Recordings, TakeTheRateFromTimesOfACsv) {
  const ReadAll read({put("a.csv", csv(0, 1000, 4800))});
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.info.sample_rate_hz, 4800);
  EXPECT_EQ(read.frames.size(), 1000u);
  EXPECT_EQ(read.info.channels_present, 0x11);
}

// At 200 000 a second an interval is 5 us; as a double 1.8e9 s is known to a quarter of one.
TEST_F(Recordings, DateRowsWhoseTimesCountSince1970) {
  RecordingOptions options;
  options.utc_offset_s = 7'200;
  std::string text = "timestamp,V1\n";
  for (int n = 0; n < 400; ++n)
    text += fmt::format("1772350000.{:06},{}\n", 500'000 + n * 5, n % 40 - 20);
  const ReadAll read({put("a.csv", text)}, options);
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(to_iso8601(read.first), "2026-03-01T07:26:40.500000Z") << "UTC whatever the zone";
  EXPECT_EQ(read.info.sample_rate_hz, 200'000);
  EXPECT_EQ(read.frames.size(), 400u);
  EXPECT_TRUE(read.noted("times are seconds since 1970, the first 2026-03-01T07:26:40.500000Z"));
}

TEST_F(Recordings, RefuseTimesThatNoDateCanBeToldOf) {
  const ReadAll read({put("a.csv", "time,V1\n3855194800.000,1\n3855194800.001,2\n")});
  EXPECT_NE(read.error.find("a.csv: the times begin with 3855194800.000"), std::string::npos)
      << read.error;
  EXPECT_NE(ReadAll({put("b.csv", "t,V1\n0,1\n200,2\n400,1\n")})
                .error.find("if the times are no seconds, name their unit"),
            std::string::npos)
      << "microseconds";
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
    for (int n = 0; n < 4; ++n)
      text += std::string("2026-01-01T00:00:") + clock + ".00" + std::to_string(n) + "Z,1\n";
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
  EXPECT_NE(ReadAll({put("s.csv", "time_s,V1\n0,1\n")}).error.find("fewer than two rows"),
            std::string::npos);
  EXPECT_NE(ReadAll({put("r.csv", "time_s,V1\n1,1\n0,1\n")}).error.find("must rise"),
            std::string::npos);
  EXPECT_NE(ReadAll({put("l.csv", csv(0, 10, 50))}).error.find("400 to 200000"), std::string::npos);
  EXPECT_NE(ReadAll({put("x.bin", "abc")}).error.find("of no kind"), std::string::npos);
  EXPECT_NE(ReadAll({put("a.csv", csv(0, 10, 1000)), put("b.csv", csv(0, 10, 2000))})
                .error.find("one rate"),
            std::string::npos);
}

TEST_F(Recordings, SayWhatIsWrongWithTheRealOnesThatCannotBeMeasured) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the recordings are not beside the checkout";
  EXPECT_NE(ReadAll({shared + "comtrade/small/sample_float32.cff"}).error.find("choose with --map"),
            std::string::npos);
  RecordingOptions options;
  options.map = "V1=#1";
  EXPECT_NE(ReadAll({shared + "comtrade/small/sample_float32.cff"}, options)
                .error.find("100 samples a second"),
            std::string::npos);
  EXPECT_NE(ReadAll({shared + "comtrade/small/sample_sub_char.cfg"})
                .error.find("ends in .dat is missing"),
            std::string::npos);
  EXPECT_NE(ReadAll({shared + "pqdif/example.pqd"}).error.find("of no kind"), std::string::npos);
}

TEST_F(Recordings, ReadTheSmallRealOnes) {
  if (!fs::exists(shared)) GTEST_SKIP() << "the recordings are not beside the checkout";
  for (const char* name : {"sample_ascii.cff", "sample_ascii.cfg", "sample_iso8859-1.cfg",
                           "sample_iso8859-1_bin.cfg"}) {
    const ReadAll read({shared + "comtrade/small/" + name});
    EXPECT_EQ(read.error, "") << name;
    EXPECT_EQ(read.info.channels_present, 0xf0) << name;
    EXPECT_EQ(read.frames.size(), 40u) << name;
    EXPECT_EQ(to_iso8601(read.first).substr(0, 19), "2011-01-12T11:25:30")
        << "5 h 30 west of Greenwich";
    EXPECT_NEAR(read.frames[5].value[4], 933 * (0.1138916015625 * 228 + 0.05694580078125), 5)
        << name;
  }
  EXPECT_EQ(ReadAll({shared + "comtrade/small/sample_bin.cfg"}).info.channels_present, 0x0f);
}

// Three rows at 1 000 a second of a voltage.
std::string comtrade(const std::string& kind = "ASCII", const std::string& skew = "0",
                     const std::string& more = "") {
  return "S,D,2013\n2,2A,0D\n1,UA,A,,V,1,0,0,-32767,32767,1,1,P\n2,IA,A,,A,1,0," + skew +
         ",-32767,32767,1,1,P\n50\n1\n1000,3\n01/01/2026,00:00:00.0\n01/01/2026,00:00:00.0\n" +
         kind + "\n1\n" + more;
}
const char* const three_rows = "1,0,10,10\n2,1000,20,20\n3,2000,30,30\n";

TEST_F(Recordings, TakeACfgAndItsDatForOne) {
  const std::string cfg = put("r.cfg", comtrade()), dat = put("r.dat", three_rows);
  EXPECT_EQ(ReadAll({cfg, dat}).frames.size(), 3u);
  EXPECT_EQ(ReadAll({dat}).frames.size(), 3u);
}

TEST_F(Recordings, KnowWhetherTheClockWasSynchronised) {
  put("r.dat", three_rows);
  const auto quality = [&](const std::string& line) {
    return ReadAll({put("r.cfg", comtrade("ASCII", "0", "0,0\n" + line + "\n"))});
  };
  EXPECT_TRUE(quality("0,3").synchronised);
  EXPECT_FALSE(quality("0,3").noted("clock"));
  EXPECT_TRUE(quality("8,3").synchronised) << "10 ms are within the 20 ms of class A";
  EXPECT_TRUE(
      quality("8,3").noted("time quality 8: the recorder's clock was not locked, its time "
                           "is within 0.01 s"));
  EXPECT_FALSE(quality("9,3").synchronised);
  EXPECT_FALSE(quality("F,3").synchronised);
  EXPECT_TRUE(quality("F,3").noted("time quality F: the recorder's clock had failed"));
  EXPECT_FALSE(quality("F,3").clock_synchronised) << "told when all was read";
  EXPECT_FALSE(quality("0,1").synchronised);
  EXPECT_TRUE(quality("0,1").noted("a leap second"));
  EXPECT_TRUE(ReadAll({put("r.cfg", comtrade())}).synchronised) << "says nothing";
}

TEST_F(Recordings, TakeTheZoneFromTheFileElseFromTheOperator) {
  put("r.dat", three_rows);
  RecordingOptions options;
  options.utc_offset_s = 7'200;
  EXPECT_EQ(to_iso8601(ReadAll({put("r.cfg", comtrade())}, options).first),
            "2025-12-31T22:00:00.000000Z");
  EXPECT_EQ(
      to_iso8601(
          ReadAll({put("r.cfg", comtrade("ASCII", "0", "-5h30,-5h30\n0,3\n"))}, options).first),
      "2026-01-01T05:30:00.000000Z");
  EXPECT_EQ(
      to_iso8601(
          ReadAll({put("a.csv", "time,V1\n2026-01-01T00:00:00.000,1\n2026-01-01T00:00:00.001,2\n")},
                  options)
              .first),
      "2025-12-31T22:00:00.000000Z");
  EXPECT_EQ(
      to_iso8601(ReadAll({put("b.csv",
                              "time,V1\n2026-01-01T00:00:00.000Z,1\n2026-01-01T00:00:00.001Z,2\n")},
                         options)
                     .first),
      "2026-01-01T00:00:00.000000Z");
}

TEST_F(Recordings, BeginRelativeTimeWhereTheOperatorSays) {
  RecordingOptions options;
  options.start = parse_iso8601("2026-05-01").value();
  EXPECT_EQ(to_iso8601(ReadAll({put("a.csv", csv(0.25, 10, 1'000))}, options).first),
            "2026-05-01T00:00:00.250000Z");
  EXPECT_EQ(to_iso8601(ReadAll({put("a.csv", csv(0, 10, 1'000))}).first),
            "1970-01-01T00:00:00.000000Z");
}

TEST_F(Recordings, JoinFilesWithoutADateOneAfterTheOther) {
  const ReadAll read({put("a.csv", csv(0, 10, 1'000)), put("b.csv", csv(0, 10, 1'000))});
  EXPECT_EQ(read.frames.size(), 20u);
  EXPECT_EQ(read.gaps, 0u);
}

TEST_F(Recordings, LeaveOutWhatTwoFilesBothHold) {
  const auto rows = [](int first, int last) {
    std::string text = "time,V1\n";
    for (int n = first; n < last; ++n)
      text += "2026-01-01T00:00:00.0" + std::to_string(n) + "Z," + std::to_string(n) + "\n";
    return text;
  };
  const ReadAll joined({put("a.csv", rows(10, 40)), put("b.csv", rows(30, 50))});
  EXPECT_EQ(joined.error, "");
  ASSERT_EQ(joined.frames.size(), 40u);
  EXPECT_EQ(joined.frames[30].value[0], 40);
  EXPECT_EQ(joined.gaps, 0u);
  EXPECT_TRUE(joined.noted("10 samples lie before the end"));
}

TEST_F(Recordings, BridgeValuesThatAreMissing) {
  put("r.dat", "1,0,10,10\n2,1000,99999,20\n3,2000,30,30\n");
  const ReadAll read({put("r.cfg", comtrade())});
  EXPECT_EQ(read.bridged, 1u);
  EXPECT_EQ(read.frames[1].value[0], 20);
}

// 4 000 rows a second for 6 s; those of 2 s to 3.5 s and three rows at 5 s are not there.
TEST_F(Recordings, KeepThePlaceOfRowsThatAComtradeFileLeavesOut) {
  std::string rows;
  for (int n = 0; n < 24'000; ++n)
    if ((n < 8'000 || n >= 14'000) && (n < 20'000 || n >= 20'003))
      rows += fmt::format("{},{},{},{}\n", n + 1, n * 250, n % 4'000 - 2'000, n % 7 - 3);
  put("r.dat", rows);
  std::string config = comtrade();
  config.replace(config.find("1000,3"), 6, "4000,24000");
  const ReadAll read({put("r.cfg", config)});
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.gaps, 1u);
  ASSERT_EQ(read.gap_times.size(), 1u);
  EXPECT_EQ(to_iso8601(read.gap_times[0]), "2026-01-01T00:00:03.500000Z");
  EXPECT_EQ(read.bridged, 3u);
  ASSERT_EQ(read.frames.size(), 18'000u);
  EXPECT_EQ(read.frames[8'000].value[0], 14'000 % 4'000 - 2'000);
  EXPECT_EQ(read.frames.back().value[0], 1'999);
  EXPECT_TRUE(read.noted("6003 rows are missing at 2 place(s), the first behind row 8000"));
  ASSERT_EQ(read.missing.gaps.count, 1u);
  EXPECT_EQ(to_iso8601(read.missing.gaps.first[0].begin), "2026-01-01T00:00:02.000000Z");
  EXPECT_NEAR(read.missing.gaps.first[0].length_s, 1.5, 1e-9);
  ASSERT_EQ(read.missing.bridged.count, 1u);
  EXPECT_EQ(to_iso8601(read.missing.bridged.first[0].begin), "2026-01-01T00:00:05.000000Z");
  EXPECT_NEAR(read.missing.bridged.length_s, 0.00075, 1e-9);
}

// 4 000 rows a second for 3 s; the values of 0.5 s are missing: all of them a second in, at 2 s
// those of one input alone.
TEST_F(Recordings, TakeALongStretchWithoutAnyValueForAGap) {
  std::string rows;
  for (int n = 0; n < 12'000; ++n) {
    const bool none = n >= 4'000 && n < 6'000, one = n >= 8'000 && n < 10'000;
    rows += fmt::format("{},{},{},{}\n", n + 1, n * 250, none || one ? 99'999 : n % 4'000 - 2'000,
                        none ? 99'999 : 5);
  }
  put("r.dat", rows);
  std::string config = comtrade();
  config.replace(config.find("1000,3"), 6, "4000,12000");
  const ReadAll read({put("r.cfg", config)});
  EXPECT_EQ(read.error, "");
  EXPECT_EQ(read.frames.size(), 10'000u);
  EXPECT_EQ(read.gaps, 1u);
  ASSERT_EQ(read.missing.gaps.count, 1u);
  EXPECT_EQ(to_iso8601(read.missing.gaps.first[0].begin), "2026-01-01T00:00:01.000000Z");
  EXPECT_NEAR(read.missing.gaps.length_s, 0.5, 1e-9);
  EXPECT_EQ(read.frames[4'000].value[0], 6'000 % 4'000 - 2'000);
  EXPECT_EQ(read.bridged, 2'000u);
  EXPECT_EQ(read.frames[7'000].value[0], 7'999 % 4'000 - 2'000) << "held";
}

TEST_F(Recordings, KeepTheFirstOfManyStretchesThatAreMissing) {
  std::string rows;
  for (int n = 0; n < 400; ++n)
    rows += fmt::format("{},{},{},{}\n", n + 1, n * 250, n % 20 == 9 ? 99'999 : 5, 1);
  put("r.dat", rows);
  const ReadAll read({put("r.cfg", comtrade())});
  EXPECT_EQ(read.missing.bridged.count, 20u);
  EXPECT_EQ(read.missing.bridged.first.size(), Stretches::kept_max);
  EXPECT_NEAR(read.missing.bridged.length_s, 0.02, 1e-9) << "at 1 000 samples a second";
}

TEST_F(Recordings, TakeTheSkewOfChannelsAway) {
  put("r.dat", three_rows);
  EXPECT_TRUE(ReadAll({put("r.cfg", comtrade("ASCII", "125"))})
                  .noted("skew between channels of up to 125 us"));
  EXPECT_TRUE(
      ReadAll({put("r.cfg", comtrade("ASCII", "99999"))}).noted("more than a sampling interval"));
}

TEST_F(Recordings, KnowTheFullScaleWhereClippingIsReal) {
  std::string data(24, '\0');
  for (std::size_t row = 0; row < 2; ++row) data[row * 12] = static_cast<char>(row + 1);
  put("r.dat", data);
  EXPECT_EQ(ReadAll({put("r.cfg", comtrade("BINARY"))}).info.full_scale[0], 32'767);
  EXPECT_EQ(ReadAll({put("r.cfg", comtrade("FLOAT32"))}).info.full_scale[0], 0);
}

std::string wav(const std::vector<float>& values, unsigned channels) {
  const formats::wav::Format format{formats::wav::Coding::float32, channels, 8'000};
  auto bytes = formats::wav::header(format, values.size() / channels);
  formats::wav::append_values(format, values, *bytes);
  return {bytes->begin(), bytes->end()};
}

TEST_F(Recordings, ReadWavByTheOrderOfItsChannels) {
  const ReadAll two({put("a.wav", wav({0.5f, 0.25f, -0.5f, 1}, 2))});
  EXPECT_EQ(two.error, "");
  EXPECT_EQ(two.info.channels_present, 0x11);
  EXPECT_EQ(two.frames[0].value[4], 0.25f);
  EXPECT_EQ(ReadAll({put("a.wav", wav(std::vector<float>(12, 1), 6))}).info.channels_present, 0x77);
  EXPECT_EQ(ReadAll({put("a.bin", wav(std::vector<float>(8, 1), 8))}).info.channels_present, 0xff)
      << "known by its content";
  EXPECT_NE(ReadAll({put("a.wav", wav({1, 2, 3, 4, 5}, 5))}).error.find("--map"),
            std::string::npos);
}

TEST_F(Recordings, ScaleWavByTheMap) {
  RecordingOptions options;
  options.map = "V1=#2*-325";
  const ReadAll read({put("a.wav", wav({0, 0.5f, 0, 1}, 2))}, options);
  EXPECT_EQ(read.frames[0].value[0], -162.5f);
}

TEST_F(Recordings, AskForARateWhereATableHasNoTime) {
  EXPECT_NE(ReadAll({put("a.csv", "V1,I1\n1,2\n3,1\n")}).error.find("sample_rate_hz"),
            std::string::npos);
  EXPECT_EQ(
      ReadAll({put("a.csv", "# sample_rate_hz = 5000\nV1,I1\n1,2\n3,1\n")}).info.sample_rate_hz,
      5'000);
}

}  // namespace
}  // namespace polyphase::sources::recording
