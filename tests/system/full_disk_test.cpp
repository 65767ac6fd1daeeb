// The daemon on a disk that becomes full and has room again: a small file system of this test's
// own.
#include <gtest/gtest.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "store/store.hpp"
#include "system/daemon.hpp"
#include "system/program.hpp"

namespace polyphase::system_test {
namespace {

constexpr const char* https = "https://127.0.0.1:20443/api/v1/";

/// A file system in memory, of this process and those that it starts.
class SmallDisk {
 public:
  explicit SmallDisk(std::string folder) : folder_(std::move(folder)) {
    std::filesystem::create_directories(folder_);
    if (::unshare(CLONE_NEWNS) != 0 ||
        ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) != 0 ||
        ::mount("tmpfs", folder_.c_str(), "tmpfs", 0, "size=8m,mode=700") != 0)
      missing_ = std::string("a file system of its own needs root: ") + std::strerror(errno);
  }
  ~SmallDisk() {
    if (missing_.empty()) ::umount2(folder_.c_str(), MNT_DETACH);
  }
  const std::string& missing() const { return missing_; }
  void fill() {
    std::ofstream rest(folder_ + "/rest", std::ios::binary);
    const std::string page(4'096, 'x');
    while (rest.write(page.data(), static_cast<std::streamsize>(page.size())).flush()) {
    }
  }
  void make_room() { std::filesystem::remove(folder_ + "/rest"); }

 private:
  std::string folder_, missing_;
};

/// What the meter says of itself by its web page.
class Status {
 public:
  Status() {
    curl("-c " + jar_ + R"( -H 'X-Polyphase: 1' -d '{"user":"USER1","password":"0"}' )" + https +
         "session");
  }
  std::string text(const std::string& page = "status") {
    return curl("-b " + jar_ + " " + https + page);
  }
  /// Until it says `part`; false: it did not within 20 s.
  bool says(const std::string& part) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (text().find(part) == std::string::npos)
      if (std::chrono::steady_clock::now() >= deadline) return false;
    return true;
  }
  /// Until another second has ended than that of `before`.
  bool measures_on(const std::string& before) {
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (last_second(text()) == last_second(before))
      if (std::chrono::steady_clock::now() >= deadline) return false;
    return true;
  }

  /// Until records were added to the logs.
  bool records_on() {
    const std::string before = text("logs");
    const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (text("logs") == before)
      if (std::chrono::steady_clock::now() >= deadline) return false;
    return true;
  }

 private:
  static std::string last_second(const std::string& text) {
    const std::size_t at = text.find("\"last_second\"");
    return at == std::string::npos ? "" : text.substr(at, text.find(',', at) - at);
  }
  std::string curl(const std::string& arguments) {
    const std::string out = folder() + "answer";
    EXPECT_EQ(std::system(("curl -sk --max-time 20 " + arguments + " >" + out).c_str()), 0);
    return read_file(out);
  }
  std::string jar_ = folder() + "jar";
};

TEST(FullDisk, StopsTheLogsLoudlyAndNothingElse) {
  const std::string data = folder() + "data";
  SmallDisk disk(data);
  if (!disk.missing().empty()) GTEST_SKIP() << disk.missing();
  // Hours in seconds, so that logs grow.
  Daemon daemon("--port-offset 20000 --speed 3000 --data " + data + " --scenario " +
                write_file("s.toml", clean("100000000")));
  ASSERT_TRUE(daemon.wait_for_line("HTTPS on port")) << daemon.said();
  Status status;
  ASSERT_TRUE(status.says("\"source_running\":true"));
  disk.fill();
  ASSERT_TRUE(daemon.wait_for_line("the disk is full")) << daemon.said();
  const std::string full = status.text();
  EXPECT_NE(full.find("the disk is full"), std::string::npos) << full;
  EXPECT_NE(full.find("\"source_running\":true"), std::string::npos) << full;
  EXPECT_TRUE(status.measures_on(full)) << full;
  disk.make_room();
  ASSERT_TRUE(daemon.wait_for_line("the store works again")) << daemon.said();
  EXPECT_TRUE(status.says("\"store_trouble\":\"\""));
  for (int more = 0; more < 2; ++more) ASSERT_TRUE(status.records_on());
  EXPECT_EQ(daemon.end(SIGTERM), 0) << daemon.said();

  auto store = store::Store::open(data + "/main/meter.db", {});
  ASSERT_TRUE(store) << store.error().text();
  EXPECT_EQ((*store)->report().set_aside, "");
  auto reader = (*store)->reader();
  ASSERT_TRUE(reader);
  logs::Range newest;
  newest.newest_first = true;
  const auto events = reader->events(newest);
  ASSERT_TRUE(events);
  const auto again = std::find_if(
      events->events.begin(), events->events.end(),
      [](const logs::Event& event) { return event.effect == "the store takes records again"; });
  ASSERT_NE(again, events->events.end());
  EXPECT_NE(again->cause.find("the disk is full"), std::string::npos) << again->cause;
  newest.limit = 1;
  const auto recorded = reader->records(logs::Log{1}, newest);
  ASSERT_TRUE(recorded) << recorded.error().text();
  ASSERT_EQ(recorded->records.size(), 1u);
  EXPECT_GE(recorded->records[0].time, again->time) << "recorded on";
}

}  // namespace
}  // namespace polyphase::system_test
