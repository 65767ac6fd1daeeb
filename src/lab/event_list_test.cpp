#include "lab/event_list.hpp"

#include <gtest/gtest.h>

#include "registers/table.hpp"

namespace polyphase::lab {
namespace {

using registers::Disturbance;

Instant at(const char* time) { return *parse_iso8601(time); }

Disturbance sag() {
  Disturbance d;
  d.type = "sag";
  d.time = at("2026-01-01T00:00:04.99Z");
  d.end = at("2026-01-01T00:00:05.1Z");
  d.nominal = 230;
  d.extreme = 161;
  d.per_channel[0] = {true, 161, 0.11};
  d.priority = 192;
  return d;
}

Findings holding(std::initializer_list<Disturbance> list) {
  Findings findings;
  for (const Disturbance& d : list) findings.disturbance(d);
  return findings;
}

registers::RegisterTable table_with(const char* module, const char* label) {
  registers::RegisterTable table;
  registers::RegisterInfo info;
  info.module = module;
  info.name = "Status";
  info.label = label;
  EXPECT_TRUE(table.add(info));
  return table;
}

TEST(EventList, IsAnEmptyArrayWhereNothingHappened) { EXPECT_EQ(events_json({}, {}), "[]\n"); }

TEST(EventList, WritesAnEventAsTheContractShowsIt) {
  EXPECT_EQ(events_json(holding({sag()}), {}),
            R"([
  {"time": "2026-01-01T00:00:04.990000Z", "end": "2026-01-01T00:00:05.100000Z", "duration_s": 0.11, )"
            R"("type": "sag", "channels": ["V1"], "extreme": 161, "extreme_percent": 70, )"
            R"("per_channel": [{"channel": "V1", "extreme": 161, "duration_s": 0.11}], )"
            R"("priority": 192, "open": false}
]
)");
}

TEST(EventList, OrdersByTime) {
  Disturbance later = sag();
  later.time = at("2026-01-01T00:00:09Z");
  const std::string csv = events_csv(holding({later, sag()}), {});
  EXPECT_LT(csv.find("00:00:04.99"), csv.find("00:00:09.00"));
}

TEST(EventList, AnOpenEventHasNoEnd) {
  Disturbance open = sag();
  open.open = true;
  const std::string json = events_json(holding({open}), {});
  EXPECT_NE(json.find(R"("end": null, "duration_s": null)"), std::string::npos) << json;
  EXPECT_NE(json.find(R"("open": true)"), std::string::npos);
}

TEST(EventList, NamesEveryChannelOfAPolyphaseEvent) {
  Disturbance all = sag();
  all.per_channel[2] = {true, 170, 0.08};
  const std::string json = events_json(holding({all}), {});
  EXPECT_NE(json.find(R"("channels": ["V1", "V3"])"), std::string::npos) << json;
  EXPECT_NE(json.find(R"({"channel": "V3", "extreme": 170, "duration_s": 0.08})"),
            std::string::npos);
}

TEST(EventList, GivesTheChangesOfARapidVoltageChange) {
  Disturbance rvc = sag();
  rvc.type = "rvc";
  rvc.delta_max = 12.5;
  rvc.delta_ss = 8;
  const std::string json = events_json(holding({rvc}), {});
  EXPECT_NE(json.find(R"("delta_max": 12.5, "delta_ss": 8)"), std::string::npos) << json;
}

TEST(EventList, GivesEdgesOnlyWhereTheyAreKnown) {
  Disturbance edged = sag();
  EXPECT_EQ(events_json(holding({edged}), {}).find("edge_start"), std::string::npos);
  edged.edge_start = at("2026-01-01T00:00:05Z");
  EXPECT_NE(
      events_json(holding({edged}), {}).find(R"("edge_start": "2026-01-01T00:00:05.000000Z")"),
      std::string::npos);
}

TEST(EventList, GivesTheDirectionWhereItWasLookedFor) {
  Disturbance directed = sag();
  EXPECT_EQ(events_json(holding({directed}), {}).find("direction"), std::string::npos);
  directed.direction = {Direction::downstream, Confidence::high};
  EXPECT_NE(events_json(holding({directed}), {})
                .find(R"(}], "direction": "downstream", "confidence": "high", "priority": 192)"),
            std::string::npos);
  directed.direction = DirectionFinding{};
  EXPECT_NE(events_json(holding({directed}), {})
                .find(R"("direction": "undetermined", "confidence": "undetermined")"),
            std::string::npos);
}

TEST(EventList, ASetpointsEventIsCalledByItsLabel) {
  Disturbance over = sag();
  over.setpoint = 0;
  EXPECT_EQ(type_of(over, table_with("RDSP1", "Over \"V\"")), "Over \"V\"");
  EXPECT_EQ(type_of(over, table_with("RDSP1", "")), "RDSP1");
  EXPECT_NE(events_json(holding({over}), table_with("RDSP1", "Over \"V\"")).find(R"("Over \"V\"")"),
            std::string::npos);
}

TEST(EventList, WhatIsNotAvailableIsNullInJsonAndNaInCsv) {
  Disturbance bare = sag();
  bare.extreme = registers::not_available;
  bare.nominal = 0;
  EXPECT_NE(events_json(holding({bare}), {}).find(R"("extreme": null, "extreme_percent": null)"),
            std::string::npos);
  EXPECT_NE(events_csv(holding({bare}), {}).find(",V1,N/A,N/A,192,0\n"), std::string::npos);
}

TEST(Findings, CountsWhatItCannotKeep) {
  Findings findings;
  for (std::size_t i = 0; i < kept_events_max + 3; ++i) findings.disturbance({});
  EXPECT_EQ(findings.disturbances.size(), kept_events_max);
  EXPECT_EQ(findings.dropped, 3u);
}

}  // namespace
}  // namespace polyphase::lab
