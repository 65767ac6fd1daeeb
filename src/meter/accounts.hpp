#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "base/time.hpp"
#include "control/access.hpp"
#include "meter/rules.hpp"

namespace polyphase::meter {

inline constexpr const char* default_password = "0";
inline constexpr std::size_t sessions_max = 64;
/// Names that somebody tried, of which failed logins are counted; the oldest are forgotten.
inline constexpr std::size_t tried_names_max = 1'024;

/// What logging in came to.
enum class Login { accepted, wrong, locks_out, locked_out };

/// Failed logins and who is locked out, by face and user. The time is the caller's.
class Lockout {
 public:
  /// Until when the user is locked out; 0: he is not.
  Instant locked_until(control::Face face, const std::string& user, Instant now) const;
  /// One more failure. True: with this one the user is locked out.
  bool failed(control::Face face, const std::string& user, Instant now, const Rules& rules);
  void succeeded(control::Face face, const std::string& user);

 private:
  struct Tries {
    unsigned failures = 0;
    Instant locked_until, last;
  };
  std::map<std::pair<control::Face, std::string>, Tries> tries_;
};

/// Who is logged in, by token.
class Sessions {
 public:
  /// errors  limit: sessions_max; io: no random numbers
  Result<std::string> open(const control::Caller& caller, Instant now, const Rules& rules);
  /// The caller, whose idle time begins anew. errors  refused: unknown or expired
  Result<control::Caller> use(std::string_view token, Instant now, const Rules& rules);
  void close(std::string_view token);
  /// Ends every session of a user: after his password was changed.
  void close_all(std::string_view user);

 private:
  struct Session {
    control::Caller caller;
    Instant used;
  };
  void drop_expired(Instant now, const Rules& rules);
  std::map<std::string, Session, std::less<>> sessions_;
};

}  // namespace polyphase::meter
