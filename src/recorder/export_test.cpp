#include "recorder/export.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include "recorder_vocabulary.hpp"

namespace polyphase::recorder {
namespace {

using namespace polyphase::testing;  // NOLINT: the vocabulary of these tests

class Export : public ::testing::Test {
 protected:
  std::string records(Form form, logs::Range range = everything()) {
    std::string out;
    auto reader = must(store->reader());
    const auto pages = [&](const logs::Range& r) {
      ++pages_asked;
      return reader.records(log, r);
    };
    count = must(export_records(pages, range, form, [&](std::string_view text) {
      longest = std::max(longest, text.size());
      out += text;
      return true;
    }));
    return out;
  }
  std::string events(Form form, logs::Range range = everything()) {
    std::string out;
    auto reader = must(store->reader());
    count = must(export_events([&](const logs::Range& r) { return reader.events(r); }, range, form,
                               [&](std::string_view text) {
                                 out += text;
                                 return true;
                               }));
    return out;
  }
  static logs::Range everything() {
    logs::Range range;
    range.limit = no_limit;
    return range;
  }

  std::unique_ptr<store::Store> store = must(store::Store::open_in_memory());
  logs::Log log;
  std::size_t count = 0, longest = 0, pages_asked = 0;
};

constexpr std::int64_t second_ns = 1'000'000'000;

TEST_F(Export, OfRecordsAsCsvNamesLabelsAndUnitsAgainWhereTheyChange) {
  log = define(*store, "EgyDmd Log", 10, {{"kWh del", "kWh"}, {"a, b", ""}});
  append(*store, log, second_ns, {{1.25, {}}, {2, {}}});
  append(*store, log, 2 * second_ns, {{std::nan(""), {}}, {3, {}}});
  define(*store, "EgyDmd Log", 10, {{"kWh rec", "kWh"}});
  append(*store, log, 3 * second_ns, {{4, {}}});
  EXPECT_EQ(records(Form::csv),
            "number,time,kWh del kWh,\"a, b\"\n"
            "1,1970-01-01T00:00:01.000000Z,1.25,2\n"
            "2,1970-01-01T00:00:02.000000Z,N/A,3\n"
            "number,time,kWh rec kWh\n"
            "3,1970-01-01T00:00:03.000000Z,4\n");
  EXPECT_EQ(count, 3u);
}

TEST_F(Export, OfRecordsAsJsonHasLayoutsQualityAndNull) {
  log = define(*store, "EgyDmd Log", 10, {{"kWh del", "kWh"}, {"Freq", "Hz"}});
  append(*store, log, second_ns, {{1.25, {Quality::bridged | Quality::partial}}, {}});
  const std::string wanted =
      "{\"records\": [\n"
      "{\"number\":1,\"time\":\"1970-01-01T00:00:01.000000Z\",\"layout\":0,"
      "\"values\":[1.25,null],\"quality\":[[\"bridged\",\"partial\"],[]]}\n"
      "], \"layouts\": [[{\"label\":\"kWh del\",\"unit\":\"kWh\"},{\"label\":\"Freq\","
      "\"unit\":\"Hz\"}]], \"more\": false}\n";
  std::string got = records(Form::json);
  const auto without_spaces = [](std::string text) {
    std::erase(text, ' ');
    return text;
  };
  EXPECT_EQ(without_spaces(got), without_spaces(wanted));
}

TEST_F(Export, GoesPageByPageThroughALongLogFromEitherEnd) {
  log = define(*store, "Long", 10'000, {{"n", ""}});
  commit(*store, [&](store::Batch& batch) {
    for (int i = 1; i <= 2'500; ++i)
      must(batch.append(log, Instant{i}, std::vector<store::Field>{{1.0 * i, {}}}));
  });
  const std::string all = records(Form::csv);
  EXPECT_EQ(count, 2'500u);
  EXPECT_EQ(pages_asked, 3u);
  EXPECT_LT(longest, all.size() / 2);
  EXPECT_EQ(std::count(all.begin(), all.end(), '\n'), 2'501);
  logs::Range newest = everything();
  newest.newest_first = true;
  newest.limit = 1'001;
  const std::string some = records(Form::json, newest);
  EXPECT_EQ(count, 1'001u);
  EXPECT_LT(some.find("2500"), some.find("2499"));
  EXPECT_NE(some.find("\"more\": true"), std::string::npos);
}

TEST_F(Export, OfAnEmptyLogIsEmpty) {
  log = define(*store, "Empty", 10);
  EXPECT_EQ(records(Form::csv), "");
  EXPECT_EQ(records(Form::json), "{\"records\": [], \"layouts\": [], \"more\": false}\n");
  EXPECT_EQ(events(Form::json), "{\"events\": [], \"more\": false}\n");
}

TEST_F(Export, OfEventsHasALineForEach) {
  commit(*store, [&](store::Batch& batch) {
    must(batch.append(
        logs::Event{0, Instant{second_ns}, 30, "USER3", "a, b", "1 A", "c", "2 V", "Feeder 7"}));
  });
  EXPECT_EQ(events(Form::csv),
            "number,time,priority,actor,cause,cause_value,effect,effect_value,node\n"
            "1,1970-01-01T00:00:01.000000Z,30,USER3,\"a, b\",1 A,c,2 V,Feeder 7\n");
  EXPECT_NE(events(Form::json).find("\"USER3\""), std::string::npos);
}

TEST_F(Export, EndsWhereNobodyReadsAnyMore) {
  log = define(*store, "Log", 10);
  append(*store, log, 1, {{1, {}}, {2, {}}});
  auto reader = must(store->reader());
  const auto done = export_records([&](const logs::Range& r) { return reader.records(log, r); },
                                   everything(), Form::csv, [](std::string_view) { return false; });
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::io);
}

}  // namespace
}  // namespace polyphase::recorder
