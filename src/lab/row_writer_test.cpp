#include "lab/row_writer.hpp"

#include <gtest/gtest.h>

namespace polyphase::lab {
namespace {

using registers::RegisterType;

class RowWriterTest : public testing::Test {
 protected:
  registers::Index add(const char* name, RegisterType type) {
    registers::RegisterInfo info;
    info.handle = static_cast<registers::Handle>(table_.size());
    info.module = "M1";
    info.name = name;
    info.type = type;
    if (type == RegisterType::enumerated) info.choices = {"ABC", "ACB"};
    return *table_.add(info);
  }
  std::string written(Format format, const std::vector<std::string>& labels,
                      const std::vector<Row>& rows) {
    std::string text;
    const Output output{[&](std::string_view t) { return text += t, true; }, {}};
    std::vector<registers::Index> sources;
    for (registers::Index i = 0; i < table_.size(); ++i) sources.push_back(i);
    RowWriter writer(table_, sources, labels, format, output);
    for (const Row& row : rows) writer.write(row);
    writer.finish();
    return text;
  }
  registers::RegisterTable table_;
};

TEST_F(RowWriterTest, BeginsWithTimeAndTheLabelsAsGiven) {
  add("Vln a", RegisterType::numeric);
  EXPECT_EQ(written(Format::automatic, {"a, \"b\""}, {}), "time,\"a, \"\"b\"\"\"\n");
}

TEST_F(RowWriterTest, WritesTenDigitsAndNotAvailable) {
  add("Vln a", RegisterType::numeric);
  add("Vln b", RegisterType::numeric);
  EXPECT_EQ(written(Format::csv, {"Vln a", "Vln b"},
                    {{Instant{20'000'000}, {230.123456789012, registers::not_available}}}),
            "time,Vln a,Vln b\n1970-01-01T00:00:00.020000Z,230.1234568,N/A\n");
}

TEST_F(RowWriterTest, WritesChoicesAndTextsOut) {
  add("PhaseOrder", RegisterType::enumerated);
  table_.set_text(add("Owner", RegisterType::string), "a,b");
  EXPECT_EQ(written(Format::csv, {"p", "o"}, {{{}, {1, 0}}}),
            "time,p,o\n1970-01-01T00:00:00.000000Z,ACB,\"a,b\"\n");
}

TEST_F(RowWriterTest, WritesAJsonArrayOfObjects) {
  add("Vln a", RegisterType::numeric);
  EXPECT_EQ(written(Format::json, {"Vln a"}, {{{}, {1.5}}, {{}, {registers::not_available}}}),
            "[\n  {\"time\": \"1970-01-01T00:00:00.000000Z\", \"Vln a\": 1.5},\n"
            "  {\"time\": \"1970-01-01T00:00:00.000000Z\", \"Vln a\": null}\n]\n");
}

TEST_F(RowWriterTest, NoRowsAreAnEmptyArray) {
  add("Vln a", RegisterType::numeric);
  EXPECT_EQ(written(Format::json, {"Vln a"}, {}), "[]\n");
}

TEST_F(RowWriterTest, TellsThatTheOutputCannotBeWritten) {
  const Output closed{[](std::string_view) { return false; }, {}};
  EXPECT_FALSE(RowWriter(table_, {}, {}, Format::csv, closed).good());
}

}  // namespace
}  // namespace polyphase::lab
