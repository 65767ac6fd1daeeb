#include "web/live.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "web/answer.hpp"
#include "web/describe.hpp"
#include "web/live_messages.hpp"

namespace polyphase::web {
namespace {

using registers::Cadence;
using registers::Index;

constexpr std::chrono::milliseconds scope_every{200}, events_every{500}, status_every{2'000};
constexpr std::size_t events_page = 100;
constexpr double scope_cycles = 4;
constexpr double frequency_hz_min = 10, frequency_hz_otherwise = 50;

bool due(Live::Clock::time_point& at, Live::Clock::time_point now,
         std::chrono::milliseconds every) {
  if (now < at) return false;
  at = now + every;
  return true;
}

double scope_duration_s(const control::Meter& meter, const control::Caller& caller) {
  const auto index = meter.catalogue()->registers.find("Freq");
  registers::Value frequency;
  if (index) {
    const Index asked[] = {*index};
    if (!meter.values(caller, asked, {&frequency, 1})) frequency = {};
  }
  return scope_cycles /
         (frequency.number >= frequency_hz_min ? frequency.number : frequency_hz_otherwise);
}

}  // namespace

Live::Live(const Context& context) : context_(context) {}

void Live::open(const std::shared_ptr<net::WebSocket>& socket, std::string token,
                const control::SessionInfo& session) {
  Client client;
  client.socket = socket;
  client.token = std::move(token);
  client.caller = session.caller;
  clients_[socket.get()] = std::move(client);
}

void Live::closed(net::WebSocket& socket) {
  clients_.erase(&socket);
  if (std::none_of(clients_.begin(), clients_.end(),
                   [](const auto& entry) { return entry.second.events; }))
    forget_events();
}

void Live::text(net::WebSocket& socket, std::string_view text) {
  const auto found = clients_.find(&socket);
  if (found == clients_.end()) return;
  Client& client = found->second;
  // Whoever subscribes uses the session, as with any other request.
  const auto session = context_.meter.session(client.token);
  if (!session) {
    socket.send(end_message("the session has ended: sign in again"));
    socket.close("session ended");
    return;
  }
  context_.sessions.used(client.token, session->idle_s_max, Clock::now());
  if (const auto done = subscribe(client, text); !done) socket.send(error_message(done.error()));
}

Result<void> Live::subscribe(Client& client, std::string_view text) {
  const auto wanted = parse_subscription(text, labels_max);
  if (!wanted) return tl::unexpected(wanted.error());
  client.labels = wanted->labels;
  client.cadence = wanted->cadence;
  client.scope = wanted->scope;
  client.events = wanted->events;
  client.fresh = !client.labels.empty();
  const std::string unknown = resolve(client, *context_.meter.catalogue(), true);
  if (!unknown.empty()) return fail(ErrorCode::not_found, unknown);
  return {};
}

std::string Live::resolve(Client& client, const control::Catalogue& catalogue, bool tell_units) {
  std::string unknown;
  std::vector<std::string> units;
  client.indices.clear();
  for (const std::string& label : client.labels) {
    const auto index = find_register(catalogue, label);
    if (!index && unknown.empty()) unknown = index.error().message;
    client.indices.push_back(index ? *index : registers::no_register);
    units.push_back(index ? catalogue.registers.info(*index).unit : "");
  }
  if (tell_units || units != client.units) client.socket->send(units_message(units));
  client.units = std::move(units);
  return unknown;
}

void Live::follow_configuration() {
  const auto catalogue = context_.meter.catalogue();
  if (catalogue->version == catalogue_version_) return;
  catalogue_version_ = catalogue->version;
  for (auto& [socket, client] : clients_) resolve(client, *catalogue, false);
}

void Live::push_values(Cadence cadence, bool all) {
  std::map<std::string, std::vector<Client*>> by_user;
  for (auto& [socket, client] : clients_)
    if (client.cadence == cadence && !client.labels.empty() && (all || client.fresh))
      by_user[client.caller.user].push_back(&client);
  for (const auto& [user, clients] : by_user) push_values(clients);
}

/// Of clients of one user: read at once; where that is refused, one by one, so that who asked for
/// what he may not see is told and the others are not.
void Live::push_values(const std::vector<Client*>& clients) {
  std::vector<Index> indices;
  for (const Client* client : clients)
    for (const Index index : client->indices)
      if (index != registers::no_register) indices.push_back(index);
  std::vector<registers::Value> values(indices.size());
  const auto read = context_.meter.values(clients.front()->caller, indices, values);
  if (!read) {
    if (clients.size() > 1)
      for (Client* client : clients) push_values({client});
    else {
      clients.front()->socket->send(error_message(read.error()));
      clients.front()->labels.clear();
      clients.front()->indices.clear();
    }
    return;
  }
  auto next = values.begin();
  for (Client* client : clients) {
    std::vector<registers::Value> own;
    for (const Index index : client->indices)
      own.push_back(index == registers::no_register ? registers::Value{} : *next++);
    client->fresh = false;
    client->socket->send(values_message(own));
  }
}

void Live::push_scope() {
  std::map<std::string, std::string> messages;  // by user: what he may see
  for (auto& [socket, client] : clients_) {
    if (!client.scope) continue;
    auto [message, fresh] = messages.try_emplace(client.caller.user);
    if (fresh) {
      const auto waveform =
          context_.meter.waveform(client.caller, scope_duration_s(context_.meter, client.caller));
      if (waveform && !waveform->frames.empty()) message->second = scope_message(*waveform);
    }
    if (!message->second.empty()) client.socket->send(message->second);
  }
}

/// The worker reads what has come since, as somebody who listens.
void Live::ask_events() {
  const auto listener = std::find_if(clients_.begin(), clients_.end(),
                                     [](const auto& entry) { return entry.second.events; });
  if (listener == clients_.end()) return forget_events();
  const std::lock_guard lock(mail_->mutex);
  if (mail_->asked) return;
  mail_->asked = context_.records.submit([mail = mail_, &meter = context_.meter,
                                          caller = listener->second.caller, next = mail_->next,
                                          turn = mail_->turn] {
    logs::Range range;
    range.newest_first = next < 0;
    range.limit = next < 0 ? 1 : events_page;
    range.number_first = std::max<std::int64_t>(next, 0);
    auto page = meter.events(caller, range);
    const std::lock_guard mail_lock(mail->mutex);
    if (mail->turn != turn) return;
    mail->asked = false;
    if (!page) return;
    if (next < 0)
      mail->next = page->events.empty() ? 1 : page->events.front().number + 1;
    else
      for (logs::Event& event : page->events) {
        mail->next = event.number + 1;
        mail->events.push_back(std::move(event));
      }
  });
}

/// Nobody listens: who comes later hears of what happens from then on.
void Live::forget_events() {
  const std::lock_guard lock(mail_->mutex);
  ++mail_->turn;
  mail_->asked = false;
  mail_->next = -1;
  mail_->events.clear();
}

void Live::push_events() {
  std::vector<logs::Event> events;
  {
    const std::lock_guard lock(mail_->mutex);
    events.swap(mail_->events);
  }
  for (const logs::Event& event : events) {
    const std::string message = event_message(event);
    for (auto& [socket, client] : clients_)
      if (client.events && context_.meter.rights_of(client.caller).has(control::Right::read))
        client.socket->send(message);
  }
}

void Live::push_status() {
  if (clients_.empty()) return;
  const std::string message = status_message(context_.meter.status());
  for (auto& [socket, client] : clients_) client.socket->send(message);
}

void Live::end_expired(Clock::time_point now) {
  for (auto& [socket, client] : clients_) {
    const bool expired = context_.sessions.expired(client.token, now);
    if (!expired && context_.meter.rights_of(client.caller).has(control::Right::read)) continue;
    client.socket->send(end_message(expired ? "the session has ended: sign in again"
                                            : "the right Read Access was taken away"));
    client.socket->close("session ended");
  }
}

void Live::tick(Clock::time_point now) {
  if (clients_.empty()) return;
  follow_configuration();
  for (const Cadence cadence : {Cadence::window, Cadence::second}) {
    std::uint64_t& seen = sequences_[static_cast<std::size_t>(cadence)];
    const std::uint64_t sequence = context_.meter.sequence(cadence);
    push_values(cadence, sequence != seen);
    seen = sequence;
  }
  if (due(scope_due_, now, scope_every)) push_scope();
  if (due(events_due_, now, events_every)) ask_events();
  push_events();
  if (!due(status_due_, now, status_every)) return;
  end_expired(now);
  push_status();
}

void Live::end(std::string_view reason) {
  const std::string message = end_message(reason);
  for (auto& [socket, client] : clients_) {
    client.socket->send(message);
    client.socket->close(std::string(reason));
  }
}

}  // namespace polyphase::web
