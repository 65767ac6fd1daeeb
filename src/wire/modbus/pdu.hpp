#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "wire/modbus/frame.hpp"

namespace polyphase::wire::modbus {

namespace function {
inline constexpr std::uint8_t read_coils = 1, read_inputs = 2, read_registers = 3,
                              write_register = 6, write_registers = 16, report_server = 17,
                              identify = 43, read_scattered = 100;
}  // namespace function

inline constexpr std::uint8_t identification_type = 14;  ///< MEI type of function 43
inline constexpr std::uint8_t scattered_subfunction = 4;
inline constexpr std::uint8_t exception_flag = 0x80;

inline constexpr unsigned registers_read_max = 125;
inline constexpr unsigned registers_write_max = 123;
inline constexpr unsigned bits_read_max = 2'000;
inline constexpr unsigned scattered_max = 100;

enum class Exception : std::uint8_t {
  none = 0,
  illegal_function = 1,
  illegal_address = 2,
  illegal_value = 3,
  device_failure = 4,
  busy = 6,
};

/// A request of one of the functions above. What a function does not carry is zero.
struct Request {
  std::uint8_t function = 0;
  std::uint16_t first = 0;  ///< PDU address, from 0
  std::uint16_t count = 0;  ///< registers or bits
  std::span<const std::uint8_t>
      data;  ///< values to write, or addresses to read: two bytes each, most significant first
  std::uint8_t transmission = 0;  ///< of function 100: comes back in the reply
  std::uint8_t read_code = 0;     ///< of function 43: 1 basic, 2 regular, 3 extended, 4 one object
  std::uint8_t object = 0;
};

/// Reads a request. Anything but none is what the server answers: illegal_function for a function
/// (or sub-function) that is not one of the above, illegal_value where count and length do not fit
/// each other or their bounds, illegal_address where a range ends behind address 65535.
Exception parse_request(std::span<const std::uint8_t> pdu, Request& request);

/// Appends the PDU of a request. needs  one of the functions above
void append_request(const Request& request, std::vector<std::uint8_t>& out);

/// Appends the PDU that says no.
void append_exception(std::uint8_t function, Exception code, std::vector<std::uint8_t>& out);

/// What came back.
struct Reply {
  std::uint8_t function = 0;
  Exception exception = Exception::none;
  std::uint16_t first = 0, count = 0;  ///< of writes
  std::uint8_t transmission = 0;
  std::span<const std::uint8_t> data;  ///< values, bits, or the objects of an identification
};

/// False: not a reply of the functions above.
bool parse_reply(std::span<const std::uint8_t> pdu, Reply& reply);

}  // namespace polyphase::wire::modbus
