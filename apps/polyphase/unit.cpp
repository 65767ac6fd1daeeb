#include "unit.hpp"

#include <fmt/format.h>
#include <sys/stat.h>

#include <chrono>
#include <filesystem>
#include <functional>
#include <utility>

#include "journal.hpp"
#include "meter/log_memory.hpp"
#include "meter/revenue_lock.hpp"
#include "modules/list.hpp"
#include "net/shared_connections.hpp"
#include "protocols/modbus/server.hpp"
#include "store/salvage.hpp"
#include "web/server.hpp"

namespace polyphase::app {
namespace {

using control::ServiceStatus;

Instant wall_clock() {
  return {std::chrono::duration_cast<std::chrono::nanoseconds>(
              std::chrono::system_clock::now().time_since_epoch())
              .count()};
}

// Only its owner looks into a data folder: it holds keys and the hashes of passwords.
Result<std::string> made_folder(const std::string& data, const std::string& name) {
  const std::filesystem::path folder = std::filesystem::path(data) / name;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (!error) std::filesystem::permissions(folder, std::filesystem::perms::owner_all, error);
  if (error)
    return fail(ErrorCode::io,
                fmt::format("the data folder cannot be made: {}; choose another with --data",
                            error.message()),
                folder.string());
  return folder.string();
}

// What a new store has of the damaged one, in words.
std::string taken_over(store::Store& store) {
  const auto salvaged = store::salvage(store);
  if (!salvaged) return "nothing is taken over: " + salvaged.error().text();
  std::string text;
  for (const auto& [kind, count] : salvaged->documents)
    text += fmt::format("{} of kind {}, ", count, kind);
  text = fmt::format("taken over: {}{} retained numbers; not taken over: logs and events{}", text,
                     salvaged->numbers, salvaged->documents_whole ? "" : ", further settings");
  if (salvaged->numbers == 0) text += ", retained numbers";
  if (!salvaged->trouble.empty()) text += fmt::format(" ({})", salvaged->trouble);
  return text + "; check the settings and energies";
}

// A server as something that ends with its last owner.
template <class Server>
Result<std::shared_ptr<void>> started(Result<std::unique_ptr<Server>> server) {
  if (!server) return tl::unexpected(server.error());
  return std::shared_ptr<void>(std::move(*server));
}

}  // namespace

/// Something that listens for others. What `start` gives ends it when it goes.
struct Unit::Service {
  using Started = Result<std::shared_ptr<void>>;
  std::string name = {};
  int port = 0;  ///< of the manual, without offsets
  std::function<Started(const std::string& address, std::uint16_t port)> start = {};
  std::function<bool()> wanted = {};  ///< by the security settings; empty: always
  bool was_wanted = true;
  std::shared_ptr<void> running = {};

  bool is_wanted() const { return !wanted || wanted(); }
};

Unit::Unit(MeterConfig config, UnitOptions options)
    : config_(std::move(config)), options_(std::move(options)) {}

Unit::~Unit() { stop(); }

// The ports are the manual's.
void Unit::list_services(const std::string& folder) {
  meter::Gate& gate = *gate_;
  const auto shared = net::SharedConnections::create();
  services_.push_back(
      {protocols::modbus::service_name, 502,
       [&gate, shared](const std::string& address, std::uint16_t port) {
         return started(protocols::modbus::Server::start(gate, {address, port, shared}));
       }});
  services_.push_back({web::service_name, 443,
                       [&gate, folder](const std::string& address, std::uint16_t port) {
                         web::ServerOptions options;
                         options.address = address;
                         options.port = port;
                         options.certificate_folder = folder;
                         return started(web::Server::start(gate, options));
                       },
                       [&gate] { return gate.web_enabled(); }});
}

Result<std::unique_ptr<Unit>> Unit::create(const MeterConfig& config, const UnitOptions& options) {
  std::unique_ptr<Unit> unit(new Unit(config, options));
  auto samples = Samples::create(config.samples, options.receivers);
  if (!samples) return tl::unexpected(samples.error());
  unit->samples_ = std::move(*samples);
  auto folder = made_folder(options.data, config.name);
  if (!folder) return tl::unexpected(folder.error());
  store::OpenOptions store_options;
  store_options.now = wall_clock();
  store_options.bytes_max = meter::storage_bytes_of(config.tier);
  auto store = store::Store::open(*folder + "/meter.db", store_options);
  if (!store) return tl::unexpected(store.error());
  const store::OpenReport report = (*store)->report();
  std::string saved;
  if (!report.set_aside.empty()) {
    saved = taken_over(**store);
    log(Level::failure, fmt::format("{}: the store was damaged ({}), is set aside as {}; a new one "
                                    "begins: {}",
                                    config.name, report.reason, report.set_aside, saved));
  }

  Samples& source = *unit->samples_;
  meter::GateOptions gate;
  gate.name = config.name;
  gate.version = POLYPHASE_VERSION;
  gate.source = source.description();
  gate.lab = options.lab;
  gate.lock_switch = [place = *folder] { return meter::lock_switch_is_on(place); };
  gate.overrides = options.overrides;
  auto seed = lab::settings_of(source.meter());
  if (!seed) return tl::unexpected(seed.error());
  gate.seed = std::move(*seed);
  gate.seed.insert(gate.seed.end(), config.settings.begin(), config.settings.end());
  gate.make_engine =
      [tier = config.tier](registers::Sinks& sinks) -> Result<std::unique_ptr<graph::Engine>> {
    auto device = modules::device_template(tier);
    if (!device) return tl::unexpected(device.error());
    return graph::Engine::create(*device, modules::list(), sinks);
  };
  gate.open_source = [&source](const std::atomic<bool>& stop) { return source.open(stop); };
  gate.source_note = [&source] { return source.note(); };
  gate.source_waits_for = [&source] { return source.waits_for(); };
  gate.now = wall_clock;
  auto made = meter::Gate::create(std::move(gate), std::move(*store));
  if (!made) return fail(made.error().code, made.error().text(), "meter " + config.name);
  unit->gate_ = std::move(*made);
  unit->list_services(*folder);
  for (const std::string& remark : unit->gate_->remarks())
    log(Level::warning, config.name + ": " + remark);
  if (!report.set_aside.empty()) {
    logs::Event event;
    event.time = wall_clock();
    event.priority = registers::priority::failure;
    event.cause = "Store";
    event.effect = "Set aside";
    event.effect_value = report.set_aside + ": " + report.reason;
    unit->gate_->note_event(event);
    event.effect = "Taken over";
    event.effect_value = saved;
    unit->gate_->note_event(std::move(event));
  }
  return unit;
}

// The start order; the end of it is the same backwards.
void Unit::start() {
  gate_->start();
  log(Level::information, fmt::format("{}: measures {}", config_.name, samples_->description()));
  start_services();
}

void Unit::stop() {
  stop_services();
  if (gate_ == nullptr || std::exchange(stopped_, true)) return;
  gate_->stop();
  if (const std::string note = samples_->note(); !note.empty())
    log(Level::information, config_.name + ": " + note);
}

void Unit::start_services() {
  loopback_only_ = gate_->loopback_only();
  for (Service& service : services_) {
    service.was_wanted = service.is_wanted();
    start_service(service);
  }
}

// Servers keep to loopback themselves while the meter says so, and tell the meter how they are.
void Unit::start_service(Service& service) {
  if (!service.is_wanted()) {
    service.running.reset();
    gate_->note_service(
        {service.name, ServiceStatus::State::off, "", "switched off by the security settings", 0});
    return;
  }
  constexpr int port_max = 65'535;
  const int port = service.port + options_.port_offset + config_.port_offset;
  const std::string name = fmt::format("{}: {} on port {}", config_.name, service.name, port);
  auto started = port <= port_max
                     ? service.start(config_.address, static_cast<std::uint16_t>(port))
                     : Service::Started(fail(
                           ErrorCode::invalid_config,
                           fmt::format("the offsets must leave a port of at most {}", port_max)));
  if (started) {
    service.running = std::move(*started);
    log(Level::information, name);
    return;
  }
  log(Level::warning, fmt::format("{} is not up: {}", name, started.error().text()));
  gate_->note_service({service.name, ServiceStatus::State::failed, fmt::format(":{}", port),
                       started.error().text(), 0});
}

std::string Unit::welcome() const {
  const control::MeterStatus now = gate_->status();
  for (const ServiceStatus& service : now.services) {
    if (service.name != web::service_name || service.state != ServiceStatus::State::up) continue;
    std::string text = fmt::format("\n  {}  https://{}/\n", config_.name, service.address);
    if (now.default_password)
      text += fmt::format(
          "  user USER1, password {}   to be changed: until then only this machine is served\n",
          meter::default_password);
    return text + "  The browser warns of the certificate, which the meter made itself.\n\n";
  }
  return {};
}

void Unit::stop_services() {
  for (auto service = services_.rbegin(); service != services_.rend(); ++service)
    service->running.reset();
}

void Unit::look_after() {
  constexpr int retry_s = 10;
  if (gate_->loopback_only() != loopback_only_) {
    log(Level::notice, config_.name + ": the services now listen where the configuration says");
    stop_services();
    start_services();
  } else if (++seconds_ % retry_s == 0) {
    for (Service& service : services_)
      if (service.running == nullptr && service.is_wanted()) start_service(service);
  }
  for (Service& service : services_) follow_settings(service);
  tell_changes();
}

// In the event log: samples that were there are not any more, or again.
void Unit::note_samples(const std::string& trouble) {
  logs::Event event;
  event.time = wall_clock();
  event.priority = registers::priority::warning;
  event.cause = "Samples";
  event.cause_value = trouble;
  event.effect = trouble.empty() ? "Arrive again" : "Missing";
  gate_->note_event(std::move(event));
}

void Unit::follow_settings(Service& service) {
  if (service.is_wanted() == service.was_wanted) return;
  service.was_wanted = !service.was_wanted;
  log(Level::notice, fmt::format("{}: {} is switched {}", config_.name, service.name,
                                 service.was_wanted ? "on" : "off"));
  start_service(service);
}

void Unit::tell_changes() {
  const control::MeterStatus status = gate_->status();
  std::string source = status.source_running ? "" : status.source_note;
  if (source != source_told_) {
    log(source.empty() ? Level::notice : Level::warning,
        config_.name + ": " + (source.empty() ? "samples arrive" : "no samples: " + source));
    if (source.empty() != source_told_.empty() && source_arrived_) note_samples(source);
    source_arrived_ = source_arrived_ || source.empty();
  }
  source_told_ = std::move(source);
  if (status.store_trouble != store_told_)
    log(status.store_trouble.empty() ? Level::notice : Level::failure,
        config_.name + ": " +
            (status.store_trouble.empty() ? "the store works again" : status.store_trouble));
  store_told_ = status.store_trouble;
}

}  // namespace polyphase::app
