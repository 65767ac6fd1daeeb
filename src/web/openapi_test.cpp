// The description of the API against the server: every operation that it lists is asked with the
// examples that stand in it and must answer with the status and the shape that it promises; and
// nothing is served that it does not list.
#include <gtest/gtest.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <set>

#include "https_site.hpp"
#include "text/json.hpp"
#include "web/api.hpp"
#include "web/embedded.hpp"

namespace polyphase::web {
namespace {

using testing::Answer;
using text::JsonValue;
using Kind = JsonValue::Kind;

const JsonValue& description() {
  static const JsonValue value = *text::parse_json(embedded::web_texts("openapi.json"));
  return value;
}

/// What stands at "#/components/schemas/X", or the value itself.
const JsonValue& resolved(const JsonValue& value) {
  const JsonValue* reference = value.find("$ref");
  if (reference == nullptr) return value;
  const JsonValue* at = &description();
  const auto names = path_segments(reference->text.substr(1));
  for (const std::string& name : *names) {
    at = at->find(name);
    if (at == nullptr) return value;
  }
  return *at;
}

bool is_of_type(const JsonValue& value, const std::string& type) {
  if (type == "null") return value.is(Kind::null);
  if (type == "boolean") return value.is(Kind::boolean);
  if (type == "string") return value.is(Kind::text);
  if (type == "array") return value.is(Kind::array);
  if (type == "object") return value.is(Kind::object);
  if (type == "integer") return value.is(Kind::number) && value.number == std::floor(value.number);
  return type == "number" && value.is(Kind::number);
}

/// What of `value` the schema does not say, as "place: what"; empty: it fits.
std::string misfit(const JsonValue& value, const JsonValue& unresolved, const std::string& place) {
  const JsonValue& schema = resolved(unresolved);
  const JsonValue* type = schema.find("type");
  if (type == nullptr) return place + ": the schema has no type";
  std::vector<std::string> types{type->text};
  if (type->is(Kind::array)) {
    types.clear();
    for (const JsonValue& item : type->items) types.push_back(item.text);
  }
  if (std::none_of(types.begin(), types.end(),
                   [&](const std::string& name) { return is_of_type(value, name); }))
    return place + ": not a " + types[0];
  if (const JsonValue* choices = schema.find("enum"); choices != nullptr && value.is(Kind::text))
    if (std::none_of(choices->items.begin(), choices->items.end(),
                     [&](const JsonValue& choice) { return choice.text == value.text; }))
      return place + ": '" + value.text + "' is none of its words";
  if (const JsonValue* items = schema.find("items"))
    for (const JsonValue& item : value.items)
      if (auto trouble = misfit(item, *items, place + "[]"); !trouble.empty()) return trouble;
  const JsonValue* properties = schema.find("properties");
  if (properties == nullptr) return {};
  for (std::size_t i = 0; i < value.keys.size(); ++i) {
    const std::string& name = value.keys[i];
    const JsonValue* known = properties->find(name);
    if (known == nullptr) return place + "." + name + ": not described";
    if (auto trouble = misfit(value.items[i], *known, place + "." + name); !trouble.empty())
      return trouble;
  }
  for (const JsonValue& name : schema.find("required")->items)
    if (value.find(name.text) == nullptr) return place + "." + name.text + ": missing";
  return {};
}

std::string encoded(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == ' ' ? "%20" : std::string(1, c);
  return out;
}

std::string upper(std::string text) {
  for (char& c : text) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
  return text;
}

std::string json_text(const JsonValue& body) {
  text::JsonWriter json;
  json.begin_object();
  for (std::size_t i = 0; i < body.keys.size(); ++i)
    json.key(body.keys[i]).text(body.items[i].text);
  return json.end_object().take();
}

struct Operation {
  std::string method, path;
  const JsonValue* value;

  const JsonValue* parameters() const { return value->find("parameters"); }
  bool is_public() const {
    const JsonValue* security = value->find("security");
    return security != nullptr && security->items.empty();
  }
  /// The path with its examples in place.
  std::string target() const {
    std::string out = path, query;
    if (parameters() == nullptr) return out;
    for (const JsonValue& unresolved : parameters()->items) {
      const JsonValue& parameter = resolved(unresolved);
      const JsonValue* example = parameter.find("example");
      if (example == nullptr) continue;
      const std::string& name = parameter.find("name")->text;
      const std::string text =
          example->is(Kind::number) ? std::to_string(std::lround(example->number)) : example->text;
      if (parameter.find("in")->text == "query")
        query += (query.empty() ? "?" : "&") + name + "=" + encoded(text);
      else if (const std::size_t at = out.find("{" + name + "}"); at != std::string::npos)
        out.replace(at, name.size() + 2, encoded(text));
    }
    return out + query;
  }
  std::string body() const {
    const JsonValue* body = value->find("requestBody");
    if (body == nullptr) return {};
    return json_text(*body->find("content")->find("application/json")->find("example"));
  }
};

std::vector<Operation> operations() {
  std::vector<Operation> all;
  const JsonValue& paths = *description().find("paths");
  for (std::size_t i = 0; i < paths.keys.size(); ++i)
    for (std::size_t k = 0; k < paths.items[i].keys.size(); ++k)
      all.push_back({upper(paths.items[i].keys[k]), paths.keys[i], &paths.items[i].items[k]});
  return all;
}

class OpenApi : public testing::Site {
 protected:
  void SetUp() override {
    start();
    sign_in("USER1");
  }
  Answer ask(const Operation& operation, const std::string& target) {
    if (operation.method == "GET") return get(target);
    return send(operation.method, target, operation.body());
  }
  /// Ends the session, so it comes last.
  static bool ends_session(const Operation& operation) { return operation.method == "DELETE"; }
};

TEST_F(OpenApi, ListsEveryRouteAndNoOther) {
  std::set<std::string> described, served;
  for (const Operation& operation : operations())
    described.insert(operation.method + " " + operation.path);
  for (const Route& route : routes())
    served.insert(std::string(route.method) + " " + route.pattern);
  EXPECT_EQ(described, served);
}

TEST_F(OpenApi, IsAnsweredAsItPromises) {
  auto all = operations();
  std::stable_partition(all.begin(), all.end(), [](const auto& one) { return !ends_session(one); });
  for (const Operation& operation : all) {
    const Answer answer = ask(operation, operation.target());
    const JsonValue& responses = *operation.value->find("responses");
    const std::string& status = responses.keys.front();
    const JsonValue& good = responses.items.front();
    ASSERT_EQ(std::to_string(answer.status), status)
        << operation.method << " " << operation.target() << ": " << answer.body;
    EXPECT_EQ(answer.header("Cache-Control"), "no-store") << operation.path;
    if (const JsonValue* content = good.find("content"))
      EXPECT_EQ(
          misfit(answer.json(), *content->find("application/json")->find("schema"), operation.path),
          "");
    else
      EXPECT_EQ(answer.body, "");
  }
}

TEST_F(OpenApi, NeedsASessionWhereItSaysSo) {
  cookie_.clear();
  for (const Operation& operation : operations()) {
    const Answer answer = ask(operation, operation.target());
    if (operation.is_public())
      EXPECT_EQ(answer.status, 200) << operation.method << " " << operation.path;
    else
      EXPECT_EQ(answer.status, 401) << operation.method << " " << operation.path;
  }
}

TEST_F(OpenApi, RefusesChangesWithoutTheHeaderOfOurOwnPages) {
  for (const Operation& operation : operations()) {
    if (operation.method == "GET") continue;
    const Answer answer = curl(operation.target(), {"-X", operation.method, "-H",
                                                    "Cookie: " + cookie_, "-d", operation.body()});
    EXPECT_EQ(answer.status, 403) << operation.method << " " << operation.path;
    EXPECT_EQ(answer.text("code"), "refused");
    EXPECT_EQ(misfit(answer.json(),
                     *description().find("components")->find("schemas")->find("Error"), "error"),
              "");
  }
}

/// What the gate refuses is refused by every route: USER3 has no rights at all.
TEST_F(OpenApi, GivesNothingToAUserWithoutRights) {
  sign_in("USER3");
  const std::set<std::string> of_everybody{"/api/v1/openapi.json", "/api/v1/session",
                                           "/api/v1/status", "/api/v1/resets"};
  for (const Operation& operation : operations()) {
    if (of_everybody.contains(operation.path)) continue;
    const Answer answer = ask(operation, operation.target());
    EXPECT_EQ(answer.status, 403) << operation.method << " " << operation.path << answer.body;
  }
  EXPECT_TRUE(meter_.applied().empty());
}

}  // namespace
}  // namespace polyphase::web
