#include "meter/resets.hpp"

#include <array>

namespace polyphase::meter {

std::span<const Reset> resets() {
  using control::Right;
  static const std::array<Reset, 6> list{
      Reset{{"peak-demand", "Peak Demand", Right::peak_demand_reset}, "Peak Reset"},
      Reset{{"min-max", "Min/Max", Right::full_config}, "MinMax Reset"},
      Reset{{"harmonic-min-max", "Harmonic Min/Max", Right::full_config}, "Harmonic Reset"},
      Reset{{"disturbance-counters", "Disturbance Counters", Right::full_config},
            "Disturbance Reset"},
      Reset{{"en50160", "EN 50160", Right::full_config}, "EN50160 Reset"},
      Reset{{"master", "Master", Right::full_config}, nullptr},
  };
  return list;
}

}  // namespace polyphase::meter
