#pragma once

#include <array>
#include <string>
#include <string_view>

#include "lab/session.hpp"

namespace polyphase::lab {

/// What a meter shows while it runs: a page in which no reading ever changes its place, or a line.
class LiveTable {
 public:
  LiveTable(const registers::RegisterTable& table, const Findings& findings, std::string title)
      : table_(table), findings_(findings), title_(std::move(title)) {}

  std::string page(Instant now) const;
  std::string line(Instant now) const;

 private:
  std::string value(std::string_view label, int decimals) const;
  std::string row(const char* name, std::array<const char*, 4> labels, const char* unit,
                  int decimals) const;
  std::string latest_events() const;

  const registers::RegisterTable& table_;
  const Findings& findings_;
  std::string title_;
};

}  // namespace polyphase::lab
