#include "modules/harmonics_evaluation/harmonics_evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "graph/describe.hpp"
#include "modules/harmonics_evaluation/limits.hpp"
#include "pq/distortion.hpp"
#include "pq/en50160.hpp"
#include "pq/ieee519.hpp"
#include "pq/interval_count.hpp"
#include "pq/percentiles.hpp"
#include "pq/spectrum_aggregate.hpp"

namespace polyphase::modules::harmonics_evaluation {
namespace {

using graph::available;
using graph::not_available;
using graph::RegisterType;
using metering::harmonic_order_max;
namespace describe = graph::describe;
namespace ieee519 = pq::ieee519;

constexpr double counter_priority = 50;
constexpr std::size_t first_current = static_cast<std::size_t>(Channel::i1);

enum Input : std::size_t {
  source,
  base,
  valid,
  enable,
  evaluate,
  reset,
  edition,
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
  flagged,
  exceed_max,
  priority,
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
      describe::optional("Valid", RegisterType::boolean, "off at Evaluate: counts as invalid"),
      describe::enable("nothing is evaluated, the outputs stay"),
      describe::mandatory("Evaluate", RegisterType::pulse, "a new spectrum has come"),
      describe::optional("Reset", RegisterType::pulse,
                         "outputs to N/A until the next evaluation, also while disabled"),
      describe::setup_link("Edition", RegisterType::enumerated, "of IEEE 519: 1992, 2014, 2022"),
      describe::setup_link("Bus Voltage", RegisterType::enumerated,
                           "for IEEE 519: up to 1, 69, 161 kV, above"),
      describe::setup_link("Short Circuit Current", RegisterType::numeric,
                           "for the limits of currents of IEEE 519"),
  };
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
      describe::choice("Flagged", {"EXCLUDE", "COUNT"}, 0,
                       "whether disturbed or incomplete intervals are invalid"),
      describe::number("Exceed Max", "%", 0, 100, 5, "share that may exceed, for Complies"),
      describe::event_priority(counter_priority),
  };
  const auto add = [&](const char* name, RegisterType type, const char* unit, const char* help) {
    d.outputs.push_back(describe::output(name, type, unit, help));
    d.outputs.back().cadence = graph::Cadence::second;
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

class Evaluation final : public graph::Module {
 public:
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
    excludes_ = setup.choice(flagged) == 0;
    exceed_max_ = setup.number(exceed_max);
    priority_ = static_cast<std::uint8_t>(setup.number(priority));
    return {};
  }

  void run(graph::Step& step) noexcept override {
    if (step.pulses(reset) > 0) {
      state_.fill(0);
      totals_.clear();
      loads_.clear();
      newest_total_ = newest_load_ = not_available;
      tell(step);
      step.event(registers::priority::reset, num_valid, "reset");
    } else if (!started_) {
      tell(step);  // what was retained
    }
    started_ = true;
    if (step.pulses(evaluate) == 0 || !step.enabled(enable)) return;
    const auto* spectrum = step.dataset<pq::SpectrumAggregate>(source);
    if (spectrum != nullptr && counts(*spectrum, step) && take_limits(step) &&
        take_percent(*spectrum, step))
      judge(step);
    else
      invalid_ += 1;
    tell(step);
  }

  std::span<double> retained() override { return state_; }

 private:
  bool counts(const pq::SpectrumAggregate& spectrum, const graph::Step& step) const {
    const bool doubtful =
        spectrum.quality.has(Quality::disturbed) || spectrum.quality.has(Quality::partial);
    return spectrum.windows > 0 && (spectrum.present >> channel_ & 1u) != 0 &&
           !(excludes_ && doubtful) && (!step.linked(valid) || step.value_of(valid).number == 1);
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

  void judge(graph::Step& step) {
    newest_total_ = pq::harmonic_content(std::span(percent_).first(top_ + 1));
    newest_load_ = not_available;
    bool any = false;
    const auto compare = [&](double value, double limit) {
      if (!available(limit)) return false;
      const double of_limit = 100 * value / (limit * factor_);
      newest_load_ = available(newest_load_) ? std::max(newest_load_, of_limit) : of_limit;
      any = any || of_limit > 100;
      return of_limit > 100;
    };
    for (unsigned h = 2; h <= top_; ++h)
      if (compare(percent_[h], limits_.order[h])) beyond(h) += 1;
    for (unsigned h = 0; h <= top_; ++h) compare(between_[h], limits_.interharmonic[h]);
    const bool all = newest_total_ > total_limit_ * factor_;
    valid_ += 1;
    orders_ += any ? 1 : 0;
    total_ += all ? 1 : 0;
    totals_.add(newest_total_);
    loads_.add(newest_load_);
    if (any || all) step.pulse(exceeded);
    if (any && priority_ != 0) step.event(priority_, num_orders, "harmonic limit exceeded");
    if (all && priority_ != 0)
      step.event(priority_, num_total, "distortion limit exceeded", step.source_of(source),
                 newest_total_);
  }

  void tell(graph::Step& step) const {
    const bool evaluated = valid_ + invalid_ > 0, any = valid_ > 0;
    const auto ratio = [&](double exceed) {
      return pq::IntervalCount{valid_, invalid_, exceed}.beyond_percent();
    };
    const auto orders = std::span(state_).subspan(first_order);
    const auto worst = std::max_element(orders.begin(), orders.end());
    const auto put = [&](std::size_t o, bool there, double value) {
      step.out(o, there ? value : not_available);
    };
    put(num_valid, evaluated, valid_);
    put(num_invalid, evaluated, invalid_);
    put(num_orders, evaluated, orders_);
    put(num_total, evaluated, total_);
    put(orders_ratio, any, ratio(orders_));
    put(total_ratio, any, ratio(total_));
    put(worst_ratio, any, ratio(*worst));
    put(worst_order, any, *worst > 0 ? static_cast<double>(worst - orders.begin() + 2) : 0);
    put(orders_comply, any, ratio(*worst) <= exceed_max_ ? 1 : 0);
    put(total_complies, any, ratio(total_) <= exceed_max_ ? 1 : 0);
    step.out(total, newest_total_);
    step.out(load, newest_load_);
    Quality quality;
    if (static_cast<double>(totals_.count()) < valid_) quality.add(Quality::partial);
    step.out(total_percentile, totals_.at(percentile_), quality);
    step.out(load_percentile, loads_.at(percentile_), quality);
  }

  double& beyond(unsigned order) { return state_[first_order + order - 2]; }

  std::size_t channel_ = 0;
  Source limits_of_ = Source::en50160;
  Limits limits_;
  double total_limit_ = 0, factor_ = 1, percentile_ = 95, exceed_max_ = 0;
  unsigned highest_ = 40;
  bool excludes_ = true, started_ = false;
  std::uint8_t priority_ = 0;

  unsigned top_ = 0;  ///< highest order of the interval
  std::array<double, harmonic_order_max + 1> percent_{}, between_{};
  double newest_total_ = not_available, newest_load_ = not_available;
  pq::Percentiles totals_, loads_;
  static constexpr std::size_t first_order = 4;  ///< the 2nd
  std::array<double, first_order + harmonic_order_max - 1> state_{};
  double &valid_ = state_[0], &invalid_ = state_[1], &orders_ = state_[2], &total_ = state_[3];
};

}  // namespace

const graph::ModuleDescriptor& descriptor() {
  static const graph::ModuleDescriptor d = describe_evaluation();
  return d;
}

std::unique_ptr<graph::Module> create() { return std::make_unique<Evaluation>(); }

}  // namespace polyphase::modules::harmonics_evaluation
