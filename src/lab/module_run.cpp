#include "lab/module_run.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "graph/module_bench.hpp"
#include "lab/session.hpp"
#include "modules/list.hpp"
#include "text/csv.hpp"

namespace polyphase::lab {
namespace {

using graph::Cadence;
using graph::ModuleDescriptor;
using graph::RegisterType;

const char* word(RegisterType type) {
  switch (type) {
    case RegisterType::numeric:
      return "numeric";
    case RegisterType::numeric_bounded:
      return "numeric bounded";
    case RegisterType::boolean:
      return "Boolean";
    case RegisterType::enumerated:
      return "enumerated";
    case RegisterType::string:
      return "string";
    case RegisterType::pulse:
      return "pulse";
    case RegisterType::event:
      return "event";
    case RegisterType::log:
      return "log";
    case RegisterType::waveform:
      return "waveform";
    case RegisterType::dataset:
      return "data set";
  }
  return "";
}

const char* word(Cadence cadence) {
  switch (cadence) {
    case Cadence::half_cycle:
      return "every half cycle";
    case Cadence::window:
      return "every 10 or 12 cycles";
    case Cadence::second:
      return "every second";
    case Cadence::none:
      return "at the speed of its source";
  }
  return "";
}

std::string cell(std::string text) {
  for (std::size_t at = 0; (at = text.find('|', at)) != std::string::npos; at += 2)
    text.replace(at, 1, "\\|");
  return text;
}

/// How many modules of a type the templates have, by tier.
class Supplied {
 public:
  Supplied() {
    for (std::size_t t = 0; t < tiers.size(); ++t)
      if (const auto device = modules::device_template(tiers[t].first))
        for (const graph::TemplateModule& module : device->modules) ++counts_[module.type][t];
  }
  std::string line(const std::string& type) const {
    const auto found = counts_.find(type);
    if (found == counts_.end()) return "As supplied: none.";
    std::string out = "As supplied:";
    for (std::size_t t = 0; t < tiers.size(); ++t) {
      const unsigned count = found->second[t];
      out += fmt::format("{} {} {}", t == 0 ? "" : ",", tiers[t].second,
                         count == 0 ? "none" : fmt::format("{}", count));
    }
    return out + ".";
  }

 private:
  static constexpr std::array tiers{std::pair{"essential", "Essential"},
                                    std::pair{"standard", "Standard"},
                                    std::pair{"advanced", "Advanced"}};
  std::map<std::string, std::array<unsigned, tiers.size()>> counts_;
};

std::string page_of(const ModuleDescriptor& d, const Supplied& supplied) {
  std::string out = fmt::format("## {}\n\n{}\n\nType {}. Runs {}. At most {}{}. {}\n", d.type,
                                d.help, d.number, word(d.cadence), d.instances_max,
                                d.core ? "; core: a user cannot remove what is supplied" : "",
                                supplied.line(d.type));
  if (!d.inputs.empty()) {
    out += "\n| input | type | | |\n|---|---|---|---|\n";
    for (const auto& i : d.inputs)
      out += fmt::format("| {} | {}{} | {} | {} |\n", cell(i.name), word(i.type),
                         i.dataset.empty() ? "" : " \"" + i.dataset + "\"",
                         i.mandatory    ? "mandatory"
                         : i.setup_link ? "setup register"
                                        : "optional",
                         cell(i.help));
  }
  if (!d.setups.empty()) {
    out += "\n| setup register | type | values | default | |\n|---|---|---|---|---|\n";
    for (const auto& s : d.setups) {
      std::string values, initial;
      if (s.type == RegisterType::enumerated) {
        values = fmt::format("{}", fmt::join(s.choices, ", "));
        initial = s.choices.empty() ? "" : s.choices[static_cast<std::size_t>(s.initial)];
      } else if (s.type == RegisterType::string) {
        initial = s.initial_text;
      } else if (s.type == RegisterType::boolean) {
        values = "on, off";
        initial = s.initial != 0 ? "on" : "off";
      } else {
        const std::string numbers = s.choices.empty()
                                        ? fmt::format("{} to {}", s.minimum, s.maximum)
                                        : fmt::format("{}", fmt::join(s.choices, ", "));
        values = fmt::format("{}{}{}", numbers, s.unit.empty() ? "" : " ", s.unit);
        initial = fmt::format("{}", s.initial);
      }
      out += fmt::format("| {} | {} | {} | {} | {} |\n", cell(s.name), word(s.type), cell(values),
                         cell(initial), cell(s.help));
    }
  }
  if (!d.outputs.empty()) {
    out += "\n| output | type | unit | |\n|---|---|---|---|\n";
    for (const auto& o : d.outputs)
      out += fmt::format("| {} | {}{} | {} | {} |\n", cell(o.name), word(o.type),
                         o.dataset.empty() ? "" : " \"" + o.dataset + "\"", o.unit, cell(o.help));
  }
  if (!d.events.empty()) {
    out += "\n| event | priority | |\n|---|---|---|\n";
    for (const auto& e : d.events)
      out +=
          fmt::format("| {} | {} | {} |\n", cell(e.name),
                      e.priority < 0 ? "EvPriority" : fmt::format("{}", e.priority), cell(e.help));
  }
  if (!d.retained.empty()) {
    constexpr std::size_t listed_max = 100;
    const bool all = d.retained.size() <= listed_max;
    out += fmt::format(
        "\nRetained: {}{}.\n",
        fmt::join(std::span(d.retained).first(all ? d.retained.size() : 4), ", "),
        all ? "" : fmt::format(" … {}: {} numbers", d.retained.back(), d.retained.size()));
  }
  return out;
}

bool same_word(std::string_view a, std::string_view b) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return lower(x) == lower(y); });
}

Result<const graph::ModuleType*> find_type(const std::string& type) {
  std::vector<std::string> names;
  for (const graph::ModuleType& t : modules::list()) {
    if (same_word(t.descriptor().type, type)) return &t;
    names.push_back(t.descriptor().type);
  }
  return fail(ErrorCode::not_found, fmt::format("there is no module type '{}'; there are {}", type,
                                                fmt::join(names, ", ")));
}

}  // namespace

std::string module_list() {
  std::string out;
  for (const graph::ModuleType& type : modules::list())
    out += fmt::format("{:<26} {}\n", type.descriptor().type, type.descriptor().help);
  return out;
}

Result<std::string> module_description(const std::string& type) {
  auto found = find_type(type);
  if (!found) return tl::unexpected(found.error());
  return page_of((*found)->descriptor(), Supplied());
}

Result<std::string> run_module(const std::string& type, const std::string& path,
                               const std::vector<std::string>& sets) {
  auto found = find_type(type);
  if (!found) return tl::unexpected(found.error());
  std::vector<std::pair<std::string, std::string>> settings;
  for (const std::string& set : sets) {
    const std::size_t equals = set.find('=');
    if (equals == std::string::npos)
      return fail(ErrorCode::invalid_config, fmt::format("--set '{}' must read name=value", set));
    settings.emplace_back(set.substr(0, equals), set.substr(equals + 1));
  }
  std::ifstream stream(path, std::ios::binary);
  if (!stream) return fail(ErrorCode::io, "cannot be read; is it there?", path);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  auto rows = graph::run_csv(**found, text, settings);
  if (!rows && rows.error().code == ErrorCode::invalid_input) {
    Error error = rows.error();
    error.where = path + (error.where.empty() ? "" : ":" + error.where);
    return tl::unexpected(error);
  }
  return rows;
}

std::string modules_page() {
  std::string out = "# Modules\n\nMade from the descriptors by `polyphase docs`; do not edit.\n\n";
  const Supplied supplied;
  for (const graph::ModuleType& type : modules::list())
    out += page_of(type.descriptor(), supplied) + "\n";
  return out;
}

Result<std::string> labels_table() {
  Findings findings;
  auto engine = make_engine({}, findings);
  if (!engine) return tl::unexpected(engine.error());
  std::string out = "label,unit,definition,module.register\n";
  const registers::RegisterTable& table = (*engine)->registers();
  for (registers::Index i = 0; i < table.size(); ++i) {
    const registers::RegisterInfo& info = table.info(i);
    if (info.label.empty() || info.role == registers::Role::setup) continue;
    out += fmt::format("{},{},{},{}\n", text::csv_field(info.label), info.unit,
                       text::csv_field(info.definition),
                       text::csv_field(info.module + "." + info.name));
  }
  return out;
}

}  // namespace polyphase::lab
