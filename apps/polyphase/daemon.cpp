#include "daemon.hpp"

#include <fmt/format.h>
#include <pthread.h>

#include <algorithm>
#include <csignal>
#include <ctime>

#include "journal.hpp"

namespace polyphase::app {
namespace {

// Held back in every thread, so that only wait() below gets them.
class Signals {
 public:
  Signals() {
    ::sigemptyset(&set_);
    ::sigaddset(&set_, SIGINT);
    ::sigaddset(&set_, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &set_, nullptr);
  }
  // True: somebody wants an end.
  bool wait_a_second() const {
    const timespec second{1, 0};
    return ::sigtimedwait(&set_, nullptr, &second) > 0;
  }

 private:
  sigset_t set_{};
};

}  // namespace

Result<void> run_daemon(const DaemonOptions& options) {
  const Signals signals;
  const auto receivers = std::make_shared<Receivers>();
  std::vector<std::unique_ptr<Unit>> units;
  for (const MeterConfig& meter : options.config.meters) {
    auto unit = Unit::create(meter, {options.data, options.config.port_offset, options.config.lab,
                                     options.overrides, receivers});
    if (!unit) return tl::unexpected(unit.error());
    units.push_back(std::move(*unit));
  }
  // The start order; the end of it is the same backwards.
  for (const auto& unit : units) unit->start();
  tell_supervisor("READY=1");
  if (options.greet)
    for (const auto& unit : units) options.greet(unit->welcome());

  const auto ended = [](const auto& unit) { return unit->status().source_ended; };
  while (!signals.wait_a_second()) {
    for (const auto& unit : units) unit->look_after();
    if (options.end_with_samples && std::all_of(units.begin(), units.end(), ended)) break;
  }
  tell_supervisor("STOPPING=1");
  log(Level::notice, "stops; everything measured is written");
  for (auto unit = units.rbegin(); unit != units.rend(); ++unit) (*unit)->stop();
  return {};
}

}  // namespace polyphase::app
