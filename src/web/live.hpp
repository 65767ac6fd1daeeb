#pragma once

#include <array>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "net/websocket.hpp"
#include "web/call.hpp"

namespace polyphase::web {

/// Pushes values, waveforms, events and the status to those who listen. One thread (the server's)
/// calls it; what stands still is not read, and what several listen to is read once for all of a
/// user.
class Live {
 public:
  using Clock = std::chrono::steady_clock;
  static constexpr std::size_t labels_max = 500;  ///< of one client

  explicit Live(const Context& context);

  void open(const std::shared_ptr<net::WebSocket>& socket, std::string token,
            const control::SessionInfo& session);
  /// A subscription. What is wrong with it is answered {"type":"error"}; the connection stays.
  void text(net::WebSocket& socket, std::string_view text);
  void closed(net::WebSocket& socket);
  void tick(Clock::time_point now);
  /// {"type":"end"} and a close to everybody.
  void end(std::string_view reason);
  std::size_t clients() const { return clients_.size(); }

 private:
  struct Client {
    std::shared_ptr<net::WebSocket> socket;
    std::string token;
    control::Caller caller;
    std::vector<std::string> labels;
    registers::Cadence cadence = registers::Cadence::second;
    bool scope = false, events = false;
    bool fresh = false;                     ///< has not got the values it subscribed to yet
    std::vector<registers::Index> indices;  ///< no_register: no such label
    std::vector<std::string> units;
  };
  /// What the worker read of the event log; shared, as it may still be at it when we are gone.
  struct EventMail {
    std::mutex mutex;
    bool asked = false;
    std::uint64_t turn = 0;  ///< an answer to a question of an earlier turn is thrown away
    std::int64_t next = -1;  ///< number to go on from; -1: from the newest
    std::vector<logs::Event> events;
  };

  Result<void> subscribe(Client& client, std::string_view text);
  /// Looks the labels up again; tells the units when they are others than before.
  std::string resolve(Client& client, const control::Catalogue& catalogue, bool tell_units);
  void follow_configuration();
  void push_values(registers::Cadence cadence, bool all);
  void push_values(const std::vector<Client*>& clients);
  void push_scope();
  void ask_events();
  void push_events();
  void forget_events();
  void push_status();
  void end_expired(Clock::time_point now);

  const Context& context_;
  std::map<net::WebSocket*, Client> clients_;
  std::uint64_t catalogue_version_ = 0;
  std::array<std::uint64_t, registers::cadence_count> sequences_{};
  Clock::time_point scope_due_{}, events_due_{}, status_due_{};
  std::shared_ptr<EventMail> mail_ = std::make_shared<EventMail>();
};

}  // namespace polyphase::web
