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
    constexpr std::size_t block_frames = 256;
    auto scenario = scenario_;
    lab::begin_now(scenario);
    return std::make_unique<PacedSource>(
        std::make_unique<sources::simulator::Simulator>(std::move(scenario), block_frames), speed_,
        stop);
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
      : config_(config), receivers_(std::move(receivers)) {}
  std::string description() const override { return "Sampled Values of " + config_.stream; }
  Result<std::unique_ptr<SampleSource>> open(const std::atomic<bool>& stop) override {
    const lab::StreamPlace place = lab::parse_stream_place(config_.stream);
    auto receiver = receivers_->open(place.interface);
    if (!receiver) return tl::unexpected(receiver.error());
    stream::StreamOptions options;
    options.stream = place.stream;
    options.map = config_.map;
    options.stopped = [&stop] { return stop.load(); };
    auto source = stream::StreamSource::open(*receiver, options);
    if (!source) return tl::unexpected(source.error());
    source_ = source->get();
    return std::unique_ptr<SampleSource>(std::move(*source));
  }
  std::string note() const override {
    return source_ == nullptr ? std::string()
                              : stream::text(source_->balance(), source_->interface_balance());
  }

 private:
  SamplesConfig config_;
  std::shared_ptr<Receivers> receivers_;
  stream::StreamSource* source_ = nullptr;  ///< that was opened last, and is read
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
