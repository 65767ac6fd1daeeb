#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>

#include "config.hpp"
#include "sources/sampled_values/receiver.hpp"

namespace polyphase::app {

/// The interfaces that the meters of a process listen on: each frame is received once, however many
/// meters read streams of its interface. Any thread.
class Receivers {
 public:
  /// Opens the interface unless somebody has it open. errors  those of Receiver::open()
  Result<std::shared_ptr<sources::sampled_values::Receiver>> open(const std::string& interface);
  /// Why nothing comes from an interface that is open; empty: it is there.
  std::string trouble(const std::string& interface);

 private:
  std::mutex mutex_;
  std::map<std::string, std::weak_ptr<sources::sampled_values::Receiver>> open_;
};

/// The samples of one meter, opened as often as they are asked for.
class Samples {
 public:
  /// Reads what can be read before the meter starts: the scenario. errors  invalid_input, io
  static Result<std::unique_ptr<Samples>> create(const SamplesConfig& config,
                                                 std::shared_ptr<Receivers> receivers);
  virtual ~Samples() = default;

  virtual std::string description() const = 0;
  /// What the samples say of nominal values and wiring.
  virtual lab::MeterOptions meter() const { return {}; }
  virtual Result<std::unique_ptr<SampleSource>> open(const std::atomic<bool>& stop) = 0;
  /// What became of the samples, a line; on the thread that reads them, or when that has ended.
  virtual std::string note() const { return {}; }
  /// What the open samples wait for; empty: for nothing that they know. Any thread.
  virtual std::string waits_for() const { return {}; }
};

}  // namespace polyphase::app
