#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>

#include "config.hpp"

namespace polyphase::app {

/// The samples of one meter, opened as often as they are asked for.
class Samples {
 public:
  /// Reads what can be read before the meter starts: the scenario. errors  invalid_input, io
  static Result<std::unique_ptr<Samples>> create(const SamplesConfig& config);
  virtual ~Samples() = default;

  virtual std::string description() const = 0;
  /// What the samples say of nominal values and wiring.
  virtual lab::MeterOptions meter() const { return {}; }
  virtual Result<std::unique_ptr<SampleSource>> open(const std::atomic<bool>& stop) = 0;
  /// What became of the samples, a line; on the thread that reads them.
  virtual std::string note() const { return {}; }
};

}  // namespace polyphase::app
