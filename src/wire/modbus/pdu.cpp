#include "wire/modbus/pdu.hpp"

#include "base/contract.hpp"

namespace polyphase::wire::modbus {
namespace {

using Bytes = std::span<const std::uint8_t>;

constexpr unsigned addresses = 65'536;

Exception range(Request& request, Bytes body, unsigned count_max) {
  request.first = word_at(body, 0);
  request.count = word_at(body, 2);
  if (request.count == 0 || request.count > count_max) return Exception::illegal_value;
  if (unsigned{request.first} + request.count > addresses) return Exception::illegal_address;
  return Exception::none;
}

Exception write_registers(Request& request, Bytes body) {
  if (body.size() < 5) return Exception::illegal_value;
  if (const Exception no = range(request, body, registers_write_max); no != Exception::none)
    return no;
  if (body[4] != 2 * request.count || body.size() != 5u + body[4]) return Exception::illegal_value;
  request.data = body.subspan(5);
  return Exception::none;
}

Exception identify(Request& request, Bytes body) {
  if (body.empty() || body[0] != identification_type) return Exception::illegal_function;
  if (body.size() != 3) return Exception::illegal_value;
  request.read_code = body[1];
  request.object = body[2];
  return request.read_code >= 1 && request.read_code <= 4 ? Exception::none
                                                          : Exception::illegal_value;
}

// length, sub-function, transmission number, addresses. The length counts what stands behind it.
Exception scattered(Request& request, Bytes body) {
  if (body.size() < 3 || body[0] != body.size() - 1) return Exception::illegal_value;
  if (body[1] != scattered_subfunction) return Exception::illegal_function;
  request.transmission = body[2];
  request.data = body.subspan(3);
  request.count = static_cast<std::uint16_t>(request.data.size() / 2);
  return request.data.size() % 2 == 0 && request.count >= 1 && request.count <= scattered_max
             ? Exception::none
             : Exception::illegal_value;
}

}  // namespace

Exception parse_request(Bytes pdu, Request& request) {
  request = {};
  if (pdu.empty()) return Exception::illegal_function;
  request.function = pdu[0];
  const Bytes body = pdu.subspan(1);
  switch (request.function) {
    case function::read_coils:
    case function::read_inputs:
      return body.size() == 4 ? range(request, body, bits_read_max) : Exception::illegal_value;
    case function::read_registers:
      return body.size() == 4 ? range(request, body, registers_read_max) : Exception::illegal_value;
    case function::write_register:
      if (body.size() != 4) return Exception::illegal_value;
      request.first = word_at(body, 0);
      request.count = 1;
      request.data = body.subspan(2);
      return Exception::none;
    case function::write_registers:
      return write_registers(request, body);
    case function::report_server:
      return body.empty() ? Exception::none : Exception::illegal_value;
    case function::identify:
      return identify(request, body);
    case function::read_scattered:
      return scattered(request, body);
    default:
      return Exception::illegal_function;
  }
}

void append_request(const Request& request, std::vector<std::uint8_t>& out) {
  out.push_back(request.function);
  switch (request.function) {
    case function::read_coils:
    case function::read_inputs:
    case function::read_registers:
      append_word(request.first, out);
      append_word(request.count, out);
      return;
    case function::write_register:
      append_word(request.first, out);
      break;
    case function::write_registers:
      append_word(request.first, out);
      append_word(request.count, out);
      out.push_back(static_cast<std::uint8_t>(request.data.size()));
      break;
    case function::report_server:
      return;
    case function::identify:
      out.insert(out.end(), {identification_type, request.read_code, request.object});
      return;
    case function::read_scattered:
      out.insert(out.end(), {static_cast<std::uint8_t>(2 + request.data.size()),
                             scattered_subfunction, request.transmission});
      break;
    default:
      EXPECTS(!"a function of this codec");
  }
  out.insert(out.end(), request.data.begin(), request.data.end());
}

void append_exception(std::uint8_t function, Exception code, std::vector<std::uint8_t>& out) {
  out.push_back(static_cast<std::uint8_t>(function | exception_flag));
  out.push_back(static_cast<std::uint8_t>(code));
}

bool parse_reply(Bytes pdu, Reply& reply) {
  reply = {};
  if (pdu.size() < 2) return false;
  reply.function = static_cast<std::uint8_t>(pdu[0] & ~exception_flag);
  const Bytes body = pdu.subspan(1);
  if ((pdu[0] & exception_flag) != 0) {
    reply.exception = static_cast<Exception>(body[0]);
    return body.size() == 1 && body[0] != 0;
  }
  switch (reply.function) {
    case function::read_coils:
    case function::read_inputs:
    case function::read_registers:
    case function::report_server:
      reply.data = body.subspan(1);
      return body[0] == reply.data.size();
    case function::write_register:
      if (body.size() != 4) return false;
      reply.first = word_at(body, 0);
      reply.count = 1;
      reply.data = body.subspan(2);
      return true;
    case function::write_registers:
      if (body.size() != 4) return false;
      reply.first = word_at(body, 0);
      reply.count = word_at(body, 2);
      return true;
    case function::identify:
      reply.data = body.subspan(1);
      return body[0] == identification_type;
    case function::read_scattered:
      if (body.size() < 3 || body[0] != body.size() - 1 || body[1] != scattered_subfunction)
        return false;
      reply.transmission = body[2];
      reply.data = body.subspan(3);
      return reply.data.size() % 2 == 0;
    default:
      return false;
  }
}

}  // namespace polyphase::wire::modbus
