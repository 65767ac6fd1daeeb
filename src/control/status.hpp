#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/time.hpp"

namespace polyphase::control {

/// One service of the daemon, as far as it concerns a meter.
struct ServiceStatus {
  enum class State : std::uint8_t { off, starting, up, failed };
  std::string name;  ///< "Modbus TCP"
  State state = State::off;
  std::string address;  ///< "127.0.0.1:10502"; empty: none
  std::string reason;   ///< why it is not up, and what to do; or what is remarkable about it
  std::uint32_t connections = 0;
};

/// What one log may grow to, as it is set up.
struct LogMemory {
  std::string module, log;  ///< "DR1", "Billing Log"
  std::size_t columns = 0;
  std::int64_t depth = 0, buffer_depth = 0;
  std::int64_t storage_bytes = 0;  ///< of `depth` records in the store
  std::int64_t buffer_bytes = 0;   ///< of `buffer_depth` records that wait for it
};

/// What all logs take of what the meter's tier has for them.
struct MemoryStatus {
  std::int64_t recorders = 0, recorders_max = 0;
  std::int64_t channels = 0, channels_max = 0;  ///< columns of all recorders
  std::int64_t storage_bytes = 0, storage_bytes_max = 0;
  std::int64_t system_bytes = 0;  ///< of the storage, for everything that is no log
  std::int64_t buffer_bytes = 0, buffer_bytes_max = 0;
  std::vector<LogMemory> logs;
};

struct MeterStatus {
  std::string name;     ///< of the meter, as configured
  std::string version;  ///< of the program
  std::string tier;
  Instant started;
  Instant last_second;  ///< end of the last one-second interval; 0: none yet
  std::string source;   ///< "simulated feeder", "eth0:MU01"
  bool source_running = false;
  bool source_ended = false;   ///< for good
  std::string source_note;  ///< balance of the samples, or why there are none
  bool clock_synchronised = false;
  bool frequency_locked = false;
  bool default_password = false;
  std::int64_t store_bytes = 0, store_bytes_max = 0;
  std::string store_trouble;       ///< full disk, set aside, …; empty: none
  std::uint64_t records_lost = 0;  ///< that could not be kept
  std::int64_t events_unread = 0;  ///< by the designated reader; 0 where there is none
  bool revenue_locked = false;
  bool revenue_lock_pending = false;  ///< the switch was turned, the next start follows it
  std::vector<ServiceStatus> services;
};

}  // namespace polyphase::control
