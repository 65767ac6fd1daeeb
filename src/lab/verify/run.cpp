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
        told.push_back({value.time, value.number, value.quality});
    }
  }

 private:
  const graph::Engine& engine_;
  Outcome& outcome_;
  std::vector<Index> indices_;
};

/// The samples of a scenario as they come from the transformers before the meter, without losses.
class Secondary final : public SampleSource {
 public:
  Secondary(sources::simulator::Scenario scenario, const MeterOptions& meter)
      : primary_(std::move(scenario)), info_(primary_.info()) {
    info_.secondary = true;
    const auto scale = [](const std::optional<Ratio>& ratio) {
      return ratio ? static_cast<float>(ratio->secondary / ratio->primary) : 1.0F;
    };
    for (std::size_t p = 0; p < 3; ++p) {
      scale_[p] = scale(meter.pt);
      scale_[4 + p] = scale(meter.ct);
    }
  }

  const SourceInfo& info() const override { return info_; }
  Instant start() const { return primary_.scenario().start; }
  Result<bool> next(SampleBlock& block) override {
    auto more = primary_.next(block);
    if (!more || !*more) return more;
    frames_.assign(block.frames.begin(), block.frames.end());
    for (Frame& frame : frames_)
      for (std::size_t c = 0; c < channel_count; ++c) frame.value[c] *= scale_[c];
    block.frames = frames_;
    return true;
  }

 private:
  sources::simulator::Simulator primary_;
  SourceInfo info_;
  std::array<float, channel_count> scale_{1, 1, 1, 1, 1, 1, 1, 1};
  std::vector<Frame> frames_;
};

void note_labels(const Experiment& experiment, Outcome& outcome) {
  for (const Check& check : experiment.checks)
    for (const std::string& label : check.measure.labels)
      if (std::find(outcome.labels.begin(), outcome.labels.end(), label) == outcome.labels.end())
        outcome.labels.push_back(label);
  outcome.told.resize(outcome.labels.size());
}

}  // namespace

Result<void> run(Experiment& experiment) {
  auto scenario = sources::simulator::parse_scenario(experiment.scenario, "verify.toml");
  if (!scenario) return tl::unexpected(scenario.error());
  Secondary source(std::move(*scenario), experiment.meter);
  Findings findings;
  auto engine = make_engine(experiment.meter, findings);
  if (!engine) return tl::unexpected(engine.error());
  if (auto started = (*engine)->start(source.info()); !started) return started;

  Outcome outcome;
  outcome.start = source.start();
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
