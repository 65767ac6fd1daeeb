#include "formats/comtrade/cff.hpp"

#include <fmt/format.h>

#include "formats/comtrade/fields.hpp"

namespace polyphase::formats::comtrade {
namespace {

constexpr std::string_view mark = "--- file type:";

std::string_view as_text(std::span<const std::uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

std::string_view without_byte_order_mark(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  return text.substr(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
}

bool at_mark(std::string_view text) {
  return text.size() >= mark.size() && equal_ignoring_case(text.substr(0, mark.size()), mark);
}

/// Where the next line that is a mark begins; npos: nowhere.
std::size_t next_mark(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    if (at_mark(text.substr(at))) return at;
    const auto newline = text.find('\n', at);
    if (newline == std::string_view::npos) break;
    at = newline + 1;
  }
  return std::string_view::npos;
}

}  // namespace

bool is_combined(std::span<const std::uint8_t> file) {
  return at_mark(
      without_byte_order_mark(as_text(file.subspan(0, std::min<std::size_t>(file.size(), 256)))));
}

Result<Combined> split_combined(std::span<const std::uint8_t> bytes, std::string_view file) {
  std::string_view rest = without_byte_order_mark(as_text(bytes));
  Combined parts;
  bool data_found = false;
  while (!rest.empty() && !data_found) {
    const auto line_end = std::min(rest.find('\n'), rest.size());
    std::string_view title = trim(rest.substr(0, line_end));
    rest.remove_prefix(std::min(line_end + 1, rest.size()));
    if (!at_mark(title)) break;
    title = trim(title.substr(mark.size()));
    while (title.ends_with('-')) title.remove_suffix(1);
    title = trim(title);
    const auto named = [&](std::string_view kind) {
      return title.size() >= kind.size() && equal_ignoring_case(title.substr(0, kind.size()), kind);
    };
    if (named("DAT")) {
      title = trim(title.substr(3));
      const auto colon = title.find(':');
      parts.kind = data_kind_of(title.substr(0, colon));
      std::size_t count = 0;
      const bool counted =
          colon != std::string_view::npos && to_int(title.substr(colon + 1), count);
      if (counted && count > 0 && count < rest.size()) rest = rest.substr(0, count);
      parts.data =
          bytes.subspan(static_cast<std::size_t>(rest.data() - as_text(bytes).data()), rest.size());
      data_found = true;
      break;
    }
    const auto body = rest.substr(0, next_mark(rest));
    if (named("CFG"))
      parts.config = body;
    else if (named("INF"))
      parts.information = body;
    else if (named("HDR"))
      parts.header = body;
    rest.remove_prefix(body.size());
  }
  if (trim(parts.config).empty())
    return fail(ErrorCode::invalid_input,
                "has no part '--- file type: CFG ---'; export the record again", std::string(file));
  if (!data_found)
    return fail(ErrorCode::invalid_input,
                "has no part '--- file type: DAT … ---'; the file ends before the samples",
                std::string(file));
  return parts;
}

}  // namespace polyphase::formats::comtrade
