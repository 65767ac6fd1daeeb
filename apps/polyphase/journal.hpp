#pragma once

#include <string_view>

namespace polyphase::app {

/// As syslog counts them.
enum class Level : int { failure = 3, warning = 4, notice = 5, information = 6 };

/// A line of the program's log on stderr: with its level where the journal reads it, with the time
/// where a person does. Any thread.
void log(Level level, std::string_view text);

/// Tells the supervisor (systemd's notify protocol) where there is one: "READY=1", "STOPPING=1".
void tell_supervisor(std::string_view state);

}  // namespace polyphase::app
