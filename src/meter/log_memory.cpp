#include "meter/log_memory.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/logs.hpp"
#include "recorder/message.hpp"
#include "recorder/recorder.hpp"
#include "registers/value_text.hpp"

namespace polyphase::meter {
namespace {

using control::Catalogue;
using control::Command;
using control::Index;
using control::LogMemory;
using control::MemoryStatus;
using control::ModuleInfo;

constexpr std::int64_t megabyte = 1 << 20;

struct Tier {
  std::string_view name;
  std::int64_t recorders, channels, storage_bytes;
};

// Requirements TIR-020 to TIR-022.
constexpr std::array tiers{
    Tier{"ESSENTIAL", 10, 500, 64 * megabyte},
    Tier{"STANDARD", 50, 2'500, 512 * megabyte},
    Tier{"ADVANCED", 64, 3'200, 512 * megabyte},
};
// Of the storage: settings, retained numbers, the log of changes, pages that are not full.
constexpr std::int64_t system_share = 8;

constexpr const char* recorder_type = "Data Recorder";
constexpr const char* events_type = "Event Log Controller";

std::int64_t setting(const Catalogue& catalogue, const ModuleInfo& module, std::string_view name) {
  for (Index i = module.first_setup; i < module.first_setup + module.setup_count; ++i)
    if (catalogue.registers.info(i).name == name)
      return static_cast<std::int64_t>(catalogue.registers.value(i).number);
  return 0;
}

std::string log_name(const Catalogue& catalogue, const ModuleInfo& module) {
  for (Index i = module.first_output; i < module.first_output + module.output_count; ++i) {
    const registers::RegisterInfo& info = catalogue.registers.info(i);
    if (info.type == registers::RegisterType::log && !info.label.empty()) return info.label;
  }
  return module.name;
}

LogMemory memory_of_recorder(const Catalogue& catalogue, const ModuleInfo& module) {
  LogMemory memory{module.name, log_name(catalogue, module)};
  memory.columns = static_cast<std::size_t>(
      std::count_if(module.inputs.begin(), module.inputs.end(), [](const auto& input) {
        return (input.name.starts_with("Source ") || input.name == "Flag") &&
               input.source != registers::no_register;
      }));
  memory.depth = setting(catalogue, module, "Depth");
  memory.buffer_depth = setting(catalogue, module, "Buffer Depth");
  memory.storage_bytes = memory.depth * logs::bytes_of_record(memory.columns);
  memory.buffer_bytes =
      (memory.buffer_depth + setting(catalogue, module, "Pre-trigger Records")) *
      static_cast<std::int64_t>(recorder::waiting_bytes_of_record(memory.columns));
  return memory;
}

LogMemory memory_of_events(const Catalogue& catalogue, const ModuleInfo& module) {
  LogMemory memory{module.name, logs::event_log_name};
  memory.depth = setting(catalogue, module, "EvLog Depth");
  memory.storage_bytes = memory.depth * logs::bytes_of_event;
  return memory;
}

const Tier& tier_of(const Catalogue& catalogue) {
  for (const ModuleInfo& module : catalogue.modules)
    if (module.type == "Factory")
      return tiers[static_cast<std::size_t>(std::clamp<std::int64_t>(
          setting(catalogue, module, "Feature Set"), 0, tiers.size() - 1))];
  return tiers.back();
}

std::string megabytes(std::int64_t bytes) {
  return fmt::format("{:.1f} MB", static_cast<double>(bytes) / static_cast<double>(megabyte));
}

std::string largest(const MemoryStatus& memory, std::int64_t LogMemory::*bytes) {
  const auto most =
      std::max_element(memory.logs.begin(), memory.logs.end(),
                       [&](const auto& a, const auto& b) { return a.*bytes < b.*bytes; });
  return fmt::format("{} of {} ({})", megabytes((*most).*bytes), most->log, most->module);
}

struct Overrun {
  std::int64_t wanted, available;
  std::string message;
};

std::array<Overrun, 4> overruns(const MemoryStatus& memory) {
  const std::int64_t storage = memory.storage_bytes_max - memory.system_bytes;
  return {
      Overrun{memory.recorders, memory.recorders_max,
              fmt::format("{} data recorders are more than the {} that this tier has; remove some, "
                          "or choose another tier",
                          memory.recorders, memory.recorders_max)},
      Overrun{memory.channels, memory.channels_max,
              fmt::format("{} sources of data recorders are more than the {} that this tier has; "
                          "unlink some",
                          memory.channels, memory.channels_max)},
      Overrun{memory.storage_bytes, storage,
              fmt::format("insufficient memory: the logs would take {} of the store's {}; the most "
                          "is {}; reduce the depth of this or another log",
                          megabytes(memory.storage_bytes), megabytes(storage),
                          memory.logs.empty() ? "" : largest(memory, &LogMemory::storage_bytes))},
      Overrun{memory.buffer_bytes, memory.buffer_bytes_max,
              fmt::format("insufficient memory: the buffers of the logs would take {} of {}; the "
                          "most is {}; reduce the Buffer Depth of this or another log",
                          megabytes(memory.buffer_bytes), megabytes(memory.buffer_bytes_max),
                          memory.logs.empty() ? "" : largest(memory, &LogMemory::buffer_bytes))},
  };
}

// The module that a change is about, where it is one that keeps a log.
const ModuleInfo* log_module(const Catalogue& catalogue, const Command& command) {
  const ModuleInfo* module = nullptr;
  if (command.kind == Command::Kind::link)
    module =
        catalogue.find_module(std::string_view(command.target).substr(0, command.target.find('.')));
  else if (const auto index = catalogue.registers.find(command.target);
           command.kind == Command::Kind::write && index)
    module = &catalogue.owner(*index);
  const bool keeps =
      module != nullptr && (module->type == recorder_type || module->type == events_type);
  return keeps ? module : nullptr;
}

Result<Catalogue> changed(const Catalogue& catalogue, const Command& command) {
  Catalogue after = catalogue;
  if (command.kind == Command::Kind::write) {
    const Index index = *after.registers.find(command.target);
    const registers::RegisterInfo& info = after.registers.info(index);
    if (info.type == registers::RegisterType::string) return after;
    auto number = registers::parse_value(info, command.value);
    if (!number) return tl::unexpected(number.error());
    after.registers.value(index).number = *number;
    return after;
  }
  const std::size_t dot = command.target.find('.');
  for (ModuleInfo& module : after.modules)
    if (module.name == command.target.substr(0, dot))
      for (control::InputInfo& input : module.inputs)
        if (dot != std::string::npos && input.name == command.target.substr(dot + 1))
          input.source = after.registers.find(command.value).value_or(registers::no_register);
  return after;
}

}  // namespace

std::int64_t storage_bytes_of(std::string_view tier) {
  const auto same = [](char a, char b) { return a == b || (b >= 'a' && a == b - 'a' + 'A'); };
  for (const Tier& each : tiers)
    if (std::equal(each.name.begin(), each.name.end(), tier.begin(), tier.end(), same))
      return each.storage_bytes;
  return 0;
}

MemoryStatus log_memory_of(const Catalogue& catalogue) {
  const Tier& tier = tier_of(catalogue);
  MemoryStatus memory;
  memory.recorders_max = tier.recorders;
  memory.channels_max = tier.channels;
  memory.storage_bytes_max = tier.storage_bytes;
  memory.system_bytes = tier.storage_bytes / system_share;
  memory.buffer_bytes_max = static_cast<std::int64_t>(recorder::ring_bytes_default);
  for (const ModuleInfo& module : catalogue.modules) {
    if (module.type == events_type) memory.logs.push_back(memory_of_events(catalogue, module));
    if (module.type != recorder_type) continue;
    memory.logs.push_back(memory_of_recorder(catalogue, module));
    ++memory.recorders;
  }
  for (const LogMemory& log : memory.logs) {
    memory.channels += static_cast<std::int64_t>(log.columns);
    memory.storage_bytes += log.storage_bytes;
    memory.buffer_bytes += log.buffer_bytes;
  }
  return memory;
}

Result<void> check_log_memory(const MemoryStatus& memory) {
  for (const Overrun& overrun : overruns(memory))
    if (overrun.wanted > overrun.available) return fail(ErrorCode::invalid_config, overrun.message);
  return {};
}

bool changes_log_memory(const Catalogue& catalogue, const Command& command) {
  return log_module(catalogue, command) != nullptr;
}

Result<void> check_log_memory_after(const Catalogue& catalogue, const Command& command) {
  const auto after = changed(catalogue, command);
  if (!after) return tl::unexpected(after.error());
  const auto now = overruns(log_memory_of(catalogue)), then = overruns(log_memory_of(*after));
  for (std::size_t i = 0; i < then.size(); ++i)
    if (then[i].wanted > then[i].available && then[i].wanted > now[i].wanted)
      return fail(ErrorCode::invalid_config, then[i].message);
  return {};
}

}  // namespace polyphase::meter
