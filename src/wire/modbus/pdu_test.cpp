#include "wire/modbus/pdu.hpp"

#include <gtest/gtest.h>

#include <string_view>

#include "wire/modbus/identification.hpp"

namespace polyphase::wire::modbus {
namespace {

using Bytes = std::vector<std::uint8_t>;

/// "03 0B D3" as bytes.
Bytes bytes(std::string_view hex) {
  const auto digit = [](char c) { return c <= '9' ? c - '0' : c - 'A' + 10; };
  Bytes out;
  for (std::size_t i = 0; i + 1 < hex.size(); i += 3)
    out.push_back(static_cast<std::uint8_t>(digit(hex[i]) << 4 | digit(hex[i + 1])));
  return out;
}

Exception parsed(std::string_view hex, Request& request) {
  static Bytes kept;
  kept = bytes(hex);
  return parse_request(kept, request);
}
Exception verdict(std::string_view hex) {
  Request request;
  return parsed(hex, request);
}

TEST(Frame, IsTakenOffTheStreamWhenItIsComplete) {
  const Bytes both = bytes("00 07 00 00 00 06 01 03 0B D3 00 02 00 08 00 00 00 02 FF 2B");
  std::span<const std::uint8_t> stream(both);
  Frame frame;
  ASSERT_EQ(take(stream, frame), Framing::complete);
  EXPECT_EQ(frame.transaction, 7);
  EXPECT_EQ(frame.unit, 1);
  EXPECT_EQ(Bytes(frame.pdu.begin(), frame.pdu.end()), bytes("03 0B D3 00 02"));
  ASSERT_EQ(take(stream, frame), Framing::complete);
  EXPECT_EQ(frame.unit, 255);
  EXPECT_EQ(take(stream, frame), Framing::incomplete);
}

TEST(Frame, WaitsForEveryByte) {
  const Bytes whole = bytes("00 07 00 00 00 06 01 03 0B D3 00 02");
  for (std::size_t size = 0; size < whole.size(); ++size) {
    std::span<const std::uint8_t> stream(whole.data(), size);
    Frame frame;
    EXPECT_EQ(take(stream, frame), Framing::incomplete) << size;
    EXPECT_EQ(stream.size(), size);
  }
}

TEST(Frame, OfAnotherProtocolOrImpossibleLengthBreaksTheStream) {
  for (const char* hex : {"47 45 54 20", "00 01 00 01 00 06 01 03", "00 01 00 00 00 01",
                          "00 01 00 00 00 FF 01 03", "00 01 00 00 FF FF"}) {
    const Bytes wrong = bytes(hex);
    std::span<const std::uint8_t> stream(wrong);
    Frame frame;
    EXPECT_EQ(take(stream, frame), Framing::broken) << hex;
  }
}

TEST(Frame, GetsItsLengthWhenItEnds) {
  Bytes out = bytes("AA");
  const std::size_t begin = begin_frame(0x1234, 9, out);
  append_exception(3, Exception::illegal_address, out);
  end_frame(begin, out);
  EXPECT_EQ(out, bytes("AA 12 34 00 00 00 03 09 83 02"));
}

TEST(Request, ReadsARangeOfRegisters) {
  Request request;
  ASSERT_EQ(parsed("03 0B D3 00 02", request), Exception::none);
  EXPECT_EQ(request.function, function::read_registers);
  EXPECT_EQ(request.first, 3027);
  EXPECT_EQ(request.count, 2);
}

TEST(Request, KeepsCountsWithinTheirBounds) {
  EXPECT_EQ(verdict("03 00 00 00 7D"), Exception::none);  // 125
  EXPECT_EQ(verdict("03 00 00 00 7E"), Exception::illegal_value);
  EXPECT_EQ(verdict("03 00 00 00 00"), Exception::illegal_value);
  EXPECT_EQ(verdict("01 00 00 07 D0"), Exception::none);  // 2000
  EXPECT_EQ(verdict("02 00 00 07 D1"), Exception::illegal_value);
  EXPECT_EQ(verdict("03 00 00 00"), Exception::illegal_value);
  EXPECT_EQ(verdict("03 00 00 00 01 00"), Exception::illegal_value);
}

TEST(Request, EndsNoLaterThanTheLastAddress) {
  EXPECT_EQ(verdict("03 FF FF 00 01"), Exception::none);
  EXPECT_EQ(verdict("03 FF FF 00 02"), Exception::illegal_address);
  EXPECT_EQ(verdict("10 FF FF 00 02 04 00 00 00 00"), Exception::illegal_address);
}

TEST(Request, WritesAsManyBytesAsItSays) {
  Request request;
  ASSERT_EQ(parsed("10 EA 60 00 02 04 43 66 80 00", request), Exception::none);
  EXPECT_EQ(request.first, 60'000);
  EXPECT_EQ(request.data.size(), 4u);
  EXPECT_EQ(verdict("10 EA 60 00 02 03 43 66 80"), Exception::illegal_value);
  EXPECT_EQ(verdict("10 EA 60 00 02 04 43 66 80"), Exception::illegal_value);
  EXPECT_EQ(verdict("10 EA 60 00 00 00"), Exception::illegal_value);
  ASSERT_EQ(parsed("06 00 05 12 34", request), Exception::none);
  EXPECT_EQ(word_at(request.data, 0), 0x1234);
}

// The published example of the layout, without server and check sum.
TEST(Request, ListsTheAddressesOfAScatteredRead) {
  Request request;
  ASSERT_EQ(parsed("64 06 04 2A 00 65 00 67", request), Exception::none);
  EXPECT_EQ(request.transmission, 0x2A);
  EXPECT_EQ(request.count, 2);
  EXPECT_EQ(word_at(request.data, 2), 103);
  EXPECT_EQ(verdict("64 05 04 2A 00 65 00 67"), Exception::illegal_value);
  EXPECT_EQ(verdict("64 05 04 2A 00 65 00"), Exception::illegal_value);
  EXPECT_EQ(verdict("64 02 04 2A"), Exception::illegal_value);
  EXPECT_EQ(verdict("64 04 05 2A 00 65"), Exception::illegal_function);
}

// Covers: MOD-018
TEST(Request, OfAFunctionThatServersOfThisFamilyLackIsIllegal) {
  for (const char* hex : {"04 00 00 00 01", "05 00 00 FF 00", "0F 00 00 00 01 01 01", "07", "00",
                          "16 00 04 00 F2 00 25", "2B 0D 00 00"})
    EXPECT_EQ(verdict(hex), Exception::illegal_function) << hex;
  EXPECT_EQ(parse_request({}, *std::make_unique<Request>()), Exception::illegal_function);
}

TEST(Request, IsTheSameAfterItWasWritten) {
  for (const char* hex :
       {"01 00 10 00 08", "02 00 10 00 08", "03 0B D3 00 02", "06 00 05 12 34",
        "10 EA 60 00 02 04 43 66 80 00", "11", "2B 0E 01 00", "64 06 04 2A 00 65 00 67"}) {
    Request request;
    ASSERT_EQ(parsed(hex, request), Exception::none) << hex;
    Bytes out;
    append_request(request, out);
    EXPECT_EQ(out, bytes(hex));
  }
}

TEST(Reply, TellsValuesOrWhyNot) {
  const Bytes values = bytes("03 04 43 66 80 00"), no = bytes("83 02");
  Reply reply;
  ASSERT_TRUE(parse_reply(values, reply));
  EXPECT_EQ(reply.data.size(), 4u);
  ASSERT_TRUE(parse_reply(no, reply));
  EXPECT_EQ(reply.function, function::read_registers);
  EXPECT_EQ(reply.exception, Exception::illegal_address);
  EXPECT_FALSE(parse_reply(bytes("03 05 43 66 80 00"), reply));
  EXPECT_FALSE(parse_reply(bytes("03"), reply));
}

const Identification objects{"Polyphase", "Polyphase", "0.1.0", "", "", "Polyphase Advanced", ""};

Bytes identified(std::uint8_t code, std::uint8_t object, const Identification& of = objects) {
  Request request;
  request.function = function::identify;
  request.read_code = code;
  request.object = object;
  Bytes out;
  EXPECT_EQ(append_identification(request, of, out), Exception::none);
  return out;
}

TEST(Identification, GivesTheBasicObjects) {
  EXPECT_EQ(identified(1, 0),
            bytes("2B 0E 01 82 00 00 03 00 09 50 6F 6C 79 70 68 61 73 65 01 09 50 6F 6C 79 70 68 "
                  "61 73 65 02 05 30 2E 31 2E 30"));
}

TEST(Identification, LeavesOutWhatDoesNotExist) {
  const Bytes out = identified(2, 0);
  EXPECT_EQ(out[6], 4);  // 0, 1, 2 and 5
  EXPECT_EQ(identified(4, 5)[7], 5);
  Request request;
  request.function = function::identify;
  request.read_code = 4;
  request.object = 3;
  Bytes none;
  EXPECT_EQ(append_identification(request, objects, none), Exception::illegal_address);
  EXPECT_TRUE(none.empty());
}

TEST(Identification, GoesOnInAnotherReplyWhereOneIsTooShort) {
  const std::string longest(300, 'x');
  const Identification wordy{longest, longest, longest, longest, "", longest, longest};
  std::uint8_t next = 0;
  unsigned objects_seen = 0, replies = 0;
  do {
    const Bytes out = identified(2, next, wordy);
    ASSERT_LE(out.size(), pdu_size_max);
    objects_seen += out[6];
    next = out[4] == 0xFF ? out[5] : std::uint8_t{0};
    ASSERT_LT(++replies, 10u);
  } while (next != 0);
  EXPECT_EQ(objects_seen, 6u);
}

}  // namespace
}  // namespace polyphase::wire::modbus
