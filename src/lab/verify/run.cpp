#include "lab/verify/run.hpp"

#include <algorithm>
#include <mutex>
#include <thread>

#include "sources/simulator/simulator.hpp"

namespace polyphase::lab::verify {
namespace {

using registers::Index;

/// Keeps every value that some registers are given.
class Watch final : public graph::StepObserver {
 public:
  Watch(const graph::Engine& engine, Outcome& outcome) : engine_(engine), outcome_(outcome) {}

  Result<void> find() {
    for (const std::string& label : outcome_.labels) {
      const auto index = engine_.registers().find(label);
      if (!index)
        return fail(ErrorCode::not_found, "there is no register '" + label + "' to be verified");
      indices_.push_back(*index);
    }
    return {};
  }

  void stepped(graph::Cadence cadence, Instant, double, Quality) noexcept override {
    for (std::size_t i = 0; i < indices_.size(); ++i) {
      const registers::RegisterInfo& info = engine_.registers().info(indices_[i]);
      if (info.cadence != cadence) continue;
      const registers::Value& value = engine_.registers().value(indices_[i]);
      std::vector<Told>& told = outcome_.told[i];
      if (told.empty() || told.back().time != value.time)
        told.push_back({value.time, value.number});
    }
  }

 private:
  const graph::Engine& engine_;
  Outcome& outcome_;
  std::vector<Index> indices_;
};

void note_labels(const Experiment& experiment, Outcome& outcome) {
  for (const Check& check : experiment.checks) {
    const std::string& label = check.measure.label;
    if (!label.empty() &&
        std::find(outcome.labels.begin(), outcome.labels.end(), label) == outcome.labels.end())
      outcome.labels.push_back(label);
  }
  outcome.told.resize(outcome.labels.size());
}

}  // namespace

Result<void> run(Experiment& experiment) {
  auto scenario = sources::simulator::parse_scenario(experiment.scenario, "verify.toml");
  if (!scenario) return tl::unexpected(scenario.error());
  sources::simulator::Simulator source(std::move(*scenario));
  Findings findings;
  auto engine = make_engine(experiment.meter, findings);
  if (!engine) return tl::unexpected(engine.error());
  if (auto started = (*engine)->start(source.info()); !started) return started;

  Outcome outcome;
  outcome.start = source.scenario().start;
  note_labels(experiment, outcome);
  Watch watch(**engine, outcome);
  if (auto found = watch.find(); !found) return found;
  (*engine)->observe(&watch);
  for (SampleBlock block;;) {
    auto more = source.next(block);
    if (!more) return tl::unexpected(more.error());
    if (!*more) break;
    (*engine)->process(block);
  }
  (*engine)->finish();

  outcome.disturbances.assign(findings.disturbances.begin(), findings.disturbances.end());
  std::stable_sort(outcome.disturbances.begin(), outcome.disturbances.end(),
                   [](const auto& a, const auto& b) { return a.time < b.time; });
  for (Check& check : experiment.checks) check.measured = check.measure.value(outcome, check.truth);
  return {};
}

Result<void> run_all(std::vector<Group>& groups, unsigned threads,
                     const std::function<void(std::size_t done, std::size_t of)>& progress) {
  std::vector<Experiment*> all;
  for (Group& group : groups)
    for (Experiment& experiment : group.experiments) all.push_back(&experiment);
  std::stable_sort(all.begin(), all.end(),
                   [](const auto* a, const auto* b) { return a->samples > b->samples; });

  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::size_t done = 0;
  Result<void> outcome;
  const auto work = [&] {
    for (std::size_t i; (i = next++) < all.size();) {
      auto ran = run(*all[i]);
      const std::lock_guard lock(mutex);
      if (!ran) {
        outcome = ran;
        next = all.size();
      }
      if (progress) progress(++done, all.size());
    }
  };
  std::vector<std::jthread> others;
  for (unsigned t = 1; t < threads; ++t) others.emplace_back(work);
  work();
  others.clear();
  return outcome;
}

}  // namespace polyphase::lab::verify
