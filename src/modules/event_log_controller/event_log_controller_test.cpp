#include "modules/event_log_controller/event_log_controller.hpp"

#include <gtest/gtest.h>

#include "module_golden.hpp"

namespace polyphase::modules::event_log_controller {
namespace {

constexpr graph::ModuleType type{descriptor, create};

TEST(EventLogController, Golden) {
  polyphase::testing::expect_golden(type, "event_log_controller", "event_log_controller");
}

TEST(EventLogController, HasACutoffFromZeroTo255WhichIsFiveAtFirst) {
  graph::ModuleBench controller(type);
  EXPECT_EQ(descriptor().setups[1].initial, 5);
  EXPECT_TRUE(controller.set("Priority Cutoff", "255"));
  EXPECT_FALSE(controller.set("Priority Cutoff", "256"));
  EXPECT_FALSE(controller.set("Priority Cutoff", "-1"));
}

TEST(EventLogController, TakesOneOfFiftyUsersOrNobodyAsTheDesignatedReader) {
  graph::ModuleBench controller(type);
  for (const char* user : {"USER0", "USER1", "USER50"})
    EXPECT_TRUE(controller.set("Designated Reader", user)) << user;
  EXPECT_FALSE(controller.set("Designated Reader", "USER51"));
}

}  // namespace
}  // namespace polyphase::modules::event_log_controller
