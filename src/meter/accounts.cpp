#include "meter/accounts.hpp"

#include <algorithm>

namespace polyphase::meter {

Instant Lockout::locked_until(control::Face face, const std::string& user, Instant now) const {
  const auto found = tries_.find({face, user});
  if (found == tries_.end() || found->second.locked_until <= now) return {};
  return found->second.locked_until;
}

bool Lockout::failed(control::Face face, const std::string& user, Instant now, const Rules& rules) {
  const unsigned attempts = rules.lock_attempts[static_cast<std::size_t>(face)];
  if (attempts == 0) return false;
  if (tries_.size() >= tried_names_max && !tries_.contains({face, user})) {
    // A flood of names must not push out those that are locked: of the others the oldest goes.
    auto oldest = tries_.end();
    for (auto at = tries_.begin(); at != tries_.end(); ++at)
      if (at->second.locked_until <= now &&
          (oldest == tries_.end() || at->second.last < oldest->second.last))
        oldest = at;
    if (oldest == tries_.end()) return false;
    tries_.erase(oldest);
  }
  Tries& tries = tries_[{face, user}];
  tries.last = now;
  if (++tries.failures < attempts) return false;
  tries.failures = 0;
  tries.locked_until = now.plus_s(rules.lockout_s);
  return true;
}

void Lockout::succeeded(control::Face face, const std::string& user) { tries_.erase({face, user}); }

Result<std::string> Sessions::open(const control::Caller& caller, Instant now, const Rules& rules) {
  drop_expired(now, rules);
  if (sessions_.size() >= sessions_max)
    return fail(ErrorCode::limit, "too many sessions are open; log out of one, or wait");
  constexpr std::size_t token_bytes = 32;
  auto token = random_token(token_bytes);
  if (token) sessions_[*token] = {caller, now};
  return token;
}

Result<control::Caller> Sessions::use(std::string_view token, Instant now, const Rules& rules) {
  drop_expired(now, rules);
  const auto found = sessions_.find(token);
  if (found == sessions_.end())
    return fail(ErrorCode::refused, "the session has ended; log in again");
  found->second.used = now;
  return found->second.caller;
}

void Sessions::close(std::string_view token) {
  if (const auto found = sessions_.find(token); found != sessions_.end()) sessions_.erase(found);
}

void Sessions::close_all(std::string_view user) {
  std::erase_if(sessions_, [&](const auto& entry) { return entry.second.caller.user == user; });
}

void Sessions::drop_expired(Instant now, const Rules& rules) {
  std::erase_if(sessions_, [&](const auto& entry) {
    return seconds_between(entry.second.used, now) > rules.session_idle_s;
  });
}

}  // namespace polyphase::meter
