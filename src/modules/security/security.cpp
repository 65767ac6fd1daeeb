#include "modules/security/security.hpp"

#include "control/access.hpp"
#include "graph/describe.hpp"

namespace polyphase::modules::security {
namespace {

namespace describe = graph::describe;
constexpr unsigned users_max = 50;
constexpr double minutes_max = 43'200;  // 30 days

graph::SetupDescriptor attempts(const char* face, double initial) {
  return describe::number(std::string(face) + " Lock Attempts", "", 0, 255, initial,
                          "wrong logins after which a user is locked out; 0: never");
}

graph::ModuleDescriptor describe_options() {
  graph::ModuleDescriptor d;
  d.type = "Security Options";
  d.number = 50;
  d.core = true;
  d.instances_max = 1;
  d.protection = graph::Protection::security;
  d.cadence = graph::Cadence::second;
  d.help = "What protocols and faces may do, lockout, and the priorities of access events.";
  d.setups = {
      describe::toggle("Enable Web", true, "web pages are served"),
      describe::toggle("Web Programming", false, "settings may be changed by web pages"),
      describe::toggle("Front Panel Programming", true, "settings may be changed at the panel"),
      describe::choice("Modbus Access", {"NONE", "READ ONLY", "READ-WRITE"}, 1,
                       "of masters, who name no user"),
      describe::toggle("Broadcast Time Sync", true, "time that is broadcast may set the clock"),
      attempts("ION", 8),
      attempts("Web", 8),
      attempts("SSH", 8),
      attempts("Factory", 8),
      attempts("Front Panel", 8),
      describe::number("Lockout Duration", "min", 1, minutes_max, 1'440,
                       "for how long a user stays locked out"),
      describe::number("Session Timeout", "min", 1, minutes_max, 5,
                       "idle time after which a session ends"),
      describe::number("Valid Login Priority", "", 0, 255, 0, "of the event"),
      describe::number("Invalid Login Priority", "", 0, 255, 128, "of the event"),
      describe::number("Lockout Priority", "", 0, 255, 255, "of the event"),
      describe::number("Min Password Length", "", 1, 16, 1,
                       "at least 6 where a complexity is asked for"),
      describe::choice("Password Complexity", {"NONE", "IEEE 1686", "NERC CIP-007"}, 0,
                       "what a new password must hold"),
  };
  d.events = {describe::setup_event()};
  return d;
}

graph::ModuleDescriptor describe_user() {
  graph::ModuleDescriptor d;
  d.type = "Security User";
  d.number = 51;
  d.core = true;
  d.instances_max = users_max;
  d.protection = graph::Protection::security;
  d.cadence = graph::Cadence::second;
  d.help = "One account and its rights: instance n is USERn.";
  d.setups = {describe::toggle("Enabled", false, "the user may log in, once it has a password")};
  for (const char* right : control::right_names)
    d.setups.push_back(describe::toggle(right, false, "of no effect without Read Access"));
  d.events = {describe::setup_event()};
  return d;
}

class Settings final : public graph::Module {
 public:
  explicit Settings(bool options) : options_(options) {}

  Result<void> configure(const graph::Setup& setup) override {
    constexpr std::size_t length = 15, complexity = 16;
    constexpr double length_with_complexity = 6;
    if (options_ && setup.choice(complexity) != 0 && setup.number(length) < length_with_complexity)
      return fail(ErrorCode::invalid_config,
                  "with a Password Complexity, Min Password Length is at least 6");
    return {};
  }
  void run(graph::Step&) noexcept override {}

 private:
  bool options_;
};

}  // namespace

const graph::ModuleDescriptor& options_descriptor() {
  static const graph::ModuleDescriptor d = describe_options();
  return d;
}
std::unique_ptr<graph::Module> create_options() { return std::make_unique<Settings>(true); }

const graph::ModuleDescriptor& user_descriptor() {
  static const graph::ModuleDescriptor d = describe_user();
  return d;
}
std::unique_ptr<graph::Module> create_user() { return std::make_unique<Settings>(false); }

}  // namespace polyphase::modules::security
