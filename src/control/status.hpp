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
  std::vector<ServiceStatus> services;
};

}  // namespace polyphase::control
