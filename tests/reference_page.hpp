#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace polyphase::testing {

/// The pages in docs/ that are made by the program are what it makes; UPDATE_GOLDEN=1 writes them
/// anew.
inline void expect_page(const std::string& name, const std::string& now) {
  const std::string path = std::string(POLYPHASE_SOURCE_DIR "/docs/") + name;
  if (std::getenv("UPDATE_GOLDEN") != nullptr) std::ofstream(path, std::ios::binary) << now;
  std::ifstream stream(path, std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  EXPECT_TRUE(text == now) << path << " is not what the program makes; run with UPDATE_GOLDEN=1";
}

}  // namespace polyphase::testing
