#include <cmath>

#include "lab/verify/report.hpp"
#include "text/json.hpp"

namespace polyphase::lab::verify {
namespace {

using text::JsonWriter;

void write_check(JsonWriter& json, const Check& c, std::size_t experiment) {
  json.begin_object();
  json.key("clause").text(c.clause).key("test").text(c.test);
  json.key("influence").text(c.influence).key("quantity").text(c.quantity);
  json.key("unit").text(c.unit).key("true").number(c.truth).key("measured").number(c.measured);
  json.key("error").number(c.error()).key("limit").number(c.limit.amount);
  json.key("limit_unit").text(c.limit.unit);
  json.key("share_percent").number(c.share_percent()).key("passed").boolean(c.passed());
  json.key("scenario").integer(static_cast<std::int64_t>(experiment));
  json.end_object();
}

}  // namespace

std::string json_report(const std::vector<Group>& groups, const Title& title) {
  JsonWriter json;
  Tally all;
  json.begin_object().key("program").text(title.program).key("certifies").text(what_it_certifies);
  json.key("command").text(title.command).key("machine").text(title.machine);
  json.key("date").text(title.date).key("took_s").number(title.took_s, 3);
  json.key("groups").begin_array();
  for (const Group& group : groups) {
    const Tally tally = tally_of(group);
    json.begin_object().key("group").text(group.key).key("title").text(group.title);
    json.key("limits")
        .text(confidence_text(group.confidence))
        .key("limits_from")
        .text(group.limits);
    json.key("checks_count").integer(static_cast<std::int64_t>(tally.checks));
    json.key("failed").integer(static_cast<std::int64_t>(tally.failed));
    json.key("scenarios").begin_array();
    for (const Experiment& e : group.experiments) json.text(e.scenario);
    json.end_array().key("checks").begin_array();
    for (std::size_t i = 0; i < group.experiments.size(); ++i)
      for (const Check& c : group.experiments[i].checks) {
        write_check(json, c, i);
        all.add(c);
      }
    json.end_array().end_object();
  }
  json.end_array().key("checks_count").integer(static_cast<std::int64_t>(all.checks));
  json.key("failed").integer(static_cast<std::int64_t>(all.failed));
  json.key("passed").boolean(all.failed == 0).end_object();
  return json.take() + "\n";
}

}  // namespace polyphase::lab::verify
