#pragma once

#include <array>

#include "metering/datasets.hpp"

namespace polyphase::testing {

/// A window of 50 Hz with these bins on V1, in volts.
struct FakeWindow final : metering::Bins {
  FakeWindow() {
    spectrum.cycles = 10;
    spectrum.frequency_hz = 50;
    spectrum.order_max = 60;
    data.window = &spectrum;
    data.bins = this;
    data.present = 0x07;
  }
  metering::PerChannel<float> bin_rms(std::size_t bin) const override { return {rms[bin]}; }
  std::array<float, 601> rms{};
  metering::Window spectrum;
  metering::WindowData data;
};

}  // namespace polyphase::testing
