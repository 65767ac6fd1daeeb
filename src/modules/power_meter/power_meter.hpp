#pragma once

#include "graph/module.hpp"

namespace polyphase::modules::power_meter {

/// Setup registers of the Power Meter, in the order of its descriptor: the acquisition and the other
/// meters read them over links.
enum class SetupRegister : std::size_t {
  volts_mode, pt_prim, pt_sec, ct_prim, ct_sec, i4_ct_prim, i4_ct_sec, v4_pt_prim, v4_pt_sec,
  v1_polarity, v2_polarity, v3_polarity, v4_polarity, i1_polarity, i2_polarity, i3_polarity,
  i4_polarity, phase_order, kva_mode, pf_sign,
};

/// The regular Power Meter: primary values once a second. Owns the setup of the metering.
const graph::ModuleDescriptor& descriptor();
std::unique_ptr<graph::Module> create();

/// The same quantities over the last cycle, every half cycle; rms on each channel's own crossings.
const graph::ModuleDescriptor& high_speed_descriptor();
std::unique_ptr<graph::Module> create_high_speed();

/// The same quantities over 10 or 12 cycles.
const graph::ModuleDescriptor& window_descriptor();
std::unique_ptr<graph::Module> create_window();

/// Meter units: secondary values once a second.
const graph::ModuleDescriptor& secondary_descriptor();
std::unique_ptr<graph::Module> create_secondary();

}  // namespace polyphase::modules::power_meter
