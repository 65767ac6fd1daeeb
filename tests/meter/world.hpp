#pragma once

#include <condition_variable>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <string>

#include "graph/template.hpp"
#include "meter/gate.hpp"

namespace polyphase::testing {

/// Three balanced phases of 230 V, 50 Hz and 10 A that go on as far as they are let.
class Feeder {
 public:
  /// Lets so many seconds of samples go, counted from those that are taken.
  void feed(double seconds);
  /// Until the meter asks the source opened last for samples: from then on it is started.
  bool wait_until_asked();
  std::unique_ptr<SampleSource> open(const std::atomic<bool>& stop);
  /// How many frames the meter would let be gathered for its next block.
  std::size_t wanted();

 private:
  friend class FeederSource;
  std::mutex mutex_;
  std::condition_variable more_, asking_;
  std::uint64_t allowed_ = 0, given_ = 0;
  std::size_t wanted_ = 0;
  bool asked_ = false;
};

/// A whole meter on such a feeder, started, its store in a file that outlives it.
class World {
 public:
  explicit World(std::string store_path = {});
  ~World();

  /// A meter whose template was changed before.
  static Result<std::unique_ptr<meter::Gate>> make(
      const std::function<void(graph::Template&)>& change);
  /// Ends the meter and begins it anew on the same store, so much later.
  void restart(double off_s = 0);
  /// Lets samples go until a second more has been published.
  void second();
  /// Makes the change, lets samples go until it is answered.
  Result<void> change(const control::Caller& caller, control::Command command);
  Result<void> write(const control::Caller& caller, std::string target, std::string value);
  Result<void> reset(const control::Caller& caller, std::string_view key);
  double value(std::string_view label);
  std::vector<logs::Event> events();
  /// Logs in by the native protocol.
  control::Caller login(std::string_view user, std::string_view password = "0",
                        control::Face face = control::Face::ion);

  meter::Gate& gate() { return *gate_; }
  Feeder& feeder() { return *feeder_; }
  bool lock_switch = false;
  Instant now{1'800'000'000'000'000'000};

 private:
  void begin();
  Result<void> wait(std::future<Result<void>> answer);

  std::string path_;
  std::unique_ptr<Feeder> feeder_;
  std::unique_ptr<meter::Gate> gate_;
};

control::Command write_of(std::string target, std::string value);

}  // namespace polyphase::testing
