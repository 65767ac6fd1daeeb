#include "samples.hpp"

#include <fmt/format.h>

#include "lab/live.hpp"
#include "lab/live_stream.hpp"
#include "lab/pace.hpp"
#include "lab/synth.hpp"
#include "sources/recording/recording.hpp"
#include "sources/sampled_values/stream_source.hpp"
#include "sources/simulator/simulator.hpp"

namespace polyphase::app {
namespace {

using lab::PacedSource;
namespace stream = sources::sampled_values;

class Simulated final : public Samples {
 public:
  Simulated(sources::simulator::Scenario scenario, double speed)
      : scenario_(std::move(scenario)), speed_(speed) {}
  std::string description() const override { return "simulated: " + scenario_.name; }
  lab::MeterOptions meter() const override { return lab::meter_for({}, scenario_); }
  Result<std::unique_ptr<SampleSource>> open(const std::atomic<bool>& stop) override {
    auto scenario = scenario_;
    lab::begin_now(scenario);
    return std::make_unique<PacedSource>(
        std::make_unique<sources::simulator::Simulator>(std::move(scenario)), speed_, stop);
  }

 private:
  sources::simulator::Scenario scenario_;
  double speed_;
};

class Recorded final : public Samples {
 public:
  explicit Recorded(const SamplesConfig& config) : config_(config) {}
  std::string description() const override {
    return fmt::format("recording {}{}", config_.recordings.front(),
                       config_.recordings.size() > 1 ? " and more" : "");
  }
  Result<std::unique_ptr<SampleSource>> open(const std::atomic<bool>& stop) override {
    sources::recording::RecordingOptions options;
    options.map = config_.map;
    auto opened = sources::recording::open_recordings(config_.recordings, options);
    if (!opened) return tl::unexpected(opened.error());
    return std::make_unique<PacedSource>(std::move(opened->source), config_.speed, stop);
  }

 private:
  SamplesConfig config_;
};

class Streamed final : public Samples {
 public:
  Streamed(const SamplesConfig& config, std::shared_ptr<Receivers> receivers)
      : config_(config),
        place_(lab::parse_stream_place(config.stream)),
        receivers_(std::move(receivers)) {}
  std::string description() const override { return "Sampled Values of " + config_.stream; }
  Result<std::unique_ptr<SampleSource>> open(const std::atomic<bool>& stop) override {
    auto receiver = receivers_->open(place_.interface);
    if (!receiver) return tl::unexpected(receiver.error());
    receiver_ = *receiver;
    stream::StreamOptions options;
    options.stream = place_.stream;
    options.map = config_.map;
    options.stopped = [&stop] { return stop.load(); };
    auto source = stream::StreamSource::open(*receiver, options);
    if (!source) return tl::unexpected(source.error());
    past_.relearned = opened_++;
    return std::make_unique<Counted>(*this, std::move(*source));
  }
  std::string note() const override {
    if (opened_ == 0) return {};
    stream::StreamBalance balance = past_;
    if (source_ != nullptr) balance += source_->balance();
    return stream::text(balance, receiver_->counts());
  }
  std::string waits_for() const override { return receivers_->trouble(place_.interface); }

 private:
  // The stream as long as it is open; what became of its samples is kept.
  class Counted final : public SampleSource {
   public:
    Counted(Streamed& owner, std::unique_ptr<stream::StreamSource> source)
        : owner_(owner), source_(std::move(source)) {
      owner_.source_ = source_.get();
    }
    ~Counted() override {
      owner_.past_ += source_->balance();
      owner_.source_ = nullptr;
    }
    const SourceInfo& info() const override { return source_->info(); }
    Result<bool> next(SampleBlock& block) override { return source_->next(block); }
    void gather(std::size_t frames) override { source_->gather(frames); }

   private:
    Streamed& owner_;
    std::unique_ptr<stream::StreamSource> source_;
  };

  SamplesConfig config_;
  lab::StreamPlace place_;
  std::shared_ptr<Receivers> receivers_;
  std::shared_ptr<stream::Receiver> receiver_;  ///< kept with its counts
  stream::StreamSource* source_ = nullptr;      ///< that is open
  stream::StreamBalance past_;                  ///< of those before it
  std::uint64_t opened_ = 0;
};

}  // namespace

Result<std::shared_ptr<stream::Receiver>> Receivers::open(const std::string& interface) {
  const std::scoped_lock lock(mutex_);
  std::weak_ptr<stream::Receiver>& known = open_[interface];
  if (auto receiver = known.lock()) return receiver;
  auto opened = stream::Receiver::open(interface);
  if (opened) known = *opened;
  return opened;
}

std::string Receivers::trouble(const std::string& interface) {
  const std::scoped_lock lock(mutex_);
  const auto known = open_.find(interface);
  const auto receiver = known == open_.end() ? nullptr : known->second.lock();
  return receiver == nullptr ? std::string() : receiver->trouble();
}

Result<std::unique_ptr<Samples>> Samples::create(const SamplesConfig& config,
                                                 std::shared_ptr<Receivers> receivers) {
  if (!config.stream.empty()) return std::make_unique<Streamed>(config, std::move(receivers));
  if (!config.recordings.empty()) return std::make_unique<Recorded>(config);
  auto scenario =
      config.scenario.empty() ? lab::default_scenario() : lab::load_scenario(config.scenario);
  if (!scenario) {
    scenario.error().code = ErrorCode::invalid_input;
    return tl::unexpected(scenario.error());
  }
  if (config.duration_s > 0) scenario->duration_s = config.duration_s;
  return std::make_unique<Simulated>(std::move(*scenario), config.speed);
}

}  // namespace polyphase::app
