#include "text/log_lines.hpp"

#include <gtest/gtest.h>

namespace polyphase::text {
namespace {

TEST(LogLines, OfARecordSayWhatIsNotAvailableAndWhatIsDoubtful) {
  logs::Record record;
  record.number = 7;
  record.fields = {{2.5, {}}, {}};
  record.fields[0].quality.add(Quality::clock_unsynchronised);
  EXPECT_EQ(record_csv(record), "7,1970-01-01T00:00:00.000000Z,2.5,N/A\n");
  JsonWriter json;
  write_record(json, record, 1);
  EXPECT_EQ(json.take(),
            R"({"number":7,"time":"1970-01-01T00:00:00.000000Z","layout":1,"values":[2.5,null],)"
            R"("quality":[["clock_unsynchronised"],[]]})");
}

TEST(LogLines, OfColumnsNameTheUnitWhereThereIsOne) {
  const std::vector<logs::Column> columns{{"kW tot", "kW"}, {"a, b", ""}};
  EXPECT_EQ(records_header_csv(columns), "number,time,kW tot kW,\"a, b\"\n");
}

}  // namespace
}  // namespace polyphase::text
