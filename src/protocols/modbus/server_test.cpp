#include "protocols/modbus/server.hpp"

#include <gtest/gtest.h>
#include <cstdlib>
#include "fake_meter.hpp"

namespace polyphase::protocols::modbus {
namespace {
TEST(Try, Mbpoll) {
  testing::FakeMeter meter;
  meter.module("PM1","Power Meter");
  meter.output("Vln a", 230.5);
  meter.module("DM", "Data Mapping");
  meter.setup_text("Map", "3028,FLOAT32,Vln a\n");
  ServerOptions o; o.port = 0;
  auto server = Server::start(meter, o);
  ASSERT_TRUE(server) << server.error().text();
  const auto c = "mbpoll -m tcp -a 1 -r 3028 -c 1 -t 4:float -B -1 -p " + std::to_string((*server)->port()) + " 127.0.0.1";
  EXPECT_EQ(std::system(c.c_str()), 0);
}
}
}
