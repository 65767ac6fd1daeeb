// The API as curl sees it.
#include <gtest/gtest.h>

#include "https_site.hpp"

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
  EXPECT_EQ(session.header("Set-Cookie"),
            "polyphase_session=token1; Path=/; HttpOnly; Secure; SameSite=Strict");
  const Answer values = get("/api/v1/values?labels=Vln%20a,Freq");
  ASSERT_EQ(values.status, 200) << values.body;
  EXPECT_EQ(values.json().find("values")->items[0].find("value")->number, 100);
}

}  // namespace
}  // namespace polyphase::web
