#include "web/sessions.hpp"

namespace polyphase::web {

void Sessions::forget_expired(Clock::time_point now) {
  std::erase_if(sessions_, [now](const auto& entry) {
    return now - entry.second.used > entry.second.idle_max;
  });
}

bool Sessions::open(const std::string& token, int idle_s_max, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  forget_expired(now);
  if (sessions_.size() >= sessions_max) return false;
  sessions_[token] = {now, std::chrono::seconds(idle_s_max)};
  return true;
}

void Sessions::used(const std::string& token, int idle_s_max, Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(token);
  if (found == sessions_.end() && sessions_.size() >= sessions_max) forget_expired(now);
  // A session that was opened before this server was restarted counts from its first use.
  if (found != sessions_.end() || sessions_.size() < sessions_max)
    sessions_[token] = {now, std::chrono::seconds(idle_s_max)};
}

void Sessions::close(const std::string& token) {
  const std::lock_guard lock(mutex_);
  sessions_.erase(token);
}

bool Sessions::expired(const std::string& token, Clock::time_point now) const {
  const std::lock_guard lock(mutex_);
  const auto found = sessions_.find(token);
  return found == sessions_.end() || now - found->second.used > found->second.idle_max;
}

bool Sessions::full(Clock::time_point now) {
  const std::lock_guard lock(mutex_);
  forget_expired(now);
  return sessions_.size() >= sessions_max;
}

}  // namespace polyphase::web
