#pragma once

#include <memory>
#include <string>
#include <vector>

#include "config.hpp"
#include "meter/gate.hpp"
#include "samples.hpp"

namespace polyphase::app {

/// What all meters of a process share.
struct UnitOptions {
  std::string data;  ///< folder; each meter's own is in it
  int port_offset = 0;
  bool lab = false;
  lab::Settings overrides;  ///< hold over the store and are not kept
  std::shared_ptr<Receivers> receivers;
};

/// One meter and everything that serves it.
class Unit {
 public:
  /// Opens the store and makes the meter.
  /// errors  those of Samples::create, Store::open and Gate::create
  static Result<std::unique_ptr<Unit>> create(const MeterConfig& config,
                                              const UnitOptions& options);
  ~Unit();

  void start();
  /// About once a second: services that must listen elsewhere or did not come up, and what changed.
  void look_after();
  void stop();
  control::MeterStatus status() const { return gate_->status(); }
  /// What a person needs to open it; empty while the page is not served.
  std::string welcome() const;
  const std::string& name() const { return config_.name; }

 private:
  struct Service;
  Unit(MeterConfig config, UnitOptions options);
  void list_services(const std::string& folder);
  void start_services();
  void start_service(Service& service);
  void follow_settings(Service& service);
  void stop_services();
  void tell_changes();
  void note_samples(const std::string& trouble);

  const MeterConfig config_;
  const UnitOptions options_;
  std::unique_ptr<Samples> samples_;
  std::unique_ptr<meter::Gate> gate_;
  std::vector<Service> services_;
  bool loopback_only_ = true;
  bool stopped_ = false;
  int seconds_ = 0;
  bool source_arrived_ = false;  ///< at least once
  std::string source_told_ = "waits for samples", store_told_;
};

}  // namespace polyphase::app
