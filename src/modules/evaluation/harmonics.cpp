#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "graph/describe.hpp"
#include "modules/evaluation/counting.hpp"
#include "modules/evaluation/evaluation.hpp"
#include "modules/evaluation/limits.hpp"
#include "pq/distortion.hpp"
#include "pq/en50160.hpp"
#include "pq/ieee519.hpp"
#include "pq/percentiles.hpp"
#include "pq/spectrum_aggregate.hpp"

namespace polyphase::modules::evaluation {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
using metering::harmonic_order_max;
namespace describe = graph::describe;
namespace ieee519 = pq::ieee519;

constexpr std::size_t first_current = static_cast<std::size_t>(Channel::i1);

enum Input : std::size_t {
  source,
  base,
  first_counting_input,
  edition = first_counting_input + 4,
  bus_voltage,
  short_circuit
};
enum Setting : std::size_t {
  channel,
  limits_of,
  custom_limits,
  total_limit,
  limit_factor,
  highest_order,
  percentile,
  first_counting_setup,
};
enum Output : std::size_t {
  num_valid,
  num_invalid,
  num_orders,
  num_total,
  orders_ratio,
  total_ratio,
  worst_ratio,
  worst_order,
  orders_comply,
  total_complies,
  exceeded,
  total,
  load,
  total_percentile,
  load_percentile,
};
enum Kept : std::size_t { orders_beyond, total_beyond, first_order };  // the 2nd
enum class Source : std::size_t { custom, en50160, ieee519 };

graph::ModuleDescriptor describe_evaluation() {
  graph::ModuleDescriptor d;
  d.type = "Harmonics Evaluation";
  d.number = 63;
  d.help = "Counts how often the harmonics of a channel were beyond their limits.";
  d.inputs = {
      describe::dataset("Source", "spectrum aggregate", "the spectrum of an interval"),
      describe::setup_link("Base", RegisterType::numeric,
                           "what percentages relate to: maximum demand current or nominal voltage; "
                           "not linked: the fundamental"),
  };
  add_inputs(d, "nothing is evaluated, the outputs stay", "a new spectrum has come");
  d.inputs.push_back(
      describe::setup_link("Edition", RegisterType::enumerated, "of IEEE 519: 1992, 2014, 2022"));
  d.inputs.push_back(describe::setup_link("Bus Voltage", RegisterType::enumerated,
                                          "for IEEE 519: up to 1, 69, 161 kV, above"));
  d.inputs.push_back(describe::setup_link("Short Circuit Current", RegisterType::numeric,
                                          "for the limits of currents of IEEE 519"));
  d.inputs[source].mandatory = true;
  d.setups = {
      describe::choice("Channel", {channel_names.begin(), channel_names.end()}, 0, "which input"),
      describe::choice("Limits", {"CUSTOM", "EN 50160", "IEEE 519"}, 1, "where limits come from"),
      describe::text("Custom Limits", "", "percent by order: 5=6;7=5; interharmonics: i5=0.2"),
      describe::number("Total Limit", "%", 0, 1'000, pq::en50160::distortion().usual.high,
                       "of THD or TDD; under IEEE 519 that of its table holds"),
      describe::number("Limit Factor", "", 0.01, 100, 1, "times every limit"),
      describe::number("Highest Order", "", 2, harmonic_order_max, 40, "that is looked at"),
      describe::number("Percentile", "%", 1, 100, 95, "of the outputs of that name"),
  };
  add_setups(d, 5);
  const auto add = [&](const char* name, RegisterType type, const char* unit, const char* help) {
    add_output(d, name, type, unit, help);
  };
  add("Num Valid", RegisterType::numeric, "", "valid intervals");
  add("Num Invalid", RegisterType::numeric, "", "intervals that were not evaluated");
  add("Num Exceed 1", RegisterType::numeric, "", "intervals with an order above its limit");
  add("Num Exceed 2", RegisterType::numeric, "", "intervals with the total above its limit");
  add("Exceed Ratio 1", RegisterType::numeric, "%", "Num Exceed 1 over Num Valid");
  add("Exceed Ratio 2", RegisterType::numeric, "%", "Num Exceed 2 over Num Valid");
  add("Worst Ratio", RegisterType::numeric, "%",
      "of the order that was most often above its limit");
  add("Worst Order", RegisterType::numeric, "", "which that is; 0: none was");
  add("Orders Comply", RegisterType::boolean, "", "1: Worst Ratio is at most Exceed Max");
  add("Total Complies", RegisterType::boolean, "", "1: Exceed Ratio 2 is at most Exceed Max");
  add("Exceeded", RegisterType::pulse, "", "a limit was exceeded");
  add("Total", RegisterType::numeric, "%", "distortion of the interval evaluated last");
  add("Load", RegisterType::numeric, "%", "its largest order, in percent of the limit");
  add("Total Percentile", RegisterType::numeric, "%", "of the totals, within 0.9 %");
  add("Load Percentile", RegisterType::numeric, "%", "of the loads, within 0.9 %");
  d.events = {{"Limit", -1, "harmonic limit exceeded, distortion limit exceeded"},
              describe::reset_event(),
              describe::setup_event()};
  d.retained = {"valid", "invalid", "exceed 1", "exceed 2"};
  for (unsigned h = 2; h <= harmonic_order_max; ++h)
    d.retained.push_back(fmt::format("exceed H{}", h));
  return d;
}

class Harmonics final : public Counting {
 public:
  Harmonics()
      : Counting({first_counting_input, first_counting_setup},
                 first_order + harmonic_order_max - 1) {}

  Result<void> configure(const graph::Setup& setup) override {
    auto custom = parse_limits(setup.text(custom_limits));
    if (!custom) return tl::unexpected(custom.error());
    channel_ = setup.choice(channel);
    limits_of_ = static_cast<Source>(setup.choice(limits_of));
    limits_ = limits_of_ == Source::en50160 ? limits_of_en50160() : *custom;
    total_limit_ = setup.number(total_limit);
    factor_ = setup.number(limit_factor);
    highest_ = static_cast<unsigned>(setup.number(highest_order));
    percentile_ = setup.number(percentile);
    configure_counting(setup);
    return {};
  }

 private:
  void forget() override {
    totals_.clear();
    loads_.clear();
    newest_total_ = newest_load_ = not_available;
  }

  bool judge(graph::Step& step) override {
    const auto* spectrum = step.dataset<pq::SpectrumAggregate>(source);
    if (spectrum == nullptr || spectrum->windows == 0 ||
        (spectrum->present >> channel_ & 1u) == 0 || left_out(step, spectrum->quality) ||
        !take_limits(step) || !take_percent(*spectrum, step))
      return false;
    compare(step);
    return true;
  }

  static double linked_value(const graph::Step& step, std::size_t i) {
    return step.linked(i) ? step.value_of(i).number : not_available;
  }

  // False where IEEE 519 has none, because somebody has not said what it depends on.
  bool take_limits(const graph::Step& step) {
    if (limits_of_ != Source::ieee519) return true;
    const double year = linked_value(step, edition), bus = linked_value(step, bus_voltage);
    const double ratio = linked_value(step, short_circuit) / linked_value(step, base);
    const bool current = channel_ >= first_current;
    constexpr auto highest_bus = static_cast<double>(ieee519::BusVoltage::above_161_kv);
    if (!available(year) || !(bus <= highest_bus) || (current && !(ratio > 0))) return false;
    const auto of_year = static_cast<ieee519::Edition>(year);
    const auto of_bus = static_cast<ieee519::BusVoltage>(bus);
    const ieee519::Limits found = current ? ieee519::current_limits(of_year, of_bus, ratio)
                                          : ieee519::voltage_limits(of_year, of_bus);
    std::copy(found.order.begin() + 2, found.order.end(), limits_.order.begin() + 2);
    total_limit_ = found.total;
    return true;
  }

  bool take_percent(const pq::SpectrumAggregate& spectrum, const graph::Step& step) {
    top_ = std::min(highest_, spectrum.order_max);
    const double fundamental = static_cast<double>(spectrum.subgroup[1][channel_]);
    const double whole = step.linked(base) ? linked_value(step, base) : fundamental;
    if (!(whole > 0) || top_ < 2) return false;
    for (unsigned h = 0; h <= top_; ++h) {
      percent_[h] = 100 * static_cast<double>(spectrum.subgroup[h][channel_]) / whole;
      between_[h] = 100 * static_cast<double>(spectrum.interharmonic[h][channel_]) / whole;
    }
    return true;
  }

  void compare(graph::Step& step) {
    newest_total_ = pq::harmonic_content(std::span(percent_).first(top_ + 1));
    newest_load_ = not_available;
    bool any = false;
    const auto above = [&](double value, double limit) {
      if (!available(limit)) return false;
      const double of_limit = 100 * value / (limit * factor_);
      newest_load_ = available(newest_load_) ? std::max(newest_load_, of_limit) : of_limit;
      any = any || of_limit > 100;
      return of_limit > 100;
    };
    for (unsigned h = 2; h <= top_; ++h)
      if (above(percent_[h], limits_.order[h])) kept(first_order + h - 2) += 1;
    for (unsigned h = 0; h <= top_; ++h) above(between_[h], limits_.interharmonic[h]);
    const bool all = newest_total_ > total_limit_ * factor_;
    kept(orders_beyond) += any ? 1 : 0;
    kept(total_beyond) += all ? 1 : 0;
    totals_.add(newest_total_);
    loads_.add(newest_load_);
    if (any || all) step.pulse(exceeded);
    if (any && priority() != 0) step.event(priority(), num_orders, "harmonic limit exceeded");
    if (all && priority() != 0)
      step.event(priority(), num_total, "distortion limit exceeded", step.source_of(source),
                 newest_total_);
  }

  void tell(graph::Step& step) const override {
    const bool any = valid() > 0;
    const auto orders = kept_from(first_order);
    const auto worst = std::max_element(orders.begin(), orders.end());
    const auto ratio = [this](double count) { return percent_of_valid(count); };
    const auto put = [&](std::size_t o, bool there, double value) {
      step.out(o, there ? value : not_available);
    };
    put(num_valid, evaluated(), valid());
    put(num_invalid, evaluated(), invalid());
    put(num_orders, evaluated(), kept(orders_beyond));
    put(num_total, evaluated(), kept(total_beyond));
    put(orders_ratio, any, ratio(kept(orders_beyond)));
    put(total_ratio, any, ratio(kept(total_beyond)));
    put(worst_ratio, any, ratio(*worst));
    put(worst_order, any, *worst > 0 ? static_cast<double>(worst - orders.begin() + 2) : 0);
    put(orders_comply, any, ratio(*worst) <= exceed_max() ? 1 : 0);
    put(total_complies, any, ratio(kept(total_beyond)) <= exceed_max() ? 1 : 0);
    step.out(total, newest_total_);
    step.out(load, newest_load_);
    Quality quality;
    if (static_cast<double>(totals_.count()) < valid()) quality.add(Quality::partial);
    step.out(total_percentile, totals_.at(percentile_), quality);
    step.out(load_percentile, loads_.at(percentile_), quality);
  }

  std::size_t channel_ = 0;
  Source limits_of_ = Source::en50160;
  Limits limits_;
  double total_limit_ = 0, factor_ = 1, percentile_ = 95;
  unsigned highest_ = 40;
  unsigned top_ = 0;  ///< highest order of the interval
  std::array<double, harmonic_order_max + 1> percent_{}, between_{};
  double newest_total_ = not_available, newest_load_ = not_available;
  pq::Percentiles totals_, loads_;
};

}  // namespace

const graph::ModuleDescriptor& harmonics_descriptor() {
  static const graph::ModuleDescriptor d = describe_evaluation();
  return d;
}

std::unique_ptr<graph::Module> create_harmonics() { return std::make_unique<Harmonics>(); }

}  // namespace polyphase::modules::evaluation
