#include "config.hpp"

#include <fmt/format.h>

#include <cmath>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include "text/toml.hpp"

namespace polyphase::app {
namespace {

using text::TomlValue;
using Kind = TomlValue::Kind;

class Reader {
 public:
  explicit Reader(const std::string& path)
      : path_(path), folder_(std::filesystem::path(path).parent_path()) {}

  // What a key of a table does with its value.
  using Keys = std::map<std::string, std::function<Result<void>(const TomlValue&)>>;

  Result<void> read(const TomlValue& table, const std::string& where, const Keys& keys) const {
    if (table.kind != Kind::table) return refuse(table, where + " must be a table");
    for (const auto& [name, value] : table.members) {
      const auto key = keys.find(name);
      if (key == keys.end()) {
        std::string known;
        for (const auto& [each, ignored] : keys) known += (known.empty() ? "" : ", ") + each;
        return refuse(value, fmt::format("{} has no '{}'; it has {}", where, name, known));
      }
      if (auto done = key->second(value); !done) return done;
    }
    return {};
  }

  tl::unexpected<Error> refuse(const TomlValue& at, std::string message) const {
    return fail(ErrorCode::invalid_config, std::move(message),
                fmt::format("{}:{}", path_, at.line));
  }

  auto text(std::string& to) const {
    return [this, &to](const TomlValue& value) -> Result<void> {
      if (value.kind != Kind::string) return refuse(value, "a text in quotes is expected");
      to = value.string;
      return {};
    };
  }
  auto file(std::string& to) const {
    return [this, &to](const TomlValue& value) -> Result<void> {
      if (value.kind != Kind::string) return refuse(value, "the name of a file is expected");
      to = (folder_ / value.string).string();
      return {};
    };
  }
  auto files(std::vector<std::string>& to) const {
    return [this, &to](const TomlValue& value) -> Result<void> {
      if (value.kind != Kind::array) return refuse(value, "a list of files is expected");
      for (const TomlValue& item : value.items)
        if (auto done = file(to.emplace_back())(item); !done) return done;
      return {};
    };
  }
  auto flag(bool& to) const {
    return [this, &to](const TomlValue& value) -> Result<void> {
      if (value.kind != Kind::boolean) return refuse(value, "true or false is expected");
      to = value.boolean;
      return {};
    };
  }
  template <class Number>
  auto number(Number& to, double minimum, double maximum) const {
    return [=, this, &to](const TomlValue& value) -> Result<void> {
      const bool numeric = value.kind == Kind::integer || value.kind == Kind::real;
      const bool whole = std::is_floating_point_v<Number> || value.kind == Kind::integer;
      if (!numeric || !whole || !(value.number >= minimum && value.number <= maximum))
        return refuse(value, fmt::format("a number from {} to {} is expected", minimum, maximum));
      to = static_cast<Number>(value.number);
      return {};
    };
  }

 private:
  const std::string& path_;
  std::filesystem::path folder_;
};

// Setup registers: any name, and a text, a number or true and false.
Result<void> read_settings(const Reader& reader, const TomlValue& table, lab::Settings& settings) {
  if (table.kind != Kind::table) return reader.refuse(table, "settings must be a table");
  for (const auto& [name, value] : table.members) {
    switch (value.kind) {
      case Kind::string:
        settings.emplace_back(name, value.string);
        break;
      case Kind::integer:
      case Kind::real:
        settings.emplace_back(name, fmt::format("{}", value.number));
        break;
      case Kind::boolean:
        settings.emplace_back(name, value.boolean ? "on" : "off");
        break;
      default:
        return reader.refuse(
            value,
            fmt::format("'{}' is no value; write \"module.register\" = value, the name in quotes",
                        name));
    }
  }
  return {};
}

bool names_a_folder(const std::string& name) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_';
  };
  return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), plain);
}

constexpr double port_max = 65'535;

Result<MeterConfig> read_meter(const Reader& reader, const TomlValue& table) {
  MeterConfig meter;
  SamplesConfig& samples = meter.samples;
  constexpr double speed_max = 1e6, duration_s_max = 1e9;
  auto done = reader.read(table, "[[meter]]",
                          {{"name", reader.text(meter.name)},
                           {"tier", reader.text(meter.tier)},
                           {"address", reader.text(meter.address)},
                           {"port_offset", reader.number(meter.port_offset, 0, port_max)},
                           {"scenario", reader.file(samples.scenario)},
                           {"stream", reader.text(samples.stream)},
                           {"recordings", reader.files(samples.recordings)},
                           {"map", reader.text(samples.map)},
                           {"speed", reader.number(samples.speed, 0, speed_max)},
                           {"duration_s", reader.number(samples.duration_s, 0, duration_s_max)},
                           {"settings", [&](const TomlValue& value) {
                              return read_settings(reader, value, meter.settings);
                            }}});
  if (!done) return tl::unexpected(done.error());
  if (!names_a_folder(meter.name))
    return reader.refuse(table,
                         "the name of a meter has 1 to 64 letters, digits, - and _: its data "
                         "go into a folder of that name");
  const int sources = (samples.scenario.empty() ? 0 : 1) + (samples.stream.empty() ? 0 : 1) +
                      (samples.recordings.empty() ? 0 : 1);
  if (sources > 1)
    return reader.refuse(table, "a meter has one of scenario, stream and recordings");
  return meter;
}

Result<void> check_meters(const Reader& reader, const TomlValue& list, const DaemonConfig& config) {
  std::set<std::string> names;
  std::set<std::pair<std::string, int>> places;
  for (std::size_t i = 0; i < config.meters.size(); ++i) {
    const MeterConfig& meter = config.meters[i];
    if (!names.insert(meter.name).second)
      return reader.refuse(list.items[i], fmt::format("two meters are named {}", meter.name));
    if (!places.insert({meter.address, meter.port_offset}).second)
      return reader.refuse(
          list.items[i],
          fmt::format("meter {} needs an address or a port_offset of its own", meter.name));
  }
  return {};
}

}  // namespace

Result<DaemonConfig> load_config(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return fail(ErrorCode::io, "the configuration cannot be read; is it there?", path);
  const std::string content{std::istreambuf_iterator<char>(file), {}};
  auto document = text::parse_toml(content, path);
  if (!document) return tl::unexpected(document.error());

  DaemonConfig config;
  const Reader reader(path);
  const TomlValue* list = nullptr;
  auto done = reader.read(
      *document, "the configuration",
      {{"ports",
        [&](const TomlValue& table) {
          return reader.read(table, "[ports]",
                             {{"offset", reader.number(config.port_offset, 0, port_max)}});
        }},
       {"security",
        [&](const TomlValue& table) {
          return reader.read(table, "[security]", {{"lab", reader.flag(config.lab)}});
        }},
       {"meter", [&](const TomlValue& meters) -> Result<void> {
          if (meters.kind != Kind::array || meters.items.size() > meters_max)
            return reader.refuse(meters,
                                 fmt::format("write [[meter]], at most {} times", meters_max));
          list = &meters;
          for (const TomlValue& each : meters.items) {
            auto meter = read_meter(reader, each);
            if (!meter) return tl::unexpected(meter.error());
            config.meters.push_back(std::move(*meter));
          }
          return check_meters(reader, meters, config);
        }}});
  if (!done) return tl::unexpected(done.error());
  if (list == nullptr) config.meters.emplace_back();
  return config;
}

}  // namespace polyphase::app
