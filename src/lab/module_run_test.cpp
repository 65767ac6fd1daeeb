#include "lab/module_run.hpp"

#include <gtest/gtest.h>

#include <fstream>

#include "reference_page.hpp"

namespace polyphase::lab {
namespace {

std::string file_holding(const std::string& text) {
  const auto* test = ::testing::UnitTest::GetInstance()->current_test_info();
  const std::string path = ::testing::TempDir() + "module_run_" + test->name() + ".csv";
  std::ofstream(path) << text;
  return path;
}

constexpr const char* power = "time,Integrand\n1,7200\n2,7200\n3,7200\n";

TEST(ModuleRun, RunsAModuleOverATable) {
  const auto rows = run_module("Integrator", file_holding(power), {"Divisor=3600"});
  ASSERT_TRUE(rows) << rows.error().text();
  EXPECT_NE(rows->find("time,"), std::string::npos);
  EXPECT_NE(rows->find("1970-01-01T00:00:03.000000Z"), std::string::npos) << *rows;
}

TEST(ModuleRun, TakesTheTypeInAnyCase) {
  EXPECT_TRUE(run_module("integrator", file_holding(power), {}));
}

TEST(ModuleRun, NamesTheTypesThereAre) {
  const auto rows = run_module("Integrater", file_holding(power), {});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::not_found);
  EXPECT_NE(rows.error().message.find("Integrator"), std::string::npos);
}

TEST(ModuleRun, NamesFileAndLineOfWhatItCannotRead) {
  const std::string path = file_holding("time,Integrand\n1,x\n");
  const auto rows = run_module("Integrator", path, {});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::invalid_input);
  EXPECT_NE(rows.error().text().find(path), std::string::npos);
  EXPECT_NE(rows.error().text().find("2"), std::string::npos);
}

TEST(ModuleRun, TellsThatAFileIsNotThere) {
  const auto rows = run_module("Integrator", "/nowhere/power.csv", {});
  ASSERT_FALSE(rows);
  EXPECT_EQ(rows.error().code, ErrorCode::io);
}

// Covers: TIR-002
TEST(ModuleRun, TellsWhichTiersHaveATypeAsSupplied) {
  for (const auto& [type, line] :
       {std::pair{"Sag/Swell", "As supplied: Essential 1, Standard 1, Advanced 1."},
        {"Flicker", "As supplied: Essential none, Standard 1, Advanced 1."},
        {"Harmonic Values", "As supplied: Essential none, Standard none, Advanced 6."},
        {"Thermal Demand", "As supplied: none."}}) {
    const auto page = module_description(type);
    ASSERT_TRUE(page);
    EXPECT_NE(page->find(line), std::string::npos) << *page;
  }
}

TEST(ModuleRun, DescribesATypeFromItsDescriptor) {
  const auto page = module_description("Integrator");
  ASSERT_TRUE(page);
  for (const char* word : {"Integrand", "Divisor", "Result"})
    EXPECT_NE(page->find(word), std::string::npos) << word;
}

TEST(ModuleRun, ListsEveryType) {
  const std::string list = module_list();
  for (const char* type : {"Data Acquisition", "Power Meter", "Integrator", "Sag/Swell"})
    EXPECT_NE(list.find(type), std::string::npos) << type;
}

TEST(ReferencePages, TheModulesPageIsUpToDate) {
  polyphase::testing::expect_page("modules.md", modules_page());
}

TEST(ReferencePages, TheTableOfLabelsIsUpToDate) {
  const auto labels = labels_table();
  ASSERT_TRUE(labels) << labels.error().text();
  polyphase::testing::expect_page("labels.csv", *labels);
}

}  // namespace
}  // namespace polyphase::lab
