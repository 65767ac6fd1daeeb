#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>

namespace polyphase::control {

/// The seven permissions of a user.
enum class Right : std::uint8_t {
  time_sync,  ///< set the clock and its synchronisation
  read,       ///< see everything but the security configuration
  peak_demand_reset,
  comm_config,
  test_mode,
  full_config,      ///< configure the meter, make other resets
  security_config,  ///< see and change users, protocols, ports
};
inline constexpr std::size_t right_count = 7;
inline constexpr std::array<const char*, right_count> right_names{
    "Time Sync Access",      "Read Access",      "Peak Demand Reset Access",
    "Comm Config Access",    "Test Mode Access", "Full Meter Config Access",
    "Security Config Access"};

class Rights {
 public:
  constexpr Rights() = default;
  static constexpr Rights all() { return Rights((1u << right_count) - 1); }
  static constexpr Rights only(Right right) { return Rights(bit(right)); }
  constexpr bool has(Right right) const { return (bits_ & bit(right)) != 0; }
  constexpr Rights with(Right right) const { return Rights(bits_ | bit(right)); }
  constexpr Rights without(Right right) const { return Rights(bits_ & ~bit(right)); }
  friend constexpr bool operator==(Rights, Rights) = default;

 private:
  constexpr explicit Rights(unsigned bits) : bits_(static_cast<std::uint8_t>(bits)) {}
  static constexpr unsigned bit(Right right) { return 1u << static_cast<unsigned>(right); }
  std::uint8_t bits_ = 0;
};

/// By which way somebody asks. Failed logins are counted, and users locked out, by it.
enum class Face : std::uint8_t { ion, web, ssh, factory, panel, modbus, local };
inline constexpr std::size_t face_count = 7;
inline constexpr std::array<const char*, face_count> face_names{
    "ION", "web", "SSH", "factory", "front panel", "Modbus", "local"};

/// Who asks. The gate hands it out (log_in, caller_of, anonymous) and looks up what he may do each
/// time he asks, so that a right that was taken away is gone at once.
struct Caller {
  std::string
      user;  ///< "USER1"; empty: a protocol without users, with the rights its setting gives
  Face face = Face::local;
};

}  // namespace polyphase::control
