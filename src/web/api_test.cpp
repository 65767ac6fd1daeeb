// The API as curl sees it.
#include <gtest/gtest.h>

#include <chrono>

#include "https_site.hpp"
#include "web/sessions.hpp"
#include "web/url.hpp"

namespace polyphase::web {
namespace {

using testing::Answer;

class Api : public testing::Site {
 protected:
  void SetUp() override { start(); }
};

TEST_F(Api, GivesValuesToWhoHasSignedIn) {
  const Answer session = sign_in("USER1");
  ASSERT_EQ(session.status, 200) << session.body;
  EXPECT_EQ(session.text("user"), "USER1");
  EXPECT_EQ(session.header("Set-Cookie"), "polyphase_session_" + std::to_string(server_->port()) +
                                              "=token1; Path=/; HttpOnly; Secure; SameSite=Strict");
  const Answer values = get("/api/v1/values?labels=Vln%20a,Freq");
  ASSERT_EQ(values.status, 200) << values.body;
  EXPECT_EQ(values.json().find("values")->items[0].find("value")->number, 100);
}

TEST_F(Api, SignsInWithTheFirstPassword) {
  EXPECT_EQ(sign_in("USER1", "0").status, 200);
  EXPECT_EQ(get("/api/v1/session").json().find("default_password")->boolean, true);
}

// Covers: WEB-007
TEST_F(Api, KnowsASessionByItsCookieAlone) {
  sign_in("USER1");
  EXPECT_EQ(get("/api/v1/status").status, 200);
  EXPECT_EQ(curl("/api/v1/status").status, 401);
  EXPECT_EQ(curl("/api/v1/status", {"-H", "Cookie: " + cookie_ + "2"}).status, 401);
}

/// Cookies know no ports: both meters of one host name get those of the other one, too.
TEST_F(Api, KeepsItsSessionBesideAnotherMeterOfTheSameHost) {
  sign_in("USER1");
  const std::string own = cookie_;
  const std::string of_another =
      "polyphase_session_" + std::to_string(server_->port() == 65'535 ? 1 : server_->port() + 1);
  cookie_ = of_another + "=other; " + own;
  EXPECT_EQ(get("/api/v1/status").status, 200);
  cookie_ = of_another + own.substr(own.find('='));
  EXPECT_EQ(get("/api/v1/status").status, 401) << "the other meter's session is not one of this";
}

TEST(PortOfAHost, IsThatOfHttpsWhereNoneIsSaid) {
  EXPECT_EQ(port_of("meter.example:10443"), "10443");
  EXPECT_EQ(port_of("[::1]:10443"), "10443");
  for (const char* host : {"", "meter.example", "[::1]", "a:", "a:1;x=y", "a:123456"})
    EXPECT_EQ(port_of(host), "443") << host;
}

// Covers: WEB-008
TEST_F(Api, DoesNotSayWhatOfALoginWasWrong) {
  const Answer user = sign_in("NOBODY"), password = sign_in("USER1", "1");
  EXPECT_EQ(user.status, 401);
  EXPECT_EQ(user.body, password.body);
  EXPECT_EQ(password.header("Set-Cookie"), "");
}

TEST_F(Api, SaysThatAUserIsLockedOut) {
  for (int i = 0; i < 8; ++i) EXPECT_EQ(sign_in("USER1", "1").status, 401);
  EXPECT_EQ(sign_in("USER1", "0").status, 429);
  EXPECT_EQ(sign_in("USER2", "0").status, 200);
}

TEST_F(Api, SignsOut) {
  sign_in("USER1");
  const Answer out = send("DELETE", "/api/v1/session");
  EXPECT_EQ(out.status, 204);
  EXPECT_NE(out.header("Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(get("/api/v1/status").status, 401);
}

TEST_F(Api, SignsInTenUsersAndNoEleventh) {
  for (std::size_t i = 0; i < sessions_max; ++i) ASSERT_EQ(sign_in("USER1").status, 200);
  const std::string tenth = cookie_;
  EXPECT_EQ(sign_in("USER1").status, 429);
  cookie_ = tenth;
  EXPECT_EQ(send("DELETE", "/api/v1/session").status, 204);
  EXPECT_EQ(sign_in("USER1").status, 200);
}

TEST_F(Api, ChangesAPasswordOrSaysWhatItLacks) {
  sign_in("USER1");
  const auto change = [this](const std::string& current, const std::string& fresh) {
    return send("POST", "/api/v1/password",
                R"({"user":"USER1","current":")" + current + R"(","fresh":")" + fresh + R"("})");
  };
  const Answer weak = change("0", "short");
  EXPECT_EQ(weak.status, 400);
  EXPECT_EQ(weak.text("error"), "a password has at least 8 characters");
  EXPECT_EQ(change("1", "long enough").status, 403);
  EXPECT_EQ(change("0", "long enough").status, 204);
  EXPECT_EQ(sign_in("USER1", "0").status, 401);
  EXPECT_EQ(sign_in("USER1", "long enough").status, 200);
}

TEST_F(Api, NamesAnUnknownLabelAndWhatIsNear) {
  sign_in("USER2");
  const Answer answer = get("/api/v1/values?labels=Freq,Vln%20x");
  EXPECT_EQ(answer.status, 404);
  EXPECT_EQ(answer.text("code"), "not_found");
  EXPECT_NE(answer.text("error").find("'Vln x'"), std::string::npos) << answer.body;
  EXPECT_NE(answer.text("error").find("Vln a"), std::string::npos) << answer.body;
}

TEST_F(Api, GivesNothingForNotAvailableAndNamesTheQuality) {
  registers::Value value;
  value.quality.add(Quality::bridged);
  value.quality.add(Quality::clipped);
  meter_.set("Vln a", value);
  sign_in("USER2");
  const auto answer = get("/api/v1/values?labels=Vln+a").json();
  const auto& first = answer.find("values")->items[0];
  EXPECT_TRUE(first.find("value")->is(text::JsonValue::Kind::null));
  ASSERT_EQ(first.find("quality")->items.size(), 2u);
  EXPECT_EQ(first.find("quality")->items[1].text, "clipped");
}

TEST_F(Api, SetsARegisterOrTellsItsBounds) {
  sign_in("USER1");
  EXPECT_EQ(send("PUT", "/api/v1/registers/PM1.PT%20Prim", R"({"value":"480"})").status, 204);
  ASSERT_EQ(meter_.applied().size(), 1u);
  EXPECT_EQ(meter_.applied()[0].target, "PM1.PT Prim");
  EXPECT_EQ(meter_.applied()[0].value, "480");
  const Answer beyond = send("PUT", "/api/v1/registers/PM1.PT%20Prim", R"({"value":"5000"})");
  EXPECT_EQ(beyond.status, 400);
  EXPECT_NE(beyond.text("error").find("write 1 to 1000 V"), std::string::npos) << beyond.body;
  sign_in("USER2");
  EXPECT_EQ(send("PUT", "/api/v1/registers/PM1.PT%20Prim", R"({"value":"480"})").status, 403);
  EXPECT_EQ(meter_.applied().size(), 1u);
}

TEST_F(Api, ListsRegistersByPartOfTheirNameAndByModule) {
  sign_in("USER2");
  const auto found = get("/api/v1/registers?match=vLN").json();
  EXPECT_EQ(found.find("registers")->items.size(), 2u);
  const auto all = get("/api/v1/registers?module=EXN1").json();
  ASSERT_EQ(all.find("registers")->items.size(), 1u);
  const auto handle = static_cast<long>(all.find("registers")->items[0].find("handle")->number);
  const auto behind = get("/api/v1/registers?after=" + std::to_string(handle)).json();
  EXPECT_TRUE(behind.find("registers")->items.empty());
  EXPECT_EQ(get("/api/v1/registers?after=5").status, 404);
}

TEST_F(Api, GivesALogAsATable) {
  sign_in("USER2");
  const Answer csv = get("/api/v1/logs/Data%20Log%201?from=2&limit=2&format=csv");
  ASSERT_EQ(csv.status, 200) << csv.body;
  EXPECT_EQ(csv.body,
            "number,time,kW tot kW,Vln a V\n"
            "2,2023-11-14T22:43:20.000000Z,2.5,N/A\n"
            "3,2023-11-14T22:58:20.000000Z,3.5,N/A\n");
  EXPECT_EQ(csv.header("Content-Type"), "text/csv; charset=utf-8");
  EXPECT_EQ(csv.header("X-Polyphase-More"), "true");
  EXPECT_EQ(get("/api/v1/logs/Data%20Log%202").status, 404);
}

TEST_F(Api, GivesEventsNewestFirstAboveAPriority) {
  sign_in("USER2");
  const auto events = get("/api/v1/events?newest=1&priority_min=50").json();
  ASSERT_EQ(events.find("events")->items.size(), 2u);
  EXPECT_EQ(events.find("events")->items[0].find("number")->number, 3);
  const Answer csv = get("/api/v1/events?limit=1&format=csv");
  EXPECT_NE(csv.body.find(",\"Setpoint, \"\"1\"\"\","), std::string::npos) << csv.body;
}

TEST_F(Api, RefusesWhatCannotBeAskedOfALog) {
  sign_in("USER2");
  for (const char* query : {"limit=0", "limit=10001", "limit=x", "from=-1", "newest=2",
                            "format=xml", "priority_min=256", "from=99999999999999999999"})
    EXPECT_EQ(get("/api/v1/events?" + std::string(query)).status, 400) << query;
}

TEST_F(Api, KeepsTheLastHourASecondApart) {
  sign_in("USER2");
  // The first second is taken a moment after the start.
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  std::size_t labels = 0;
  while (labels == 0 && std::chrono::steady_clock::now() < end)
    labels = get("/api/v1/trend").json().find("labels")->items.size();
  EXPECT_EQ(labels, 5u);
  const auto trend = get("/api/v1/trend?labels=kW%20tot&seconds=10").json();
  ASSERT_EQ(trend.find("values")->items.size(), 1u);
  EXPECT_EQ(trend.find("units")->items[0].text, "kW");
  EXPECT_EQ(get("/api/v1/trend?labels=kWh%20del").status, 404);
}

}  // namespace
}  // namespace polyphase::web
