#include "pq/voltage_events.hpp"

#include <algorithm>

namespace polyphase::pq {
namespace {

using Kind = VoltageEventKind;
// Deepest first.
constexpr std::array kinds{Kind::interruption, Kind::sag, Kind::swell};

std::size_t index(Kind kind) { return static_cast<std::size_t>(kind); }

}  // namespace

void VoltageEvents::configure(const VoltageLimits& limits) {
  const auto below = [&](double limit, bool all) {
    return Threshold{Threshold::Side::below, limit, limit + limits.hysteresis, all};
  };
  machines_[index(Kind::sag)].configure(below(limits.sag, false));
  machines_[index(Kind::interruption)].configure(below(limits.interruption, true));
  machines_[index(Kind::swell)].configure(
      {Threshold::Side::above, limits.swell, limits.swell - limits.hysteresis, false});
}

std::span<const VoltageEvents::Ended> VoltageEvents::update(
    std::span<const RmsWindow> channels) noexcept {
  std::size_t count = 0;
  if (!any_active()) interrupted_s_ = 0;
  for (const Kind kind : kinds) {
    ThresholdEvent& machine = machines_[index(kind)];
    const bool before = machine.active();
    const auto change = machine.update(channels);
    if (kind == Kind::sag) {
      if (change == ThresholdEvent::Change::started) interrupted_ = false;
      interrupted_ = interrupted_ || active(Kind::interruption) || count > 0;
    }
    if (!before || change != ThresholdEvent::Change::ended) continue;
    const EventRecord record = machine.record({});
    if (kind == Kind::interruption) interrupted_s_ += record.duration_s;
    if (tells(kind, record, interrupted_s_)) told_[count++] = {kind, record};
  }
  return std::span(told_).first(count);
}

std::span<const VoltageEvents::Ended> VoltageEvents::open(Instant now) noexcept {
  std::size_t count = 0;
  double interrupted_s = interrupted_s_;
  for (const Kind kind : kinds) {
    if (!active(kind)) continue;
    const EventRecord record = machine(kind).record(now);
    if (kind == Kind::interruption) interrupted_s += record.duration_s;
    if (tells(kind, record, interrupted_s)) told_[count++] = {kind, record};
  }
  return std::span(told_).first(count);
}

bool VoltageEvents::tells(Kind kind, const EventRecord& record, double interrupted_s) const {
  return kind != Kind::sag || !interrupted_ || record.duration_s - interrupted_s > brief_s_max;
}

bool VoltageEvents::any_active() const {
  return std::any_of(machines_.begin(), machines_.end(), [](const auto& m) { return m.active(); });
}

}  // namespace polyphase::pq
