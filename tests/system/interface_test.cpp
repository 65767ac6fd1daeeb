// The daemon on a network interface that comes, goes and changes what it carries.
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>

#include "store/store.hpp"
#include "system/daemon.hpp"
#include "system/program.hpp"
#include "system/veth.hpp"

namespace polyphase::system_test {
namespace {

/// `polyphase synth` on `va`; killed when it goes, and ends by itself if nobody ends it.
class Publisher {
 public:
  explicit Publisher(const std::string& rate) {
    const std::string scenario = write_file("published.toml", clean("60"));
    const std::string file = folder() + "publisher";
    EXPECT_EQ(std::system((POLYPHASE_PROGRAM " synth " + scenario + " --rate " + rate +
                           " --publish va --duration 60 2>/dev/null & echo $! >" + file)
                              .c_str()),
              0);
    pid_ = std::stoi(read_file(file));
  }
  ~Publisher() { ::kill(pid_, SIGKILL); }
  Publisher(const Publisher&) = delete;
  Publisher& operator=(const Publisher&) = delete;

 private:
  pid_t pid_ = 0;
};

std::size_t events(const std::string& data, const std::string& effect) {
  auto store = store::Store::open(data + "/main/meter.db", {});
  EXPECT_TRUE(store) << store.error().text();
  if (!store) return 0;
  std::size_t count = 0;
  const auto page = (*store)->reader()->events({});
  for (const auto& event : page->events)
    count += event.cause == "Samples" && event.effect == effect;
  return count;
}

TEST(Interface, ThatComesGoesAndComesBackIsMeasuredOn) {
  if (const std::string missing = make_network(); !missing.empty()) GTEST_SKIP() << missing;
  ASSERT_TRUE(remove_wire());
  const std::string data = folder() + "data";
  Daemon daemon("--sv vb --port-offset 20000 --data " + data);
  ASSERT_TRUE(daemon.wait_for_next("no samples: vb: there is no such network interface"))
      << daemon.said();
  ASSERT_EQ(make_wire(), "");
  {
    const Publisher publisher("4000");
    ASSERT_TRUE(daemon.wait_for_next("samples arrive")) << daemon.said();
    ASSERT_TRUE(remove_wire());
    ASSERT_TRUE(
        daemon.wait_for_next("no samples: waits for vb: there is no such network interface"))
        << daemon.said();
  }
  ASSERT_EQ(make_wire(), "");
  {
    // The new interface has another address: it is the same name from another sender.
    const Publisher publisher("4000");
    ASSERT_TRUE(daemon.wait_for_next("another sender has its name")) << daemon.said();
    ASSERT_TRUE(daemon.wait_for_next("samples arrive")) << daemon.said();
  }
  // Another rate: the meter goes on with it, by itself.
  const Publisher publisher("4800");
  ASSERT_TRUE(daemon.wait_for_next("it is learned anew")) << daemon.said();
  ASSERT_TRUE(daemon.wait_for_next("samples arrive")) << daemon.said();
  EXPECT_EQ(daemon.end(SIGTERM), 0) << daemon.said();
  EXPECT_NE(daemon.said().find("2 times learned anew"), std::string::npos) << daemon.said();
  EXPECT_NE(daemon.said().find("1 time the interface came back"), std::string::npos);
  EXPECT_GE(events(data, "Missing"), 2u);
  EXPECT_GE(events(data, "Arrive again"), 2u);
}

}  // namespace
}  // namespace polyphase::system_test
