#include "wire/modbus/identification.hpp"

#include <string_view>

namespace polyphase::wire::modbus {
namespace {

constexpr std::uint8_t conformity = 0x82;  // regular objects, as a stream and one by one
enum ReadCode : std::uint8_t { basic = 1, regular = 2, extended = 3, one_object = 4 };

}  // namespace

Exception append_identification(const Request& request, const Identification& objects,
                                std::vector<std::uint8_t>& out) {
  const auto exists = [&](std::size_t i) {
    return i < identification_basic || (i < objects.size() && !objects[i].empty());
  };
  const bool single = request.read_code == one_object;
  if (single && !exists(request.object)) return Exception::illegal_address;
  const std::size_t end = single                       ? request.object + std::size_t{1}
                          : request.read_code == basic ? identification_basic
                                                       : identification_objects;
  // An object that does not exist begins the stream anew.
  const std::size_t first =
      single || (request.object < end && exists(request.object)) ? request.object : 0;
  const std::size_t begin = out.size();
  out.insert(out.end(),
             {function::identify, identification_type, request.read_code, conformity, 0, 0, 0});
  for (std::size_t i = first; i < end; ++i) {
    if (!exists(i)) continue;
    const std::string_view text = std::string_view(objects[i]).substr(0, identification_text_max);
    if (out.size() - begin + 2 + text.size() > pdu_size_max) {
      out[begin + 4] = 0xFF;  // more follows
      out[begin + 5] = static_cast<std::uint8_t>(i);
      break;
    }
    out.push_back(static_cast<std::uint8_t>(i));
    out.push_back(static_cast<std::uint8_t>(text.size()));
    out.insert(out.end(), text.begin(), text.end());
    ++out[begin + 6];
  }
  return Exception::none;
}

}  // namespace polyphase::wire::modbus
