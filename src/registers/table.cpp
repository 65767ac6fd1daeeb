#include "registers/table.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace polyphase::registers {
namespace {

std::string folded(std::string_view text) {
  std::string lower(text);
  for (char& c : lower)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return lower;
}

/// Levenshtein distance of two short strings.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace

Result<Index> RegisterTable::add(RegisterInfo info) {
  if (finding_.use_count() > 1) finding_ = std::make_shared<Finding>(*finding_);
  const auto index = static_cast<Index>(infos_.size());
  const std::string qualified = info.module + "." + info.name;
  if (!finding_->by_handle.emplace(info.handle, index).second ||
      !finding_->by_name.emplace(qualified, index).second)
    return fail(ErrorCode::invalid_config,
                fmt::format("register {} (handle {:#x}) exists already", qualified, info.handle));
  finding_->by_folded_name.emplace(folded(qualified), index);
  if (!info.label.empty()) {
    finding_->by_name.emplace(info.label, index);
    finding_->by_folded_name.emplace(folded(info.label), index);
  }
  const bool text_output = info.type == RegisterType::string && info.role == Role::output;
  infos_.push_back(std::move(info));
  values_.emplace_back();
  texts_.emplace_back();
  if (text_output) texts_.back().reserve(text_output_max);
  return index;
}

std::optional<Index> RegisterTable::find(std::string_view label) const {
  const auto& [by_name, by_folded_name, by_handle] = *finding_;
  if (const auto it = by_name.find(std::string(label)); it != by_name.end()) return it->second;
  if (const auto it = by_folded_name.find(folded(label)); it != by_folded_name.end())
    return it->second;
  return std::nullopt;
}

std::optional<Index> RegisterTable::find(Handle handle) const {
  const auto it = finding_->by_handle.find(handle);
  return it == finding_->by_handle.end() ? std::nullopt : std::optional(it->second);
}

std::vector<std::string> RegisterTable::nearest(std::string_view label, std::size_t count) const {
  const std::string wanted = folded(label.substr(0, 80));
  std::vector<std::pair<std::size_t, std::string>> ranked;
  const bool qualified = wanted.find('.') != std::string::npos;
  for (const RegisterInfo& info : infos_) {
    const std::string name = qualified ? info.module + "." + info.name : info.label;
    if (!name.empty() && (qualified || info.role == Role::output))
      ranked.emplace_back(distance(wanted, folded(name)), name);
  }
  std::sort(ranked.begin(), ranked.end());
  std::vector<std::string> names;
  for (const auto& [d, name] : ranked)
    if (names.size() < count && (names.empty() || names.back() != name)) names.push_back(name);
  return names;
}

}  // namespace polyphase::registers
