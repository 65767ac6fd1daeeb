// The WebSocket as a client in Python sees it.
#include <gtest/gtest.h>

#include <condition_variable>
#include <thread>

#include "https_site.hpp"

namespace polyphase::web {
namespace {

using text::JsonValue;

/// Does something again and again, on a thread, until it goes.
class Every {
 public:
  Every(std::chrono::milliseconds period, std::function<void()> work)
      : thread_([this, period, work = std::move(work)] {
          std::unique_lock lock(mutex_);
          while (!changed_.wait_for(lock, period, [this] { return done_; })) work();
        }) {}
  ~Every() {
    {
      const std::lock_guard lock(mutex_);
      done_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool done_ = false;
  std::thread thread_;
};

class LivePage : public testing::Site {
 protected:
  void SetUp() override {
    start();
    sign_in("USER1");
  }
  std::string client(const std::string& arguments) {
    return testing::run("python3 " POLYPHASE_SOURCE_DIR "/tests/websocket_client.py " +
                        std::to_string(server_->port()) + " '" + cookie_ + "' " + arguments)
        .text;
  }
  /// What came, a message each.
  std::vector<JsonValue> messages(const std::string& arguments) {
    std::vector<JsonValue> all;
    const std::string out = client(arguments);
    for (std::size_t at = 0; at < out.size();) {
      const std::size_t end = std::min(out.find('\n', at), out.size());
      if (auto value = text::parse_json(out.substr(at, end - at)))
        all.push_back(std::move(*value));
      else
        ADD_FAILURE() << value.error().text() << ": "
                      << out.substr(at, std::min<std::size_t>(end - at, 400));
      at = end + 1;
    }
    return all;
  }
  static const JsonValue* first(const std::vector<JsonValue>& all, const std::string& type) {
    for (const JsonValue& message : all)
      if (message.find("type") != nullptr && message.find("type")->text == type) return &message;
    return nullptr;
  }
  Every publishing() {
    return Every(std::chrono::milliseconds(20), [this] {
      meter_.publish(registers::Cadence::window);
      meter_.publish(registers::Cadence::second);
    });
  }
};

TEST_F(LivePage, SendsUnitsAndValuesInTheOrderAsked) {
  const auto got = messages(R"(--send '{"values":["Freq","Va ang","Vln a"]}' --until values)");
  const JsonValue* units = first(got, "units");
  ASSERT_NE(units, nullptr);
  EXPECT_EQ(units->find("units")->items[1].text, "deg");
  const JsonValue* values = first(got, "values");
  ASSERT_NE(values, nullptr);
  EXPECT_EQ(values->find("values")->items[0].number, 104);
  EXPECT_EQ(values->find("values")->items[2].number, 100);
  EXPECT_EQ(values->find("quality")->items.size(), 3u);
}

TEST_F(LivePage, SendsEachStepOfItsCadence) {
  const auto steps = publishing();
  const auto got =
      messages(R"(--send '{"values":["Freq"],"cadence":"window"}' --until values --count 10)");
  EXPECT_GE(got.size(), 11u);
}

TEST_F(LivePage, TellsAnUnknownLabelAndGivesItNoValue) {
  const auto got = messages(R"(--send '{"values":["Nonsense","Freq"]}' --until values)");
  const JsonValue* error = first(got, "error");
  ASSERT_NE(error, nullptr);
  EXPECT_NE(error->find("error")->text.find("'Nonsense'"), std::string::npos);
  const JsonValue* values = first(got, "values");
  ASSERT_NE(values, nullptr);
  EXPECT_TRUE(values->find("values")->items[0].is(JsonValue::Kind::null));
  EXPECT_EQ(values->find("values")->items[1].number, 104);
}

TEST_F(LivePage, SendsFourCyclesOfTheChannelsThatAreThere) {
  registers::Value frequency;
  frequency.number = 50;
  meter_.set("Freq", frequency);
  const auto got = messages(R"(--send '{"scope":true}' --until scope)");
  const JsonValue* scope = first(got, "scope");
  ASSERT_NE(scope, nullptr);
  EXPECT_EQ(scope->find("rate")->number, 10240);
  EXPECT_EQ(scope->find("channels")->keys.size(), 6u);
  EXPECT_EQ(scope->find("channels")->find("V1")->items.size(), 819u);
  EXPECT_EQ(scope->find("channels")->find("V4"), nullptr);
}

TEST_F(LivePage, SendsEventsThatHappenFromThenOn) {
  const Every events(std::chrono::milliseconds(100), [this] {
    logs::Event event;
    event.cause = "fresh";
    meter_.note_event(event);
  });
  const auto got = messages(R"(--send '{"events":true}' --until event --count 2)");
  const JsonValue* event = first(got, "event");
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->find("cause")->text, "fresh");
  EXPECT_GT(event->find("number")->number, 3);
  EXPECT_NE(first(got, "status"), nullptr);
}

TEST_F(LivePage, TellsNobodyOfEventsThatHappenedBeforeHeListened) {
  const auto note = [this](const char* cause) {
    logs::Event event;
    event.cause = cause;
    meter_.note_event(event);
  };
  {
    const Every events(std::chrono::milliseconds(100), [&] { note("first"); });
    client(R"(--send '{"events":true}' --until event)");
  }
  while (server_->connections() > 0) std::this_thread::yield();
  note("between");
  const Every events(std::chrono::milliseconds(100), [&] { note("second"); });
  const auto got = messages(R"(--send '{"events":true}' --until event)");
  const JsonValue* event = first(got, "event");
  ASSERT_NE(event, nullptr);
  EXPECT_EQ(event->find("cause")->text, "second");
}

TEST_F(LivePage, TellsUnitsAgainWhenTheyChange) {
  const Every change(std::chrono::milliseconds(300), [this, n = 0]() mutable {
    meter_.set_unit("Freq", ++n % 2 == 0 ? "Hz" : "mHz");
  });
  const auto got = messages(R"(--send '{"values":["Freq"]}' --until units --count 2)");
  ASSERT_FALSE(got.empty());
  EXPECT_NE(got.back().find("units")->items[0].text,
            first(got, "units")->find("units")->items[0].text);
}

TEST_F(LivePage, IsRefusedWithoutASessionARightOrFromAnotherSite) {
  EXPECT_EQ(client("--origin https://evil.example"), "refused 403\n");
  EXPECT_EQ(client("--path /api/v1/other"), "refused 404\n");
  sign_in("USER3");
  EXPECT_EQ(client(""), "refused 403\n");
  cookie_ = cookie_.substr(0, cookie_.find('=')) + "=none";
  EXPECT_EQ(client(""), "refused 401\n");
}

TEST_F(LivePage, EndsWithItsSession) {
  meter_.set_idle_s_max(0);
  sign_in("USER1");
  const std::string out = client("--until end");
  EXPECT_NE(out.find(R"({"type":"end","reason":"the session has ended: sign in again"})"),
            std::string::npos)
      << out;
}

TEST_F(LivePage, EndsWhenTheRightToReadIsTakenAway) {
  const Every later(std::chrono::milliseconds(20), [this] {
    if (meter_.waveforms_given() > 0) meter_.set_rights("USER1", control::Rights{});
  });
  EXPECT_NE(first(messages(R"(--until end --send '{"scope":true}')"), "end"), nullptr);
}

TEST_F(LivePage, SaysThatTheServerStops) {
  std::string out;
  std::thread reading([&] {
    out = client(
        R"(--until end --send '{"values":["Freq"],"cadence":"second","scope":true}')");
  });
  while (meter_.waveforms_given() == 0) std::this_thread::yield();  // it listens
  server_.reset();
  reading.join();
  EXPECT_NE(out.find(R"("type":"end","reason":"the meter's web server stops")"), std::string::npos)
      << out;
  EXPECT_EQ(meter_.service(service_name).state, control::ServiceStatus::State::off);
}

TEST_F(LivePage, ServesTwentyAtOnce) {
  const auto steps = publishing();
  const std::string out = client(
      R"(--clients 20 --count 5 --until values --send '{"values":["Freq","Vln a"],"cadence":"window"}')");
  std::string wanted = "5";
  for (int i = 1; i < 20; ++i) wanted += " 5";
  EXPECT_EQ(out, wanted + "\n");
}

TEST_F(LivePage, AClientThatDoesNotReadHoldsNobodyUp) {
  const auto steps = publishing();
  const auto got = messages(
      R"(--deaf 5 --count 30 --until scope --send '{"values":["Freq"],"cadence":"window","scope":true}')");
  int scopes = 0;
  for (const JsonValue& message : got) scopes += message.find("type")->text == "scope" ? 1 : 0;
  EXPECT_EQ(scopes, 30);
  EXPECT_EQ(get("/api/v1/status").status, 200);
}

TEST_F(LivePage, ClosesOnFramesThatAreNoneAndOnTextsThatAreTooLong) {
  EXPECT_NE(client("--raw ff8000000000 --until end").find("cl"), std::string::npos);
  EXPECT_EQ(client("--send not-json --until error").find("cut"), std::string::npos);
  const std::string big(net::websocket_text_bytes_max + 1, 'a');
  EXPECT_NE(client("--send " + big + " --until end").find("closed 1009"), std::string::npos);
  EXPECT_EQ(get("/api/v1/status").status, 200);
}

}  // namespace
}  // namespace polyphase::web
