// fuzzes: wire/modbus
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "wire/modbus/identification.hpp"
#include "wire/modbus/map.hpp"

namespace modbus = polyphase::wire::modbus;

namespace {

using Bytes = std::span<const std::uint8_t>;

// A request that was understood is the same after it was written and read again.
void check_request(Bytes pdu) {
  modbus::Request request;
  if (modbus::parse_request(pdu, request) != modbus::Exception::none) return;
  std::vector<std::uint8_t> again;
  modbus::append_request(request, again);
  if (!std::equal(pdu.begin(), pdu.end(), again.begin(), again.end())) std::abort();
  if (request.function != modbus::function::identify) return;
  const modbus::Identification objects{
      "vendor", "code", "1", "", std::string(300, 'n'), std::string(90, 'm'), "a"};
  std::vector<std::uint8_t> out;
  if (modbus::append_identification(request, objects, out) == modbus::Exception::none) {
    modbus::Reply reply;
    if (out.size() > modbus::pdu_size_max || !modbus::parse_reply(out, reply)) std::abort();
  }
}

void check_stream(Bytes stream) {
  modbus::Frame frame;
  while (modbus::take(stream, frame) == modbus::Framing::complete) {
    if (frame.pdu.empty() || frame.pdu.size() > modbus::pdu_size_max) std::abort();
    check_request(frame.pdu);
    modbus::Reply reply;
    modbus::parse_reply(frame.pdu, reply);
  }
}

// What registers hold becomes a number, and that number the same registers or another spelling of
// it.
void check_formats(Bytes bytes) {
  for (std::size_t f = 0; f + 1 < modbus::format_count; ++f) {
    const auto format = static_cast<modbus::Format>(f);
    const std::size_t size = 2 * modbus::registers_of(format);
    if (bytes.size() < size) continue;
    std::array<std::uint8_t, 8> again{};
    modbus::encode(format, modbus::decode(format, bytes.first(size)), std::span(again).first(size));
  }
}

void check_map(std::string_view text) {
  const auto map = modbus::parse_map(text);
  if (!map) return;
  std::vector<bool> taken(modbus::register_max + 1);
  for (const modbus::MapEntry& entry : *map)
    for (std::size_t i = entry.first; i < entry.first + entry.registers; ++i) {
      if (i == 0 || i > modbus::register_max || taken[i]) std::abort();
      taken[i] = true;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  check_stream({data, size});
  check_request({data, size});
  check_formats({data, size});
  check_map({reinterpret_cast<const char*>(data), size});
  return 0;
}
