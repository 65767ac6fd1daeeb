#pragma once

#include <string>
#include <string_view>

namespace polyphase::formats::comtrade {

/// UTF-8 of a name in a file that does not say its encoding: valid UTF-8 stays; text whose words
/// are whole words of high bytes is Windows-1251; anything else is ISO 8859-1.
std::string to_utf8(std::string_view bytes);

}  // namespace polyphase::formats::comtrade
