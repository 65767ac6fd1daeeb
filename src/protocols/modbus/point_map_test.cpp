#include "protocols/modbus/point_map.hpp"

#include <gtest/gtest.h>

#include "fake_meter.hpp"

namespace polyphase::protocols::modbus {
namespace {

using polyphase::testing::FakeMeter;

/// A meter with a voltage, an external number and a setup register.
class PointMapOf : public ::testing::Test {
 protected:
  PointMapOf() {
    meter_.module("PM1", "Power Meter");
    voltage_ = meter_.output("Vln a", 230.5);
    state_ =
        meter_.output("Phase Rev", 1, registers::Cadence::second, registers::RegisterType::boolean);
    ratio_ = meter_.setup("PT Prim", 1, 1, 999'999);
    meter_.module("EN1", "External Numeric");
    number_ = meter_.output("Numeric", 7);
  }
  void mapping(const std::string& map, const std::string& setup_map = "", double enable = 1,
               double setup_enable = 1) {
    meter_.module("DM" + std::to_string(++mappings_), "Data Mapping");
    meter_.setup("Modbus Map Enable", enable, 0, 1);
    meter_.setup("Cfg Modbus Map Enable", setup_enable, 0, 1);
    meter_.setup_text("Map", map);
    meter_.setup_text("Setup Map", setup_map);
  }
  void slave(double base, Format format, std::vector<Index> sources, double scaling = 0) {
    meter_.module("MSR" + std::to_string(++slaves_), "Modbus Slave");
    for (const Index source : sources) meter_.input("Source", source);
    meter_.setup("Format", static_cast<double>(format), 0, 10);
    meter_.setup("BaseAddr", base, 0, 65'535);
    meter_.setup("Scaling", scaling, 0, 1);
    meter_.setup("InZero", 0, -1e15, 1e15);
    meter_.setup("InFull", 6'553, -1e15, 1e15);
    meter_.setup("OutZero", 0, -1e15, 1e15);
    meter_.setup("OutFull", 65'530, -1e15, 1e15);
  }
  PointMap map() { return point_map_of(*meter_.catalogue()); }

  FakeMeter meter_;
  Index voltage_ = 0, state_ = 0, ratio_ = 0, number_ = 0;
  int mappings_ = 0, slaves_ = 0;
};

TEST_F(PointMapOf, LooksLabelsUpAndReservesWhatTheMeterLacks) {
  mapping("3028,FLOAT32,Vln a;Vln b?");
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 2u);
  EXPECT_EQ(map.points[0].source, voltage_);
  EXPECT_FALSE(map.points[0].writable);
  EXPECT_EQ(map.points[1].source, no_register);
  EXPECT_TRUE(map.remarks.empty());
}

TEST_F(PointMapOf, SaysOfALabelThatIsMisspeltWhatIsNear) {
  mapping("3028,FLOAT32,Vln a;Vnl a");
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 2u) << "its registers stay reserved";
  EXPECT_EQ(map.points[1].source, no_register);
  ASSERT_EQ(map.remarks.size(), 1u);
  EXPECT_NE(map.remarks[0].find("register 3030 has a label that does not exist, 'Vnl a'"),
            std::string::npos)
      << map.remarks[0];
  EXPECT_NE(map.remarks[0].find("Vln a"), std::string::npos) << map.remarks[0];
}

// Covers: MOD-032, MOD-033
TEST_F(PointMapOf, IsAsSuppliedWithAdditionsOfOnesOwnOrNone) {
  mapping("3028,FLOAT32,Vln a");
  slave(3'028, Format::uint16, {state_});
  slave(41'000, Format::int32, {voltage_, number_});
  meter_.module("MBO1", "Modbus Options");
  const Index mode = meter_.setup("Map Mode", 0, 0, 3);
  const auto firsts = [&](double number) {
    meter_.set(mode, number);
    std::vector<std::uint32_t> numbers;
    for (const Point& point : map().points) numbers.push_back(point.first);
    return numbers;
  };
  using Numbers = std::vector<std::uint32_t>;
  EXPECT_EQ(firsts(0), (Numbers{3'028}));
  EXPECT_EQ(firsts(1), (Numbers{3'028, 41'000, 41'002}));
  EXPECT_EQ(map().own_first, 41'000u);
  EXPECT_EQ(map().own_last, 41'003u);
  EXPECT_EQ(map().own_registers, 4u);
  EXPECT_EQ(firsts(2), (Numbers{3'028, 41'000, 41'002}));
  EXPECT_EQ(map().points[0].source, state_) << "the number is free for the user's own";
  EXPECT_EQ(firsts(3), Numbers{});
  EXPECT_EQ(firsts(0), (Numbers{3'028})) << "and back";
  EXPECT_EQ(map().own_registers, 0u);
}

TEST_F(PointMapOf, LetsSetupAndExternalRegistersBeWritten) {
  mapping("60001,FLOAT32,Numeric", "60011,FLOAT32,PM1.PT Prim");
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 2u);
  EXPECT_TRUE(map.points[0].writable);
  EXPECT_EQ(map.points[1].source, ratio_);
  EXPECT_TRUE(map.points[1].writable);
}

// Covers: MOD-030
TEST_F(PointMapOf, LeavesOutWhatIsSwitchedOff) {
  mapping("3028,FLOAT32,Vln a", "60011,FLOAT32,PM1.PT Prim", 1, 0);
  mapping("3030,FLOAT32,Vln b?", "60013,FLOAT32,PM1.PT Sec?", 0, 1);
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 2u);
  EXPECT_EQ(map.points[0].first, 3'028u);
  EXPECT_EQ(map.points[1].first, 60'013u);
}

// Covers: MOD-031
TEST_F(PointMapOf, PutsSourcesOfASlaveSideBySide) {
  slave(41'000, Format::int32, {voltage_, no_register, number_}, 1);
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 3u);
  EXPECT_EQ(map.points[2].first, 41'004u);
  EXPECT_EQ(map.points[1].source, no_register);
  EXPECT_EQ(map.points[0].scale, 10);
  EXPECT_EQ(map.points[0].high, 65'530);
  EXPECT_FALSE(map.points[2].writable);
}

TEST_F(PointMapOf, WritesThroughASlaveOnlyWhereItsFormatSaysSo) {
  slave(41'000, Format::uint16_write, {voltage_, number_});
  const PointMap map = this->map();
  EXPECT_FALSE(map.points[0].writable);
  EXPECT_TRUE(map.points[1].writable);
}

TEST_F(PointMapOf, PacksBooleansIntoOneRegisterAndIntoBits) {
  slave(100, Format::packed_coils, {no_register, state_});
  slave(100, Format::packed_inputs, {state_});
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 1u);  // the register 100 is the coils'
  ASSERT_EQ(map.coils.size(), 2u);
  EXPECT_EQ(map.coils[1].number, 101u);
  EXPECT_EQ(map.coils[1].bit, 1);
  EXPECT_TRUE(map.inputs.empty());
  EXPECT_EQ(map.remarks.size(), 1u);
}

TEST_F(PointMapOf, SaysWhichModuleClaimsARegisterThatIsTaken) {
  slave(3'029, Format::uint16, {voltage_});
  mapping("3028,FLOAT32,Vln a");
  const PointMap map = this->map();
  ASSERT_EQ(map.points.size(), 1u);
  EXPECT_EQ(map.points[0].format, Format::float32);
  ASSERT_EQ(map.remarks.size(), 1u);
  EXPECT_EQ(map.remarks[0], "MSR1: register 3029 is taken; move it, or switch off what has it");
}

TEST_F(PointMapOf, ANotMappedSlaveTakesNoRegister) {
  slave(0, Format::uint16, {voltage_});
  EXPECT_TRUE(map().points.empty());
}

}  // namespace
}  // namespace polyphase::protocols::modbus
