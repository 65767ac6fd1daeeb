#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "graph/engine.hpp"

namespace polyphase::lab {

enum class Every { half_cycle, window, second, three_seconds, ten_seconds, ten_minutes, two_hours, end };

/// "half-cycle", "window", "1s", "3s", "10s", "10min", "2h", "end". errors  invalid_config
Result<Every> parse_every(std::string_view text);

/// One row of values: a completed interval, at its end.
struct Row {
  Instant time;
  std::vector<double> values;
};

/// Reads registers at intervals from a running engine: `analyze --read … --every …`.
///
/// A label means its value of that interval: at half cycles the High-Speed Power Meter's, at windows and
/// what is aggregated from windows (3s, 10min, 2h) the Window Power Meter's, else the register itself.
/// Finer values aggregate by their kind (registers::Aggregation), weighted with their exact duration;
/// N/A is left out. Seconds that the samples do not cover give no row.
class Reader final : public graph::StepObserver {
 public:
  using Emit = std::function<void(const Row&)>;

  /// errors  not_found: no such label, with those near it; invalid_config: it has no value so often
  static Result<std::unique_ptr<Reader>> create(const graph::Engine& engine, const std::vector<std::string>& labels,
                                                Every every, Emit emit);

  void stepped(graph::Cadence cadence, Instant end, double duration_s, Quality quality) noexcept override;
  /// After Engine::finish(): gives the row of `end`.
  void finish(Instant end);
  std::size_t rows() const { return rows_; }
  /// The labels as they stand for registers, for `--events`' sake and messages.
  const std::vector<registers::Index>& sources() const { return sources_; }

 private:
  struct Accumulator {
    double weight = 0, sum = 0, square = 0;
    double minimum = registers::not_available, maximum = registers::not_available;
    double last = registers::not_available;
    void add(double value, double duration_s);
    double value(registers::Aggregation kind) const;
  };

  Reader(const graph::Engine& engine, Every every, Emit emit) : engine_(engine), every_(every), emit_(std::move(emit)) {}
  void take(graph::Cadence cadence, double duration_s);
  void close(Instant time);
  void keep_second();

  const graph::Engine& engine_;
  Every every_;
  Emit emit_;
  std::vector<registers::Index> sources_;
  std::vector<Accumulator> accumulators_;
  std::vector<double> kept_;  ///< of the last complete second, for `end`
  double covered_s_ = 0;
  unsigned windows_ = 0;
  std::optional<Instant> last_time_;
  std::size_t rows_ = 0;
};

}  // namespace polyphase::lab
