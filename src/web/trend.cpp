#include "web/trend.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace polyphase::web {
namespace {

/// What people look back at first. A meter without one of them keeps the rest.
constexpr std::array kept{"Vln a",   "Vln b",       "Vln c", "Vln avg", "Vll ab", "Vll bc",
                          "Vll ca",  "Vll avg",     "I a",   "I b",     "I c",    "I avg",
                          "I 4",     "kW a",        "kW b",  "kW c",    "kW tot", "kVAR tot",
                          "kVA tot", "PF sign tot", "Freq",  "V unbal", "V1 THD", "I1 THD"};

constexpr std::int64_t ns_per_s = 1'000'000'000;

}  // namespace

Trend::Trend(const control::Meter& meter) : meter_(meter) {}

void Trend::learn(const control::Catalogue& catalogue) {
  learnt_ = true;
  catalogue_version_ = catalogue.version;
  std::vector<std::string> labels;
  std::vector<registers::Index> indices;
  units_.clear();
  for (const char* label : kept)
    if (const auto index = catalogue.registers.find(label)) {
      labels.emplace_back(label);
      indices.push_back(*index);
      units_.push_back(catalogue.registers.info(*index).unit);
    }
  indices_ = std::move(indices);
  if (labels == labels_) return;  // another configuration, the same past
  labels_ = std::move(labels);
  values_.assign(labels_.size() * seconds_max, registers::not_available);
  next_ = count_ = 0;
}

void Trend::tick() {
  const std::uint64_t sequence = meter_.sequence(registers::Cadence::second);
  if (sequence == sequence_) return;
  sequence_ = sequence;
  const auto catalogue = meter_.catalogue();
  if (!learnt_ || catalogue->version != catalogue_version_) learn(*catalogue);
  std::vector<registers::Value> read(indices_.size());
  if (indices_.empty() || !meter_.values(meter_.anonymous(control::Face::local), indices_, read))
    return;
  Instant latest;
  for (const auto& value : read) latest = std::max(latest, value.time);
  append(latest, read);
}

void Trend::append(Instant time, const std::vector<registers::Value>& values) {
  const std::int64_t second = (time.ns + ns_per_s / 2) / ns_per_s;
  if (count_ > 0 && second == second_end_) return;
  std::int64_t steps = second - second_end_;
  if (count_ == 0 || steps < 0 || steps > static_cast<std::int64_t>(seconds_max)) {
    count_ = 0;
    steps = 1;
  }
  for (; steps > 0; --steps) {
    for (std::size_t series = 0; series < labels_.size(); ++series)
      values_[series * seconds_max + next_] =
          steps == 1 ? values[series].number : registers::not_available;
    next_ = (next_ + 1) % seconds_max;
    count_ = std::min(count_ + 1, seconds_max);
  }
  second_end_ = second;
}

void Trend::write_series(text::JsonWriter& json, std::size_t series, std::size_t seconds) const {
  constexpr int digits = 7;
  json.begin_array();
  for (std::size_t age = std::min(seconds, count_); age-- > 0;)
    json.number(values_[series * seconds_max + slot(age)], digits);
  json.end_array();
}

Result<void> Trend::write(text::JsonWriter& json, const std::vector<std::string>& labels,
                          std::size_t seconds) const {
  std::vector<std::size_t> wanted;
  for (const std::string& label : labels) {
    const auto found = std::find(labels_.begin(), labels_.end(), label);
    if (found == labels_.end())
      return fail(ErrorCode::not_found,
                  fmt::format("'{}' is not kept for the last hour; these are: {}",
                              label.substr(0, 64), fmt::join(labels_, ", ")));
    wanted.push_back(static_cast<std::size_t>(found - labels_.begin()));
  }
  json.begin_object().key("step_s").integer(1).key("time_end");
  if (count_ == 0)
    json.null();
  else
    json.text(to_iso8601({second_end_ * ns_per_s}));
  json.key("labels").begin_array();
  for (std::size_t i = 0; i < (labels.empty() ? labels_.size() : wanted.size()); ++i)
    json.text(labels_[labels.empty() ? i : wanted[i]]);
  json.end_array().key("units").begin_array();
  for (std::size_t i = 0; i < (labels.empty() ? labels_.size() : wanted.size()); ++i)
    json.text(units_[labels.empty() ? i : wanted[i]]);
  json.end_array().key("values").begin_array();
  for (const std::size_t series : wanted) write_series(json, series, seconds);
  json.end_array().end_object();
  return {};
}

}  // namespace polyphase::web
