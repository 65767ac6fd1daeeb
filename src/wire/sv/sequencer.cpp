#include "wire/sv/sequencer.hpp"

#include "base/contract.hpp"

namespace polyphase::wire::sv {
namespace {

// Places behind that are remembered: a sample that comes twice is told from one that comes late.
constexpr std::size_t remembered = 2 * Sequencer::window;

}  // namespace

Sequencer::Sequencer(std::uint32_t wrap, std::uint32_t gap_max)
    : wrap_(wrap), gap_max_(gap_max), slots_(gap_max + 2 * window + remembered) {
  EXPECTS(wrap >= 4 * window && wrap <= 65536 && gap_max < wrap / 2);
}

Sequencer::Push Sequencer::push(std::uint16_t sample_count, std::size_t payload) {
  if (!running_) return Push::new_run;
  const std::int64_t newest = end_ - 1;
  std::int64_t step = (sample_count - (first_count_ + newest)) % wrap_;
  if (step > wrap_ / 2) step -= wrap_;
  if (step <= -wrap_ / 2) step += wrap_;
  if (step > gap_max_ || -step > gap_max_) return Push::new_run;
  const std::int64_t position = newest + step;
  if (step > 0) {
    EXPECTS(position - next_ < static_cast<std::int64_t>(slots_.size() - remembered));
    while (end_ <= position) slot(end_++) = {};
  } else if (position < next_) {
    if (-step >= static_cast<std::int64_t>(remembered)) return Push::new_run;
    return position >= 0 && slot(position).present ? Push::duplicate : Push::too_late;
  } else if (slot(position).present) {
    return Push::duplicate;
  }
  slot(position) = {true, payload};
  return step > 0 ? Push::kept : Push::reordered;
}

void Sequencer::start(std::uint16_t sample_count, std::size_t payload) {
  EXPECTS(empty());
  running_ = true;
  first_count_ = sample_count;
  next_ = 0;
  end_ = 1;
  slot(0) = {true, payload};
}

bool Sequencer::next(Place& place, bool all) {
  if (empty()) return false;
  const Slot& oldest = slot(next_);
  const bool waiting = !oldest.present && end_ - next_ <= static_cast<std::int64_t>(window);
  if (waiting && !all) return false;
  place = {oldest.present, oldest.payload, next_++};
  return true;
}

}  // namespace polyphase::wire::sv
