#include "protocols/modbus/requests.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "registers/value_text.hpp"

namespace polyphase::protocols::modbus {
namespace {

namespace wire = polyphase::wire::modbus;
namespace function = wire::function;
using control::Command;
using registers::RegisterType;

/// The number as a person would write it: a FLOAT32 with as few digits as give it back.
std::string number_text(const Point& point, double number) {
  if (point.format == Format::float32 && point.scale == 1)
    return fmt::format("{}", static_cast<float>(number));
  return fmt::format("{}", (number - point.offset) / point.scale);
}

std::string text_of(std::span<const std::uint8_t> bytes) {
  std::string text(bytes.begin(), std::find(bytes.begin(), bytes.end(), std::uint8_t{0}));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  return text;
}

}  // namespace

Exception exception_of(const Error& error) {
  switch (error.code) {
    case ErrorCode::refused:
      return Exception::illegal_address;  // protected by security
    case ErrorCode::limit:
      return Exception::busy;
    case ErrorCode::io:
      return Exception::device_failure;
    default:
      return Exception::illegal_value;
  }
}

Requests::Requests(control::Meter& meter, RegisterImage& image)
    : meter_(meter), image_(image), caller_(meter.anonymous(control::Face::modbus)) {}

void Requests::begin() { readable_ = image_.refresh(caller_); }

Exception Requests::read(const Request& request, std::vector<std::uint8_t>& out) {
  if (request.function == function::identify)
    return wire::append_identification(request, identification(), out);
  if (!readable_) return Exception::illegal_address;
  switch (request.function) {
    case function::read_registers:
      return read_registers(request, out);
    case function::read_scattered:
      return read_scattered(request, out);
    case function::read_coils:
      return read_bits(request, image_.map().coils, out);
    case function::read_inputs:
      return read_bits(request, image_.map().inputs, out);
    default:
      return Exception::illegal_function;  // 17 is for serial lines
  }
}

Exception Requests::read_registers(const Request& request, std::vector<std::uint8_t>& out) const {
  if (image_.cuts_a_value(request.first, request.count)) return Exception::illegal_value;
  const auto bytes = image_.bytes(request.first, request.count);
  out.push_back(request.function);
  out.push_back(static_cast<std::uint8_t>(bytes.size()));
  out.insert(out.end(), bytes.begin(), bytes.end());
  return Exception::none;
}

// Word by word: whoever wants a value of two registers names both.
Exception Requests::read_scattered(const Request& request, std::vector<std::uint8_t>& out) const {
  out.insert(out.end(), {request.function, static_cast<std::uint8_t>(2 + request.data.size()),
                         wire::scattered_subfunction, request.transmission});
  for (std::size_t i = 0; i < request.data.size(); i += 2) {
    const auto word = image_.bytes(wire::word_at(request.data, i), 1);
    out.insert(out.end(), word.begin(), word.end());
  }
  return Exception::none;
}

Exception Requests::read_bits(const Request& request, const std::vector<Bit>& bits,
                              std::vector<std::uint8_t>& out) const {
  const std::size_t begin = out.size();
  const std::size_t size = (request.count + 7u) / 8u;
  out.push_back(request.function);
  out.push_back(static_cast<std::uint8_t>(size));
  out.resize(out.size() + size);
  auto bit = std::lower_bound(bits.begin(), bits.end(), request.first + 1u,
                              [](const Bit& b, unsigned number) { return b.number < number; });
  for (unsigned i = 0; i < request.count; ++i) {
    if (bit == bits.end() || bit->number != request.first + 1u + i) {
      out.resize(begin);
      return Exception::illegal_address;
    }
    if (image_.state_of(*bit))
      out[begin + 2 + i / 8] = static_cast<std::uint8_t>(out[begin + 2 + i / 8] | 1u << i % 8);
    while (bit != bits.end() && bit->number == request.first + 1u + i) ++bit;
  }
  return Exception::none;
}

wire::Identification Requests::identification() const {
  const control::MeterStatus status = meter_.status();
  wire::Identification objects{
      "Polyphase", "Polyphase", status.version,
      "",          "",          status.tier.empty() ? "" : "Polyphase " + status.tier,
      status.name};
  // What the Factory module says goes before, where it may be read.
  const control::Catalogue& catalogue = image_.catalogue();
  for (const control::ModuleInfo& module : catalogue.modules) {
    if (module.type != "Factory") continue;
    constexpr std::array<std::pair<const char*, std::size_t>, 4> names{
        {{"Vendor Name", 0}, {"Revision", 2}, {"Device Type", 5}, {"Device Name", 6}}};
    for (const auto& [name, object] : names) {
      const auto index = catalogue.registers.find(module.name + "." + name);
      if (!index) continue;
      const auto text = meter_.text(caller_, *index);
      if (text && !text->empty()) objects[object] = *text;
    }
    break;
  }
  return objects;
}

Requests::Plan Requests::plan_write(const Request& request) const {
  Plan plan;
  if (!readable_) {
    plan.exception = Exception::illegal_address;
    return plan;
  }
  for (std::size_t i = 0; i < request.count; ++i)
    if (image_.point_at(request.first + i) == nullptr) {
      plan.silent = true;
      return plan;
    }
  if (image_.cuts_a_value(request.first, request.count)) {
    plan.exception = Exception::illegal_value;
    return plan;
  }
  for (std::size_t i = 0; i < request.count && plan.exception == Exception::none;) {
    const Point& point = *image_.point_at(request.first + i);
    plan.exception = plan_value(point, request.data.subspan(2 * i, 2u * point.registers), plan);
    i += point.registers;
  }
  if (plan.exception != Exception::none) plan.commands.clear();
  return plan;
}

Exception Requests::plan_value(const Point& point, std::span<const std::uint8_t> bytes,
                               Plan& plan) const {
  if (!point.writable) return Exception::illegal_value;  // it is read only
  const registers::RegisterInfo& info = image_.catalogue().registers.info(point.source);
  Command command;
  command.target = info.module + "." + info.name;
  if (point.format == Format::utf8) {
    command.value = text_of(bytes);
    plan.commands.push_back(std::move(command));
    return Exception::none;
  }
  const double number = wire::decode(point.format, bytes);
  if (!std::isfinite(number)) return Exception::illegal_value;
  if (info.type == RegisterType::pulse) {
    if (number == 0) return Exception::none;  // no pulse is wanted
    command.kind = Command::Kind::pulse;
  } else {
    command.value = number_text(point, number);
    if (!registers::parse_value(info, command.value)) return Exception::illegal_value;
  }
  plan.commands.push_back(std::move(command));
  return Exception::none;
}

}  // namespace polyphase::protocols::modbus
