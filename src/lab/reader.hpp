#pragma once

#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "graph/engine.hpp"
#include "lab/accumulator.hpp"
#include "pq/window_intervals.hpp"

namespace polyphase::lab {

enum class Every {
  half_cycle,
  window,
  second,
  three_seconds,
  ten_seconds,
  ten_minutes,
  two_hours,
  end,
};

/// "half-cycle", "window", "1s", "3s", "10s", "10min", "2h", "end". errors  invalid_config
Result<Every> parse_every(std::string_view text);

/// One row of values: a completed interval, at its end.
struct Row {
  Instant time;
  std::vector<double> values;
};

/// Reads registers at intervals from a running engine: `analyze --read … --every …`.
///
/// A label means its value of that interval: at half cycles the High-Speed Power Meter's, at
/// windows and what is aggregated from windows (3s, 10min, 2h) the Window Power Meter's, else the
/// register itself. Finer values aggregate by their kind, weighted with their exact duration; N/A
/// is left out.
///
/// Rows come at the end of a half cycle, of a window, of the 15th window without a gap (3s; what a
/// 10-minute tick falls into overlaps with what it begins), and at the tick of UTC that ends 1 s,
/// 10 s, 10 min, 2 h, where the samples cover all of the interval but half a second. Windows count
/// for the 10 minutes in which they begin. `Freq` at 10s is that of IEC 61000-4-30. `end` is one
/// row: values of the last whole second or the last window; what does not aggregate (energies,
/// counters, states) as it stands when the samples have ended.
///
/// What the pulses of the Power Quality Aggregator bring about (its own values, evaluations, what
/// is calculated from these) stands a little after the end of its interval: rows of 3s, 10s, 10min
/// and 2h that hold such a value wait for it.
class Reader final : public graph::StepObserver {
 public:
  using Emit = std::function<void(const Row&)>;

  /// `engine` is started. errors  not_found: no such label, with those near it; invalid_config: it
  /// has no value so often, or none that fits a row
  static Result<std::unique_ptr<Reader>> create(const graph::Engine& engine,
                                                const std::vector<std::string>& labels, Every every,
                                                Emit emit);

  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  /// After Engine::finish(): gives the row of `end`.
  void finish(Instant end);

  std::size_t rows() const { return rows_; }
  bool saw_whole_second() const { return saw_whole_second_; }
  const std::vector<registers::Index>& sources() const { return sources_; }

 private:
  Reader(const graph::Engine& engine, Every every, Emit emit)
      : engine_(engine), every_(every), emit_(std::move(emit)) {}
  Result<registers::Index> find(const std::string& label) const;
  void stepped_by_clock(graph::Cadence cadence, Instant end, double duration_s, Quality quality);
  void stepped_by_windows(Instant end, double duration_s);
  void take_window(Instant end, double duration_s);
  void close_interval();
  std::int64_t length_ns() const;
  bool of_windows(std::size_t column) const;
  void add_window(std::vector<Accumulator>& to, double duration_s);
  void close_windows(std::vector<Accumulator>& of, Instant end, double tolerance);
  void stepped_to_end(graph::Cadence cadence, Instant end, Quality quality);
  double taken(std::size_t column, Instant cut, double tolerance);
  void close(Instant time, double tolerance);
  /// How a value follows the pulse that tells that the interval stands.
  enum class Pace { not_at_all, in_its_step, in_the_next_second };
  void find_pulses();
  bool paces(registers::Index output) const;
  std::vector<char> nodes_behind_pulses() const;
  void give(Row row);
  void fill(Row& row, Pace pace, bool known) const;
  bool told(Instant end) const;
  void settle(graph::Cadence cadence, Instant begin);
  void emit(const Row& row);
  void discard(Instant until);

  const graph::Engine& engine_;
  Every every_;
  Emit emit_;
  std::vector<registers::Index> sources_;
  std::vector<registers::Cadence> cadences_;  ///< of them
  std::vector<Gathering> gatherings_;
  std::vector<double> kept_;              ///< for `end`
  std::vector<Pace> paces_;               ///< by column
  std::vector<registers::Index> pulses_;  ///< that tell that an interval stands; all must come
  registers::Index frequency_ = registers::no_register;  ///< of 10 s
  struct Waiting {
    Row row;
    bool stands = false;  ///< the pulse has come, only the next second is missing
  };
  std::deque<Waiting> waiting_;  ///< oldest first
  Instant interval_end_;         ///< of the interval by the clock that is open
  double covered_s_ = 0;         ///< of it, by whole cycles
  pq::WindowIntervals places_;
  /// Of windows, by column. 3s: of the interval that began last, and of the one that it overlaps.
  /// 10min, 2h: of the interval that is open, and what lies behind it.
  std::vector<Accumulator> running_, other_;
  bool windows_done_ = false, seconds_done_ = false;  ///< all of the open interval have come
  std::size_t rows_ = 0;
  bool saw_whole_second_ = false;
};

}  // namespace polyphase::lab
