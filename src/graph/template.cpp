#include "graph/template.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "text/toml.hpp"

namespace polyphase::graph {
namespace {

using text::TomlValue;
using Kind = TomlValue::Kind;
using Assignments = TemplateModule::Assignments;

tl::unexpected<Error> refuse(std::string message, std::string_view file, int line) {
  return fail(ErrorCode::invalid_config, std::move(message), fmt::format("{}:{}", file, line));
}

void replace_all(std::string& text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + with.size()))
    text.replace(at, what.size(), with);
}

std::string scalar_text(const TomlValue& value) {
  switch (value.kind) {
    case Kind::boolean: return value.boolean ? "1" : "0";
    case Kind::integer:
    case Kind::real: return fmt::format("{}", value.number);
    default: return value.string;
  }
}

void assign(Assignments& list, const std::string& key, std::string value) {
  const auto it = std::find_if(list.begin(), list.end(), [&](const auto& e) { return e.first == key; });
  if (it == list.end()) list.emplace_back(key, std::move(value));
  else it->second = std::move(value);
}

class Reader {
 public:
  Reader(Template& result, const TemplateFinder& find) : result_(result), find_(find) {}

  Result<void> read(std::string_view text, std::string_view file, unsigned depth) {
    auto document = text::parse_toml(text, file);
    if (!document) return tl::unexpected(document.error());
    for (const auto& [key, value] : document->members) {
      Result<void> done;
      if (key == "template") done = header(value, file, depth);
      else if (key == "module") done = modules(value, file);
      else done = refuse(fmt::format("'{}' is not part of a template: write [template] and [[module]]", key),
                         file, value.line);
      if (!done) return done;
    }
    return {};
  }

 private:
  Result<void> header(const TomlValue& table, std::string_view file, unsigned depth) {
    for (const auto& [key, value] : table.members) {
      if (key == "name") result_.name = value.string;
      else if (key == "description") result_.description = value.string;
      else if (key == "extends") {
        const std::string_view base = find_ ? find_(value.string) : std::string_view{};
        if (base.empty())
          return refuse(fmt::format("there is no template '{}' to extend", value.string), file, value.line);
        if (depth >= template_depth_max)
          return refuse(fmt::format("templates extend one another more than {} deep", template_depth_max),
                        file, value.line);
        if (auto done = read(base, value.string, depth + 1); !done) return done;
      } else {
        return refuse(fmt::format("'{}' is not a key of [template]: name, description, extends", key), file,
                      value.line);
      }
    }
    return {};
  }

  Result<void> modules(const TomlValue& array, std::string_view file) {
    for (const TomlValue& entry : array.items) {
      const TomlValue* each = entry.find("each");
      if (each == nullptr) {
        if (auto done = module(entry, {}, file); !done) return done;
        continue;
      }
      for (std::size_t i = 0; i < each->items.size(); ++i) {
        Assignments words{{"{n}", fmt::format("{}", i + 1)}};
        const TomlValue& item = each->items[i];
        if (item.kind == Kind::table)
          for (const auto& [key, value] : item.members) words.emplace_back("{" + key + "}", scalar_text(value));
        else words.emplace_back("{each}", scalar_text(item));
        if (auto done = module(entry, words, file); !done) return done;
      }
    }
    return {};
  }

  Result<void> module(const TomlValue& entry, const Assignments& words, std::string_view file) {
    const auto filled = [&](std::string text) {
      for (const auto& [word, meaning] : words) replace_all(text, word, meaning);
      return text;
    };
    const TomlValue* name = entry.find("name");
    if (name == nullptr || name->string.empty())
      return refuse("a [[module]] needs a name, such as name = \"INT1\"", file, entry.line);
    TemplateModule& module = named(filled(name->string));
    if (module.where.empty()) module.where = fmt::format("{}:{}", file, entry.line);
    for (const auto& [key, value] : entry.members) {
      if (key == "type") module.type = value.string;
      else if (key == "labels") module.labels = filled(value.string);
      else if (Assignments* list = assignments(module, key)) {
        for (const auto& [target, source] : value.members)
          assign(*list, filled(target), filled(scalar_text(source)));
      } else if (key != "name" && key != "each") {
        return refuse(fmt::format("'{}' is not a key of [[module]]: type, name, labels, each, setup, "
                                  "maximum, link, label", key), file, value.line);
      }
    }
    if (module.type.empty())
      return refuse(fmt::format("module '{}' needs a type", module.name), file, entry.line);
    if (result_.modules.size() > template_modules_max)
      return refuse(fmt::format("more than {} modules", template_modules_max), file, entry.line);
    return {};
  }

  static Assignments* assignments(TemplateModule& module, std::string_view key) {
    if (key == "setup") return &module.setup;
    if (key == "maximum") return &module.maximum;
    if (key == "link") return &module.link;
    if (key == "label") return &module.label;
    return nullptr;
  }

  TemplateModule& named(const std::string& name) {
    for (TemplateModule& module : result_.modules)
      if (module.name == name) return module;
    result_.modules.emplace_back().name = name;
    return result_.modules.back();
  }

  Template& result_;
  const TemplateFinder& find_;
};

}  // namespace

Result<Template> parse_template(std::string_view text, std::string_view name, const TemplateFinder& find) {
  Template result;
  if (auto done = Reader(result, find).read(text, name, 0); !done) return tl::unexpected(done.error());
  if (result.name.empty()) result.name = std::string(name);
  return result;
}

}  // namespace polyphase::graph
