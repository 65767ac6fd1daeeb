#include "lab/report_event.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "pq/en50160.hpp"
#include "pq/ride_through.hpp"

namespace polyphase::lab {
namespace {

using registers::not_available;

// What is beyond a curve stays so, however long it goes on.
const char* word(pq::RideThrough place, bool open) {
  return place == pq::RideThrough::inside  ? (open ? "-" : "inside")
         : place == pq::RideThrough::above ? "above"
                                           : "below";
}

}  // namespace

double percent_of(const registers::Disturbance& event) {
  return event.nominal > 0 ? 100 * event.extreme / event.nominal : not_available;
}

std::string cell_of(const registers::Disturbance& event) {
  const double duration_s = event.duration(), percent = percent_of(event);
  if (event.open) return "-";
  if (event.type == "interruption")
    return fmt::format("N{}", pq::en50160::interruption_class(duration_s) + 1);
  if (event.type == "swell") {
    const auto cell = pq::en50160::swell_cell(percent, duration_s);
    return cell ? pq::en50160::swell_cell_names[*cell] : "-";
  }
  const auto cell = pq::en50160::dip_cell(percent, duration_s);
  return cell ? pq::en50160::dip_cell_names[*cell] : "-";
}

std::string iti_of(const registers::Disturbance& event) {
  return word(pq::classify_iti(percent_of(event), event.duration()), event.open);
}

std::string semi_f47_of(const registers::Disturbance& event) {
  if (event.type == "swell") return "-";  // it says what a low voltage must not stop
  return word(pq::classify_semi_f47(percent_of(event), event.duration()), event.open);
}

bool semi_f47_is_required(const registers::Disturbance& event) {
  const double duration_s = event.duration();
  // What lasts longer has been as deep within the time of the requirement.
  constexpr double first_step_s = 0.2;
  const double required =
      pq::limit_at(pq::semi_f47(), std::clamp(duration_s, first_step_s, semi_f47_required_to_s));
  return percent_of(event) < required ? duration_s > semi_f47_required_from_s
                                      : duration_s <= semi_f47_required_to_s;
}

std::string semi_f47_text(const registers::Disturbance& event) {
  const std::string place = semi_f47_of(event);
  return place == "-" || semi_f47_is_required(event) ? place : place + " (rec.)";
}

std::string channels_of(const registers::Disturbance& event) {
  std::string list;
  for (std::size_t c = 0; c < channel_count; ++c)
    if (event.per_channel[c].affected)
      list += fmt::format("{}{}", list.empty() ? "" : " ", channel_names[c]);
  return list;
}

std::string direction_of(const registers::Disturbance& event) {
  if (!event.direction) return "-";
  if (event.direction->direction == Direction::undetermined) return "undetermined";
  return fmt::format("{} ({})", word_of(event.direction->direction),
                     word_of(event.direction->confidence));
}

}  // namespace polyphase::lab
