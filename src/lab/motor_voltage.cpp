#include "lab/motor_voltage.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "pq/ride_through.hpp"

namespace polyphase::lab {
namespace {

constexpr auto interval_ns = static_cast<std::int64_t>(MotorVoltage::interval_s * 1e9);
constexpr double lacking_s_max = 0.5;

double unbalance_percent(const std::array<double, 3>& v) {
  const double mean = (v[0] + v[1] + v[2]) / 3;
  double worst = 0;
  for (const double line : v) worst = std::max(worst, std::abs(line - mean));
  return mean > 0 ? 100 * worst / mean : registers::not_available;
}

}  // namespace

MotorVoltage::MotorVoltage(const graph::Engine& engine)
    : engine_(engine),
      ready_(engine.registers().find("10m Ready").value_or(registers::no_register)),
      valid_(engine.registers().find("Valid 10m").value_or(registers::no_register)) {
  constexpr std::array<const char*, 3> labels{"Vll ab", "Vll bc", "Vll ca"};
  for (std::size_t i = 0; i < lines_.size(); ++i)
    lines_[i] = engine.registers().find(labels[i]).value_or(registers::no_register);
}

void MotorVoltage::stepped(graph::Cadence cadence, Instant end, double duration_s,
                           Quality quality) noexcept {
  if (ready_ != registers::no_register && engine_.registers().info(ready_).cadence == cadence)
    look(end);
  if (cadence != graph::Cadence::second || quality.has(Quality::partial)) return;
  const std::int64_t number = interval_of(end.plus_ns(-1), interval_ns);
  if (number != number_) close();
  number_ = number;
  std::array<double, 3> volts{};
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    if (lines_[i] == registers::no_register) return;
    const registers::Value& value = engine_.registers().value(lines_[i]);
    if (!registers::available(value.number)) return;
    volts[i] = value.number;
    quality_ |= value.quality;
  }
  for (std::size_t i = 0; i < volts.size(); ++i) squares_[i] += volts[i] * volts[i] * duration_s;
  covered_s_ += duration_s;
}

// The pulse comes a little beside the end of the interval, which may not be closed here yet.
void MotorVoltage::look(Instant end) {
  if (ready_ == registers::no_register || valid_ == registers::no_register) return;
  const double count = engine_.registers().value(ready_).number;
  if (!registers::available(count) || count == seen_) return;
  seen_ = count;
  if (engine_.registers().value(valid_).number != 1) return;
  judged_number_ = interval_of(end.plus_s(-interval_s / 2), interval_ns);
  if (!points_.empty() && points_.back().end == Instant{(judged_number_ + 1) * interval_ns})
    points_.back().counts = true;
}

void MotorVoltage::finish(Instant end) {
  look(end);
  close();
}

void MotorVoltage::close() {
  if (covered_s_ > 0) {
    std::array<double, 3> volts{};
    for (std::size_t i = 0; i < volts.size(); ++i) volts[i] = std::sqrt(squares_[i] / covered_s_);
    if (covered_s_ < interval_s - lacking_s_max) quality_.add(Quality::partial);
    points_.push_back({Instant{(number_ + 1) * interval_ns}, unbalance_percent(volts), quality_,
                       number_ == judged_number_});
  }
  squares_ = {};
  covered_s_ = 0;
  quality_ = {};
}

MotorUnbalance MotorVoltage::unbalance() const {
  MotorUnbalance found;
  found.measured = !points_.empty();
  found.count = tally_of(points_);
  std::vector<double> values;
  for (const ReportPoint& point : points_)
    if (!point.excluded()) values.push_back(point.value);
  if (values.empty()) return found;
  found.highest = *std::max_element(values.begin(), values.end());
  found.at_95 = percentile(values, 95);
  return found;
}

std::string derating_text(double unbalance_percent) {
  const double share = pq::motor_derating(unbalance_percent);
  return registers::available(share) ? fmt::format("{:.3f}", share)
                                     : "none (above 5 % a motor should not run)";
}

std::vector<std::pair<std::string, std::string>> facts_of(const MotorUnbalance& unbalance) {
  if (!unbalance.measured) return {};
  if (unbalance.count.valid == 0)
    return {{"Voltage unbalance (NEMA MG 1)",
             fmt::format("no interval of 10 min counts: {:.0f} flagged, {:.0f} not whole",
                         unbalance.count.flagged, unbalance.count.not_whole)}};
  return {{"Voltage unbalance (NEMA MG 1)",
           fmt::format("{:.3f} % for 95 % of the intervals, {:.3f} % at most, of 10 min; {:.0f} "
                       "valid, {:.0f} excluded",
                       unbalance.at_95, unbalance.highest, unbalance.count.valid,
                       unbalance.count.invalid)},
          {"Motor derating (NEMA MG 1)",
           fmt::format("{} for 95 % of the intervals, {} at the highest unbalance",
                       derating_text(unbalance.at_95), derating_text(unbalance.highest))}};
}

void put_motor(text::JsonWriter& json, const MotorUnbalance& unbalance) {
  json.key("motor_voltage");
  if (!unbalance.measured) {
    json.null();
    return;
  }
  json.begin_object().key("unbalance_95_percent").number(unbalance.at_95);
  json.key("unbalance_highest_percent").number(unbalance.highest);
  json.key("derating_95_percent").number(pq::motor_derating(unbalance.at_95));
  json.key("derating_at_highest").number(pq::motor_derating(unbalance.highest));
  json.key("valid").number(unbalance.count.valid).key("excluded").number(unbalance.count.invalid);
  json.key("source").text("NEMA MG 1, 14.36; edition and clause text not read").end_object();
}

}  // namespace polyphase::lab
