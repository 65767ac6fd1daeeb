#pragma once

#include <string>
#include <vector>

#include "control/meter.hpp"
#include "protocols/modbus/register_image.hpp"
#include "wire/modbus/identification.hpp"
#include "wire/modbus/pdu.hpp"

namespace polyphase::protocols::modbus {

using wire::modbus::Request;

/// Answers requests out of the image; writes become commands, which the caller hands to the meter.
class Requests {
 public:
  Requests(control::Meter& meter, RegisterImage& image);

  /// Once before the requests that were received together: brings the image up to date.
  void begin();

  /// Appends the PDU that answers a request that reads. Not none: nothing was appended.
  Exception read(const Request& request, std::vector<std::uint8_t>& out);

  /// What a write asks of the meter, to be done all together.
  struct Plan {
    Exception exception = Exception::none;
    bool silent = false;  ///< a register that does not exist: neither done nor answered
    std::vector<control::Command> commands;
  };
  Plan plan_write(const Request& request) const;

  const control::Caller& caller() const { return caller_; }

 private:
  Exception read_registers(const Request& request, std::vector<std::uint8_t>& out) const;
  Exception read_scattered(const Request& request, std::vector<std::uint8_t>& out) const;
  Exception read_bits(const Request& request, const std::vector<Bit>& bits,
                      std::vector<std::uint8_t>& out) const;
  wire::modbus::Identification identification() const;
  Exception plan_value(const Point& point, std::span<const std::uint8_t> bytes, Plan& plan) const;

  control::Meter& meter_;
  RegisterImage& image_;
  control::Caller caller_;
  bool readable_ = false;
};

/// What a client is told when the meter says no to a change.
Exception exception_of(const Error& error);

}  // namespace polyphase::protocols::modbus
