#include "meter/rules.hpp"

#include <fmt/format.h>

#include <charconv>

namespace polyphase::meter {
namespace {

using control::Catalogue;
using control::Face;
using control::Right;
using control::Rights;

class Settings {
 public:
  Settings(const Catalogue& catalogue, const control::ModuleInfo& module)
      : catalogue_(catalogue), module_(module) {}

  double operator[](std::string_view name) const {
    for (control::Index i = 0; i < module_.setup_count; ++i) {
      const control::Index index = module_.first_setup + i;
      if (catalogue_.registers.info(index).name == name)
        return catalogue_.registers.value(index).number;
    }
    return 0;
  }

 private:
  const Catalogue& catalogue_;
  const control::ModuleInfo& module_;
};

Rules::User user_of(const Settings& settings) {
  Rules::User user;
  user.enabled = settings["Enabled"] == 1;
  for (std::size_t r = 0; r < control::right_count; ++r)
    if (settings[control::right_names[r]] == 1)
      user.rights = user.rights.with(static_cast<Right>(r));
  if (!user.rights.has(Right::read)) user.rights = {};
  return user;
}

void read_options(const Settings& settings, Rules& rules) {
  const auto attempts = [&](Face face, const char* name) {
    rules.lock_attempts[static_cast<std::size_t>(face)] =
        static_cast<unsigned>(settings[fmt::format("{} Lock Attempts", name)]);
  };
  attempts(Face::ion, "ION");
  attempts(Face::web, "Web");
  attempts(Face::ssh, "SSH");
  attempts(Face::factory, "Factory");
  attempts(Face::panel, "Front Panel");
  constexpr double minute_s = 60;
  rules.lockout_s = settings["Lockout Duration"] * minute_s;
  rules.session_idle_s = settings["Session Timeout"] * minute_s;
  rules.valid_login_priority = static_cast<std::uint8_t>(settings["Valid Login Priority"]);
  rules.invalid_login_priority = static_cast<std::uint8_t>(settings["Invalid Login Priority"]);
  rules.lockout_priority = static_cast<std::uint8_t>(settings["Lockout Priority"]);
  rules.password.size_min = static_cast<std::size_t>(settings["Min Password Length"]);
  rules.password.complexity =
      static_cast<PasswordRules::Complexity>(static_cast<int>(settings["Password Complexity"]));
  rules.web = settings["Enable Web"] == 1;
  rules.web_programming = settings["Web Programming"] == 1;
  rules.panel_programming = settings["Front Panel Programming"] == 1;
  constexpr int read_only = 1, read_write = 2;
  const int access = static_cast<int>(settings["Modbus Access"]);
  if (access >= read_only) rules.modbus = Rights::only(Right::read);
  if (access == read_write) rules.modbus = rules.modbus.with(Right::full_config);
}

}  // namespace

Rules rules_of(const Catalogue& catalogue) {
  Rules rules;
  for (const control::ModuleInfo& module : catalogue.modules) {
    const Settings settings(catalogue, module);
    if (module.type == "Security Options") read_options(settings, rules);
    if (module.type == "Event Log Controller" && settings["Designated Reader"] > 0)
      rules.designated_reader = fmt::format("USER{}", settings["Designated Reader"]);
    if (module.type != "Security User" || !module.name.starts_with("SU")) continue;
    const unsigned n = user_number("USER" + module.name.substr(2));
    if (n < users_max) rules.users[n] = user_of(settings);
  }
  return rules;
}

unsigned user_number(std::string_view name) {
  constexpr std::string_view prefix = "USER";
  if (!name.starts_with(prefix)) return users_max;
  name.remove_prefix(prefix.size());
  unsigned number = 0;
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool good = error == std::errc{} && end == name.data() + name.size() && name[0] != '0';
  return good && number >= 1 && number <= users_max ? number - 1 : users_max;
}

}  // namespace polyphase::meter
