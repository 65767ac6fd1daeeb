#include "modules/harmonics_measurement/harmonics_measurement.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

#include "dsp/kernels.hpp"
#include "graph/describe.hpp"
#include "metering/datasets.hpp"
#include "pq/distortion.hpp"

namespace polyphase::modules::harmonics_measurement {
namespace {

using graph::Aggregation;
using graph::not_available;
using graph::RegisterType;
using metering::harmonic_order_max;
namespace describe = graph::describe;

enum Input : std::size_t { window, interval, demand };
enum Setting : std::size_t { channel, highest_order, interharmonics, thd_base };

constexpr unsigned thd_order_max = 50;

// Outputs: the ratios, then one block per kind, each in the order of n.
enum Output : std::size_t {
  thd,
  tehd,
  tohd,
  tdd,
  k_factor,
  crest,
  percent,                                     // H1..
  magnitude = percent + harmonic_order_max,    // H1 mag..
  angle = magnitude + harmonic_order_max,      // H1 ang..
  interharmonic = angle + harmonic_order_max,  // IH0..
  content = interharmonic + harmonic_order_max + 1,
};

graph::ModuleDescriptor describe_measurement() {
  graph::ModuleDescriptor d;
  d.type = "Harmonics Measurement";
  d.number = 19;
  d.help = "Harmonics, interharmonics and distortion of one channel over 10 or 12 cycles.";
  d.inputs = {
      describe::dataset("Window", "window", "the spectrum of all channels"),
      describe::dataset("Interval", "interval", "means over the same cycles, for the crest factor"),
      describe::optional("Demand", RegisterType::numeric,
                         "maximum demand current, which TDD relates to"),
  };
  d.inputs[window].mandatory = true;
  d.setups = {
      describe::choice("Channel", {channel_names.begin(), channel_names.end()}, 0, "which input"),
      describe::number("Highest Order", "", 2, harmonic_order_max, harmonic_order_max,
                       "orders beyond are N/A; fixed by the template"),
      describe::toggle("Interharmonics", false,
                       "whether IH0 and up are measured; fixed by the template"),
      describe::choice(
          "THD Base", {"FUNDAMENTAL", "RMS"}, 0,
          "what THD, TEHD and TOHD are related to; RMS: of all orders, often written thd"),
  };
  d.setups[highest_order].fixed = d.setups[interharmonics].fixed =
      true;  // what the tiers differ in
  const auto add = [&](std::string name, const char* unit, std::string help,
                       Aggregation aggregation) {
    d.outputs.push_back(describe::output(std::move(name), RegisterType::numeric, unit,
                                         std::move(help), aggregation));
  };
  add("THD", "%", "total harmonic distortion", Aggregation::rms);
  add("TEHD", "%", "total distortion by even harmonics", Aggregation::rms);
  add("TOHD", "%", "total distortion by odd harmonics", Aggregation::rms);
  add("TDD", "%", "total demand distortion; N/A where Demand is not linked", Aggregation::rms);
  add("K Fac", "", "K factor", Aggregation::mean);
  add("Crest", "", "crest factor; N/A where Interval is not linked", Aggregation::mean);
  for (unsigned h = 1; h <= harmonic_order_max; ++h)
    add(fmt::format("H{}", h), "%", fmt::format("harmonic {}, of the fundamental", h),
        Aggregation::rms);
  for (unsigned h = 1; h <= harmonic_order_max; ++h)
    add(fmt::format("H{} mag", h), "", fmt::format("harmonic {}, rms, V or A", h),
        Aggregation::rms);
  for (unsigned h = 1; h <= harmonic_order_max; ++h)
    add(fmt::format("H{} ang", h), "deg", fmt::format("harmonic {}, angle to V1's fundamental", h),
        Aggregation::last);
  for (unsigned h = 0; h <= harmonic_order_max; ++h)
    add(fmt::format("IH{}", h), "%",
        fmt::format("between harmonics {} and {}, of the fundamental", h, h + 1), Aggregation::rms);
  add("HC", "", "harmonic content: rms of orders 2 to 50, V or A", Aggregation::rms);
  d.events = {describe::setup_event()};
  return d;
}

class Measurement final : public graph::Module {
 public:
  Result<void> configure(const graph::Setup& setup) override {
    channel_ = setup.choice(channel);
    highest_ = static_cast<unsigned>(setup.number(highest_order));
    interharmonics_ = setup.enabled(interharmonics);
    of_rms_ = setup.choice(thd_base) == 1;
    return {};
  }

  std::string unit(std::size_t o, const graph::Setup& setup,
                   std::span<const std::string>) const override {
    if ((o < magnitude || o >= angle) && o != content) return {};
    return setup.choice(channel) < static_cast<std::size_t>(Channel::i1) ? "V" : "A";
  }

  void run(graph::Step& step) noexcept override {
    const auto* data = step.dataset<metering::WindowData>(window);
    if (data == nullptr || data->window == nullptr) return;
    const metering::Window& spectrum = *data->window;
    const unsigned top =
        (data->present >> channel_ & 1u) != 0 ? std::min(highest_, spectrum.order_max) : 0;
    for (unsigned h = 1; h <= top; ++h)
      magnitudes_[h] = static_cast<double>(spectrum.harmonics()[h][channel_]);
    tell_orders(step, *data, top);
    tell_ratios(step, top);
    step.out(crest, crest_factor(step));
  }

 private:
  double related(double value) const {
    return magnitudes_[1] > 0 ? 100 * value / magnitudes_[1] : not_available;
  }

  void tell_orders(graph::Step& step, const metering::WindowData& data, unsigned top) {
    const metering::Window& spectrum = *data.window;
    const bool v1 = (data.present & mask_of(Channel::v1)) != 0;
    const std::complex<double> first = spectrum.phasor[1][0];
    const double reference = v1 && first != 0.0 ? std::arg(first) : not_available;
    find_angles(spectrum, top);
    for (unsigned h = 1; h <= harmonic_order_max; ++h) {
      const bool there = h <= top;
      step.out(percent + h - 1, there ? related(magnitudes_[h]) : not_available);
      step.out(magnitude + h - 1, there ? magnitudes_[h] : not_available);
      step.out(angle + h - 1, there && spectrum.phasor[h][channel_] != 0.0f
                                  ? angle_to(angles_[h], reference, h)
                                  : not_available);
    }
    for (unsigned h = 0; h <= harmonic_order_max; ++h)
      step.out(interharmonic + h,
               interharmonics_ && h <= top && top > 0
                   ? related(static_cast<double>(spectrum.between()[h][channel_]))
                   : not_available);
  }

  void tell_ratios(graph::Step& step, unsigned top) {
    const auto counted = std::span(magnitudes_).first(std::min(top, thd_order_max) + 1);
    const pq::Distortion distortion = pq::distortion_of(counted);
    const double all = std::hypot(1, distortion.total / 100);  // rms over the fundamental
    const double base_of = of_rms_ ? all : 1;
    step.out(thd, distortion.total / base_of);
    step.out(tehd, distortion.even / base_of);
    step.out(tohd, distortion.odd / base_of);
    step.out(content, top > 0 ? pq::harmonic_content(counted) : not_available);
    step.out(k_factor, distortion.k_factor);
    const double base = step.linked(demand) ? step.in(demand) : not_available;
    step.out(tdd, top > 0 && base > 0 ? 100 * pq::harmonic_content(counted) / base : not_available);
  }

  double crest_factor(const graph::Step& step) const {
    const auto* means = step.dataset<metering::IntervalData>(interval);
    if (means == nullptr || (means->present >> channel_ & 1u) == 0) return not_available;
    const double rms = means->means.rms[channel_];
    return rms > 0 ? means->means.peak[channel_] / rms : not_available;
  }

  // The phasors are float: so are their angles, all orders at once.
  void find_angles(const metering::Window& spectrum, unsigned top) {
    std::array<float, harmonic_order_max + 1> re{}, im{};
    for (unsigned h = 1; h <= top; ++h) {
      re[h] = spectrum.phasor[h][channel_].real();
      im[h] = spectrum.phasor[h][channel_].imag();
    }
    static_assert(re.size() % 8 == 0);
    dsp::kernels().spectra->arguments(re.data(), im.data(), re.size(), angles_.data());
  }

  static double angle_to(float angle, double reference, unsigned order) {
    constexpr double whole_turn = 2 * std::numbers::pi;
    const double turns = (static_cast<double>(angle) - order * reference) / whole_turn;
    const double whole = static_cast<int>(turns + (turns < 0 ? -0.5 : 0.5));
    return (turns - whole) * 360;
  }

  std::size_t channel_ = 0;
  unsigned highest_ = harmonic_order_max;
  bool interharmonics_ = false, of_rms_ = false;
  std::array<double, harmonic_order_max + 1> magnitudes_{};
  std::array<float, harmonic_order_max + 1> angles_{};
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_measurement();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Measurement>(); }

}  // namespace polyphase::modules::harmonics_measurement
