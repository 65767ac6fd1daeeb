#include "world.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <numbers>

#include "modules/list.hpp"

namespace polyphase::testing {
namespace {

constexpr double rate_hz = 1'000;
constexpr std::size_t block_frames = 10;
constexpr std::chrono::seconds patience{20};

auto engine_of(std::function<void(graph::Template&)> change) {
  return [change](registers::Sinks& sinks) -> Result<std::unique_ptr<graph::Engine>> {
    auto device = modules::device_template("essential");
    if (!device) return tl::unexpected(device.error());
    if (change) change(*device);
    return graph::Engine::create(*device, modules::list(), sinks);
  };
}

}  // namespace

class FeederSource final : public SampleSource {
 public:
  FeederSource(Feeder& feeder, const std::atomic<bool>& stop) : feeder_(feeder), stop_(stop) {
    info_.sample_rate_hz = rate_hz;
    info_.channels_present = 0x77;
  }
  const SourceInfo& info() const override { return info_; }
  void gather(std::size_t frames) override {
    const std::scoped_lock lock(feeder_.mutex_);
    feeder_.wanted_ = frames;
  }
  Result<bool> next(SampleBlock& block) override {
    std::uint64_t first = 0;
    {
      std::unique_lock lock(feeder_.mutex_);
      feeder_.asked_ = true;
      feeder_.asking_.notify_all();
      while (!stop_ && feeder_.given_ + block_frames > feeder_.allowed_)
        feeder_.more_.wait_for(lock, std::chrono::milliseconds(5));
      if (stop_) return false;
      first = feeder_.given_;
      feeder_.given_ += block_frames;
    }
    for (std::size_t i = 0; i < block_frames; ++i) {
      const double turns = 50 * static_cast<double>(first + i) / rate_hz;
      for (std::size_t phase = 0; phase < 3; ++phase) {
        const double wave =
            std::numbers::sqrt2 *
            std::cos(2 * std::numbers::pi * (turns - static_cast<double>(phase) / 3));
        frames_[i].value[phase] = static_cast<float>(230 * wave);
        frames_[i].value[4 + phase] = static_cast<float>(10 * wave);
      }
    }
    block = {};
    block.frames = frames_;
    block.time_first =
        Instant{1'800'000'000'000'000'000}.plus_s(static_cast<double>(first) / rate_hz);
    return true;
  }

 private:
  Feeder& feeder_;
  const std::atomic<bool>& stop_;
  SourceInfo info_;
  std::array<Frame, block_frames> frames_{};
};

void Feeder::feed(double seconds) {
  {
    const std::scoped_lock lock(mutex_);
    // Not beyond what is taken: a meter that is not at it yet would have hours to catch up on.
    const auto more = static_cast<std::uint64_t>(seconds * rate_hz);
    allowed_ = std::max(allowed_, given_ + std::max<std::uint64_t>(more, block_frames));
  }
  more_.notify_all();
}

bool Feeder::wait_until_asked() {
  std::unique_lock lock(mutex_);
  return asking_.wait_for(lock, patience, [this] { return asked_; });
}

std::size_t Feeder::wanted() {
  const std::scoped_lock lock(mutex_);
  return wanted_;
}

std::unique_ptr<SampleSource> Feeder::open(const std::atomic<bool>& stop) {
  const std::scoped_lock lock(mutex_);
  asked_ = false;
  return std::make_unique<FeederSource>(*this, stop);
}

World::World(std::string store_path)
    : path_(std::move(store_path)), feeder_(std::make_unique<Feeder>()) {
  begin();
}

World::~World() { gate_.reset(); }

void World::begin() {
  meter::GateOptions options;
  options.name = "test";
  options.version = "0";
  options.source = "feeder";
  options.now = [this] { return now; };
  options.lock_switch = [this] { return lock_switch; };
  options.make_engine = engine_of({});
  options.open_source =
      [this](const std::atomic<bool>& stop) -> Result<std::unique_ptr<SampleSource>> {
    return feeder_->open(stop);
  };
  auto store = path_.empty() ? store::Store::open_in_memory() : store::Store::open(path_, {});
  ASSERT_TRUE(store) << store.error().text();
  auto gate = meter::Gate::create(std::move(options), std::move(*store));
  ASSERT_TRUE(gate) << gate.error().text();
  gate_ = std::move(*gate);
  gate_->start();
  ASSERT_TRUE(feeder_->wait_until_asked()) << "the meter did not start";
}

Result<std::unique_ptr<meter::Gate>> World::make(
    const std::function<void(graph::Template&)>& change) {
  meter::GateOptions options;
  options.now = [] { return Instant{}; };
  options.make_engine = engine_of(change);
  return meter::Gate::create(std::move(options), *store::Store::open_in_memory());
}

void World::restart(double off_s) {
  gate_.reset();
  now = now.plus_s(off_s);
  begin();
}

void World::second() {
  const std::uint64_t before = gate_->sequence(registers::Cadence::second);
  const auto end = std::chrono::steady_clock::now() + patience;
  while (gate_->sequence(registers::Cadence::second) == before) {
    feeder_->feed(0.1);
    std::this_thread::yield();
    ASSERT_LT(std::chrono::steady_clock::now(), end) << "no second was measured";
  }
}

Result<void> World::wait(std::future<Result<void>> answer) {
  const auto end = std::chrono::steady_clock::now() + patience;
  while (answer.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
    feeder_->feed(0.02);
    if (std::chrono::steady_clock::now() > end) return fail(ErrorCode::io, "no answer came");
  }
  return answer.get();
}

Result<void> World::change(const control::Caller& caller, control::Command command) {
  auto answer = std::make_shared<std::promise<Result<void>>>();
  auto future = answer->get_future();
  gate_->change(caller, std::move(command),
                [answer](Result<void> result) { answer->set_value(std::move(result)); });
  return wait(std::move(future));
}

Result<void> World::reset(const control::Caller& caller, std::string_view key) {
  auto answer = std::make_shared<std::promise<Result<void>>>();
  auto future = answer->get_future();
  gate_->reset(caller, key,
               [answer](Result<void> result) { answer->set_value(std::move(result)); });
  return wait(std::move(future));
}

control::Command write_of(std::string target, std::string value) {
  control::Command command;
  command.target = std::move(target);
  command.value = std::move(value);
  return command;
}

Result<void> World::write(const control::Caller& caller, std::string target, std::string value) {
  return change(caller, write_of(std::move(target), std::move(value)));
}

double World::value(std::string_view label) {
  const auto index = gate_->catalogue()->registers.find(label);
  EXPECT_TRUE(index) << label;
  registers::Value value;
  if (index) {
    const auto read =
        gate_->values({"USER1", control::Face::ion}, std::span(&*index, 1), std::span(&value, 1));
    EXPECT_TRUE(read) << read.error().text();
  }
  return value.number;
}

std::vector<logs::Event> World::events() {
  auto page = gate_->events({"USER1", control::Face::ion}, {});
  EXPECT_TRUE(page) << page.error().text();
  return page ? page->events : std::vector<logs::Event>();
}

control::Caller World::login(std::string_view user, std::string_view password, control::Face face) {
  const auto token = gate_->log_in(face, user, password);
  EXPECT_TRUE(token) << token.error().text();
  const auto session = gate_->session(token ? *token : "");
  EXPECT_TRUE(session);
  return session ? session->caller : control::Caller{};
}

}  // namespace polyphase::testing
