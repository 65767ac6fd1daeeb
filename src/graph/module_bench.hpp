#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "graph/module.hpp"

namespace polyphase::graph {

/// One module alone, without an engine: its registers, one source register per input, and
/// everything it tells. For tests and for `polyphase module TYPE FILE.csv`.
///
/// An input is unlinked until it is given something. Names that the descriptor does not have are a
/// broken contract here, except in set(), whose arguments may come from a command line.
class ModuleBench : private registers::Sinks {
 public:
  struct SeenEvent {
    registers::Event event;  ///< its `text` refers to `text`
    std::string text;
  };

  struct SeenRecord {
    registers::LogRecord record;  ///< without its spans, which these are
    std::vector<Index> columns;
    std::vector<Value> values;
  };

  explicit ModuleBench(const ModuleType& type);
  ~ModuleBench() override;
  ModuleBench(const ModuleBench&) = delete;
  ModuleBench& operator=(const ModuleBench&) = delete;

  /// A setup register; takes effect at the next configure().
  /// errors  not_found: no such setup register; invalid_config: not a value of it
  Result<void> set(std::string_view setup, std::string_view value);
  /// Hands the setup to the module, as the engine does at start and after each change. The first
  /// run() does so itself when nobody has.
  Result<void> configure();

  void input(std::string_view name, double value, Quality quality = {});
  void input_at(std::string_view name, double value, Instant time);
  void pulse(std::string_view name, unsigned count = 1);
  void dataset(std::string_view name, const void* data);
  void unlink(std::string_view name);
  /// Links the input to another register, which is N/A as yet.
  void relink(std::string_view name);

  void run(Cadence cadence, Instant time, double duration_s, Quality quality = {});
  void finish();
  Result<void> write(std::string_view output, double number);

  const Value& value(std::string_view output) const;
  double out(std::string_view output) const { return value(output).number; }
  const std::string& text(std::string_view output) const { return table_.text(index_of(output)); }
  /// The unit of an output whose descriptor names none, with sources of these units at the inputs.
  std::string unit(std::string_view output, std::vector<std::string> inputs) const;
  /// How often a pulse output has pulsed since start.
  unsigned pulses(std::string_view output) const;
  Index index_of(std::string_view output) const;

  const std::vector<SeenEvent>& events() const { return events_; }
  const std::vector<registers::Disturbance>& disturbances() const { return disturbances_; }
  const std::vector<SeenRecord>& records() const { return records_; }
  const ModuleDescriptor& descriptor() const { return descriptor_; }
  Module& module() { return *module_; }

 private:
  void event(const registers::Event& event) noexcept override;
  void disturbance(const registers::Disturbance& disturbance) noexcept override;
  void record(const registers::LogRecord& record) noexcept override;
  std::size_t input_of(std::string_view name) const;
  Value& source(std::string_view name);
  Index add_source(std::size_t input);
  Step step(Cadence cadence, Instant time, double duration_s, Quality quality);

  const ModuleDescriptor& descriptor_;
  std::unique_ptr<Module> module_;
  registers::RegisterTable table_;
  Wiring wiring_;
  std::vector<const void*> datasets_;
  std::vector<SeenEvent> events_;
  std::vector<registers::Disturbance> disturbances_;
  std::vector<SeenRecord> records_;
  std::vector<Index> fresh_pulses_;  ///< get the time of the run that sees them
  bool configured_ = false;
  Cadence last_cadence_ = Cadence::second;
  Instant last_time_;
};

inline constexpr std::size_t bench_rows_max = 1'000'000;

/// Runs a module over a file and returns what it put out, a row per run.
///
/// Lines `# NAME = VALUE` before the header set setup registers (`settings` come after and win).
/// The header is `time`, optionally `duration` and `cadence`, then inputs. Times are ISO 8601 or
/// seconds; a missing duration is the time since the row before. An empty cell leaves its input as
/// it was; of a pulse input it is no pulse, a number that many.
///
/// The result has the columns time, all outputs that are values (pulses: how many in this run), and
/// Event: "PRIORITY TEXT" of each, separated by "; ".
///
/// errors  invalid_input with the line; not_found, invalid_config: of a setting
Result<std::string> run_csv(const ModuleType& type, std::string_view csv,
                            std::span<const std::pair<std::string, std::string>> settings = {});

}  // namespace polyphase::graph
