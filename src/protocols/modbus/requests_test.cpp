#include "protocols/modbus/requests.hpp"

#include <gtest/gtest.h>

#include "fake_meter.hpp"
#include "modbus_client.hpp"

namespace polyphase::protocols::modbus {
namespace {

using polyphase::testing::FakeMeter;
using polyphase::testing::from_hex;
using polyphase::testing::to_hex;
using registers::Cadence;
using registers::RegisterType;

/// A meter of a few registers, asked without a network.
class Requested : public ::testing::Test {
 protected:
  Requested() {
    meter_.module("PM1", "Power Meter");
    voltage_ = meter_.output("Vln a", 230.5);
    fast_ = meter_.output("HS Vln a", 231, Cadence::half_cycle);
    meter_.output("kWh del", 1'234'567.5);
    state_ = meter_.output("Phase Rev", 1, Cadence::second, RegisterType::boolean);
    meter_.output("N/A", registers::not_available);
    meter_.setup("PT Prim", 12, 1, 999'999);
    meter_.setup_text("Owner", "me");
    meter_.module("EN1", "External Numeric");
    number_ = meter_.output("Numeric", 7);
    meter_.module("EP1", "External Pulse");
    meter_.output("Peak Reset", registers::not_available, Cadence::second, RegisterType::pulse);
    meter_.module("DM1", "Data Mapping");
    meter_.setup_text("Map",
                      "3028,FLOAT32,Vln a;Vln b\n3204,INT64,kWh del,1000\n60201,FLOAT32,HS Vln a\n"
                      "100,INT16,N/A;Vln z\n102,UINT16,N/A\n103,INT32,N/A\n105,UINT32,N/A\n"
                      "107,INT64,N/A\n111,FLOAT32,N/A\n");
    meter_.setup_text("Setup Map",
                      "60001,FLOAT32,PM1.PT Prim\n60003,UINT16,Peak Reset\n60011,UTF8*4,PM1.Owner\n"
                      "60021,FLOAT32,Numeric\n");
    meter_.module("MSR1", "Modbus Slave");
    meter_.input("Source 1", state_);
    meter_.input("Source 2", registers::no_register);
    meter_.input("Source 3", state_);
    meter_.setup("Format", static_cast<double>(Format::packed_coils), 0, 10);
    meter_.setup("BaseAddr", 200, 0, 65'535);
    meter_.module("MSR2", "Modbus Slave");
    meter_.input("Source 1", number_);
    meter_.setup("Format", static_cast<double>(Format::uint16_write), 0, 10);
    meter_.setup("BaseAddr", 300, 0, 65'535);
  }

  /// The reply in hexadecimal, or "exception N".
  std::string read(std::string_view pdu) {
    const auto bytes = from_hex(pdu);
    Request request;
    std::vector<std::uint8_t> out;
    Exception no = parse_request(bytes, request);
    requests_.begin();
    if (no == Exception::none) no = requests_.read(request, out);
    return no == Exception::none ? to_hex(out)
                                 : "exception " + std::to_string(static_cast<int>(no));
  }
  /// The commands of a write, "silence" or "exception N".
  std::string write(std::string_view pdu) {
    const auto bytes = from_hex(pdu);
    Request request;
    if (parse_request(bytes, request) != Exception::none) return "not a request";
    requests_.begin();
    const Requests::Plan plan = requests_.plan_write(request);
    if (plan.silent) return "silence";
    if (plan.exception != Exception::none)
      return "exception " + std::to_string(static_cast<int>(plan.exception));
    std::string text;
    for (const control::Command& command : plan.commands)
      text += command.target + "=" +
              (command.kind == control::Command::Kind::pulse ? "pulse" : command.value) + " ";
    return text;
  }

  FakeMeter meter_;
  Index voltage_ = 0, fast_ = 0, state_ = 0, number_ = 0;
  RegisterImage image_{meter_};
  Requests requests_{meter_, image_};
};

// Covers: MOD-015
TEST_F(Requested, ReadsValuesInTheirRegisters) {
  EXPECT_EQ(read("03 0B D3 00 02"), "03 04 43 66 80 00");
  EXPECT_EQ(read("03 0C 83 00 04"), "03 08 00 00 00 00 49 96 01 4C");
}

// Covers: MOD-024
TEST_F(Requested, GivesWhatIsUnmappedReservedOrNotAvailableItsValue) {
  EXPECT_EQ(read("03 13 87 00 02"), "03 04 80 00 80 00");  // 5000: unmapped
  EXPECT_EQ(read("03 FF FF 00 01"), "03 02 80 00");
  EXPECT_EQ(read("03 0B D5 00 02"), "03 04 FF C0 00 00");  // 3030: reserved
  EXPECT_EQ(read("03 00 63 00 0D"),
            "03 1A 80 00 80 00 FF FF 80 00 00 00 FF FF FF FF 80 00 00 00 00 00 00 00 FF C0 00 00");
}

// Covers: MOD-023
TEST_F(Requested, RefusesToCutAValueInTwo) {
  EXPECT_EQ(read("03 0B D3 00 01"), "exception 3");
  EXPECT_EQ(read("03 0B D4 00 02"), "exception 3");
  EXPECT_EQ(read("03 0C 83 00 03"), "exception 3");
  EXPECT_EQ(read("03 0B D3 00 04"), "03 08 43 66 80 00 FF C0 00 00");
  EXPECT_EQ(write("06 EA 60 00 01"), "exception 3");
  EXPECT_EQ(write("10 EA 61 00 01 02 00 01"), "exception 3");
}

// Covers: MOD-020
TEST_F(Requested, ReadsScatteredRegistersWordByWord) {
  EXPECT_EQ(read("64 0A 04 2A 0B D3 0B D4 13 87 EB 28"), "64 0A 04 2A 43 66 80 00 80 00 43 67");
}

TEST_F(Requested, ReadsCoilsAndTheRegisterTheyArePackedIn) {
  EXPECT_EQ(read("01 00 C7 00 03"), "01 01 05");
  EXPECT_EQ(read("03 00 C7 00 01"), "03 02 00 05");
  meter_.set(state_, 0);
  meter_.publish();
  EXPECT_EQ(read("01 00 C8 00 02"), "01 01 00");
  EXPECT_EQ(read("01 00 C7 00 04"), "exception 2");  // three sources
  EXPECT_EQ(read("02 00 C7 00 01"), "exception 2");  // coils are no inputs
}

TEST_F(Requested, ShowsANewValueOnceItIsPublished) {
  meter_.set(voltage_, 100);
  EXPECT_EQ(read("03 0B D3 00 02"), "03 04 42 C8 00 00");
  meter_.set(voltage_, 50);
  EXPECT_EQ(read("03 0B D3 00 02"), "03 04 42 C8 00 00");
  meter_.publish();
  EXPECT_EQ(read("03 0B D3 00 02"), "03 04 42 48 00 00");
}

TEST_F(Requested, AsksTheMeterOncePerSnapshot) {
  read("03 0B D3 00 02");
  const std::size_t reads = meter_.reads();
  for (int i = 0; i < 100; ++i) read("03 0B D3 00 02");
  EXPECT_EQ(meter_.reads(), reads);
  meter_.publish();
  read("03 0B D3 00 02");
  EXPECT_EQ(meter_.reads(), reads + 2);  // half cycles and seconds
}

TEST_F(Requested, FollowsTheMapWhenItIsChanged) {
  read("03 0B D3 00 02");
  meter_.set_text(meter_.find("DM1.Map"), "5000,UINT16,Vln a");
  EXPECT_EQ(read("03 13 87 00 01"), "03 02 00 E7");
  EXPECT_EQ(read("03 0B D3 00 02"), "03 04 80 00 80 00");
}

TEST_F(Requested, ShowsSetupAndTexts) {
  EXPECT_EQ(read("03 EA 60 00 02"), "03 04 41 40 00 00");
  EXPECT_EQ(read("03 EA 6A 00 04"), "03 08 6D 65 00 00 00 00 00 00");
}

// Covers: MOD-025
TEST_F(Requested, IsSilentWhereAWriteMeetsNoRegister) {
  EXPECT_EQ(write("06 13 87 00 01"), "silence");
  EXPECT_EQ(write("10 EA 60 00 04 08 41 40 00 00 00 01 00 00"), "silence");  // 60004: none
}

// Covers: MOD-026
TEST_F(Requested, RefusesToWriteWhatIsMeasured) {
  EXPECT_EQ(write("10 0B D3 00 02 04 43 66 80 00"), "exception 3");
  EXPECT_EQ(write("06 00 63 00 01"), "exception 3");  // reserved
}

TEST_F(Requested, PlansWritesWithinTheirBounds) {
  EXPECT_EQ(write("10 EA 60 00 02 04 42 C8 00 00"), "PM1.PT Prim=100 ");
  EXPECT_EQ(write("10 EA 60 00 02 04 3D CC CC CD"), "exception 3");  // 0.1, below 1
  EXPECT_EQ(write("10 EA 60 00 02 04 FF C0 00 00"), "exception 3");
  EXPECT_EQ(write("10 EA 60 00 02 04 7F 80 00 00"), "exception 3");  // infinite
  EXPECT_EQ(write("10 EA 74 00 02 04 3D CC CC CD"), "EN1.Numeric=0.1 ");
  EXPECT_EQ(write("06 01 2B 30 39"), "EN1.Numeric=12345 ");
  EXPECT_EQ(write("10 EA 60 00 03 06 42 C8 00 00 00 01"), "PM1.PT Prim=100 EP1.Peak Reset=pulse ");
  EXPECT_EQ(write("06 EA 62 00 00"), "");
  EXPECT_EQ(write("10 EA 6A 00 04 08 79 6F 75 20 00 00 00 00"), "PM1.Owner=you ");
}

// Covers: MOD-028
TEST_F(Requested, ShowsNothingButItsIdentityWithoutReadAccess) {
  meter_.give({});
  EXPECT_EQ(read("03 0B D3 00 02"), "exception 2");
  EXPECT_EQ(read("03 13 87 00 02"), "exception 2");
  EXPECT_EQ(read("01 00 C7 00 03"), "exception 2");
  EXPECT_EQ(read("64 04 04 2A 0B D3"), "exception 2");
  EXPECT_EQ(write("06 13 87 00 01"), "exception 2");
  EXPECT_EQ(read("2B 0E 04 00"), "2B 0E 04 82 00 00 01 00 09 50 6F 6C 79 70 68 61 73 65");
}

// Covers: MOD-019
TEST_F(Requested, SaysWhatItIsAndReportsNoServerOverTcp) {
  EXPECT_EQ(read("2B 0E 04 02"), "2B 0E 04 82 00 00 01 02 05 30 2E 30 2E 31");
  EXPECT_EQ(read("2B 0E 04 03"), "exception 2");
  EXPECT_EQ(read("11"), "exception 1");
}

TEST_F(Requested, TellsWhyAChangeWasRefused) {
  const auto told = [](ErrorCode code) { return exception_of({code, "", ""}); };
  EXPECT_EQ(told(ErrorCode::refused), Exception::illegal_address);
  EXPECT_EQ(told(ErrorCode::invalid_config), Exception::illegal_value);
  EXPECT_EQ(told(ErrorCode::limit), Exception::busy);
  EXPECT_EQ(told(ErrorCode::io), Exception::device_failure);
}

}  // namespace
}  // namespace polyphase::protocols::modbus
