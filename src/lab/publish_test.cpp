#include "lab/publish.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "lab/live_stream.hpp"

namespace polyphase::lab {
namespace {

/// What publishing says no to, before there is a frame.
Error refused(const PublishOptions& options, double rate_hz = 4'000, std::string path = {}) {
  const std::atomic<bool> stop{false};
  if (path.empty()) {
    path = testing::TempDir() + "publish.toml";
    std::ofstream(path) << "[scenario]\nname = \"test\"\n[voltage]\nrms_v = 230\n";
  }
  const auto done = publish({path, 1, rate_hz}, options, stop, {{}, [](std::string_view) {}});
  EXPECT_FALSE(done);
  return done ? Error{} : done.error();
}

TEST(Publish, ARateThatSmpCntCannotCountIsRefused) {
  EXPECT_EQ(refused({}, 4'000.5).code, ErrorCode::invalid_config);
  EXPECT_NE(refused({}, 70'000).message.find("--rate 4000"), std::string::npos);
}

TEST(Publish, SamplesOfAFrameMustDivideASecond) {
  PublishOptions options;
  options.asdus = 7;
  EXPECT_NE(refused(options).message.find("divide the 4000 samples"), std::string::npos);
}

TEST(Publish, ARecordingHasItsOwnRate) {
  EXPECT_EQ(refused({}, 4'000, "a.cfg").code, ErrorCode::invalid_config);
}

TEST(Publish, AnInterfaceThatIsNotThereIsNamed) {
  PublishOptions options;
  options.interface = "nowhere0";
  EXPECT_EQ(refused(options).where, "nowhere0");
}

TEST(LiveStream, APlaceIsAnInterfaceAndMayNameAStream) {
  EXPECT_EQ(parse_stream_place("eth0").interface, "eth0");
  EXPECT_EQ(parse_stream_place("eth0").stream, "");
  const StreamPlace place = parse_stream_place("eth0:MU01@4000/02:00:00:00:00:01");
  EXPECT_EQ(place.interface, "eth0");
  EXPECT_EQ(place.stream, "MU01@4000/02:00:00:00:00:01");
}

TEST(LiveStream, AnInterfaceThatIsNotThereIsTheInputsFault) {
  const std::atomic<bool> stop{false};
  const auto table = stream_table("nowhere0", stop);
  ASSERT_FALSE(table);
  EXPECT_EQ(table.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace polyphase::lab
