#include "meter/revenue_lock.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>

namespace polyphase::meter {
namespace {

using control::Catalogue;
using control::Command;
using control::Index;
using control::ModuleInfo;

constexpr const char* switch_name = "/revenue-lock";

/// What billing follows from, upstream along the links.
class Billing {
 public:
  explicit Billing(const Catalogue& catalogue)
      : catalogue_(catalogue),
        modules_(catalogue.modules.size()),
        registers_(catalogue.registers.size()) {
    for (std::size_t m = 0; m < modules_.size(); ++m)
      if (is_root(catalogue_.modules[m])) add(m);
  }
  bool has(const Command& command) const {
    if (command.kind == Command::Kind::clock_step) return false;
    if (command.kind == Command::Kind::link) {
      const std::string name = command.target.substr(0, command.target.find('.'));
      for (std::size_t m = 0; m < modules_.size(); ++m)
        if (catalogue_.modules[m].name == name) return modules_[m];
      return false;
    }
    const auto index = catalogue_.registers.find(command.target);
    return index && (registers_[*index] || modules_[catalogue_.owners[*index]]);
  }

 private:
  bool is_demand(const ModuleInfo& module) const { return module.type.ends_with(" Demand"); }
  bool is_root(const ModuleInfo& module) const {
    if (module.type == "Integrator" || is_demand(module)) return true;
    if (module.type == "Data Recorder") {
      const auto log = catalogue_.registers.find("Billing Log");
      return log && catalogue_.owner(*log).name == module.name;
    }
    return module.type == "Maximum" && !module.inputs.empty() &&
           module.inputs[0].source != registers::no_register &&
           is_demand(catalogue_.owner(module.inputs[0].source));
  }
  void add(std::size_t at) {
    if (modules_[at]) return;
    modules_[at] = true;
    for (const control::InputInfo& input : catalogue_.modules[at].inputs) {
      if (input.source == registers::no_register) continue;
      const std::size_t owner = catalogue_.owners[input.source];
      if (catalogue_.modules[owner].protection == control::Protection::clock) continue;
      // A setting that a module looks at is billing; others of the module that has it are not.
      if (catalogue_.registers.info(input.source).role == registers::Role::setup)
        registers_[input.source] = true;
      else
        add(owner);
    }
  }

  const Catalogue& catalogue_;
  std::vector<bool> modules_, registers_;
};

}  // namespace

bool is_billing(const Catalogue& catalogue, const Command& command) {
  return Billing(catalogue).has(command);
}

bool lock_switch_is_on(const std::string& folder) {
  std::error_code error;
  if (!std::filesystem::exists(folder + switch_name, error) && !error) return false;
  std::ifstream file(folder + switch_name, std::ios::binary);
  const std::string state{std::istreambuf_iterator<char>(file), {}};
  return state != "off\n";
}

// Written beside and renamed, so that a power cut leaves the one or the other.
Result<void> turn_lock_switch(const std::string& folder, bool on) {
  std::error_code error;
  if (!std::filesystem::exists(folder + "/meter.db", error))
    return fail(ErrorCode::not_found,
                "no meter keeps its data there; name the data folder with --data", folder);
  const std::string path = folder + switch_name, fresh = path + ".new";
  const std::string text = on ? "on\n" : "off\n";
  const int file = ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  const bool written =
      file >= 0 && ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file) == 0;
  const int why = errno;
  if (file >= 0) (void)::close(file);
  if (!written)
    return fail(ErrorCode::io,
                std::string("cannot be written (") + std::strerror(why) +
                    "); the owner of the data folder turns the lock",
                fresh);
  std::filesystem::rename(fresh, path, error);
  if (error) return fail(ErrorCode::io, error.message(), path);
  return {};
}

}  // namespace polyphase::meter
