#pragma once

#include <gtest/gtest.h>

#include <cmath>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <string>

#include "graph/module_bench.hpp"

namespace polyphase::testing {

inline std::string file_text(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

/// Equal texts, but numbers may differ by 1e-9 of their size: mathematical functions of other
/// libraries round otherwise.
inline bool same_cell(const std::string& a, const std::string& b) {
  if (a == b) return true;
  char* a_end = nullptr;
  char* b_end = nullptr;
  const double x = std::strtod(a.c_str(), &a_end), y = std::strtod(b.c_str(), &b_end);
  return a_end == a.c_str() + a.size() && b_end == b.c_str() + b.size() && !a.empty() &&
         !b.empty() && std::abs(x - y) <= 1e-9 * std::max({1.0, std::abs(x), std::abs(y)});
}

/// Runs src/modules/FOLDER/NAME.csv through a module and compares with NAME.expected.csv beside it.
/// UPDATE_GOLDEN=1 rewrites the expectation, for review.
inline void expect_golden(const graph::ModuleType& type, const std::string& folder,
                          const std::string& name) {
  const std::string base =
      std::string(POLYPHASE_SOURCE_DIR) + "/src/modules/" + folder + "/" + name;
  const auto result = graph::run_csv(type, file_text(base + ".csv"));
  ASSERT_TRUE(result) << result.error().text();
  if (const char* update = std::getenv("UPDATE_GOLDEN"); update != nullptr && *update == '1')
    std::ofstream(base + ".expected.csv", std::ios::binary) << *result;
  std::istringstream got(*result), wanted(file_text(base + ".expected.csv"));
  std::string got_line, wanted_line;
  for (int line = 1; std::getline(wanted, wanted_line); ++line) {
    ASSERT_TRUE(std::getline(got, got_line)) << "ends before line " << line;
    std::istringstream got_cells(got_line), wanted_cells(wanted_line);
    std::string a, b;
    while (std::getline(wanted_cells, b, ',')) {
      std::getline(got_cells, a, ',');
      EXPECT_TRUE(same_cell(a, b))
          << name << ".expected.csv:" << line << ": got " << a << ", wanted " << b;
    }
  }
  EXPECT_FALSE(std::getline(got, got_line)) << "more lines than expected";
}

}  // namespace polyphase::testing
