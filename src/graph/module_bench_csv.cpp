#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "graph/module_bench.hpp"
#include "registers/value_text.hpp"

namespace polyphase::graph {
namespace {

constexpr double pulses_per_cell_max = 1e6;

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
    text.remove_suffix(1);
  return text;
}

std::vector<std::string_view> cells_of(std::string_view line) {
  std::vector<std::string_view> cells;
  for (std::size_t comma; (comma = line.find(',')) != std::string_view::npos;
       line.remove_prefix(comma + 1))
    cells.push_back(trimmed(line.substr(0, comma)));
  cells.push_back(trimmed(line));
  return cells;
}

std::optional<double> number_of(std::string_view text) {
  double number = 0;
  const char* end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  if (error != std::errc{} || stop != end || !std::isfinite(number)) return std::nullopt;
  return number;
}

Result<Instant> instant_of_cell(std::string_view text) {
  constexpr double seconds_max = 9e9;  // what an Instant holds
  if (const auto seconds = number_of(text)) {
    if (std::abs(*seconds) > seconds_max)
      return fail(ErrorCode::invalid_input, fmt::format("{} s is out of range", *seconds));
    return Instant{}.plus_s(*seconds);
  }
  return parse_iso8601(text);
}

bool is_value(RegisterType type) {
  return type != RegisterType::string && type != RegisterType::event && type != RegisterType::log &&
         type != RegisterType::waveform && type != RegisterType::dataset;
}

class Table {
 public:
  explicit Table(ModuleBench& bench) : bench_(bench) {}

  Result<void> header(std::string_view line) {
    for (const std::string_view cell : cells_of(line)) {
      const auto& inputs = bench_.descriptor().inputs;
      const auto input = std::find_if(inputs.begin(), inputs.end(),
                                      [&](const InputDescriptor& i) { return i.name == cell; });
      if (cell != "time" && cell != "duration" && cell != "cadence" && input == inputs.end())
        return fail(
            ErrorCode::invalid_input,
            fmt::format("{} has no input '{}'", bench_.descriptor().type, cell.substr(0, 80)));
      if (input != inputs.end() && !is_value(input->type))
        return fail(ErrorCode::unsupported,
                    fmt::format("input '{}' takes {} data, which a table cannot give", cell,
                                input->dataset));
      columns_.push_back({std::string(cell), input == inputs.end() ? nullptr : &*input});
    }
    if (columns_.empty() || columns_[0].name != "time")
      return fail(ErrorCode::invalid_input, "the first column must be 'time'");
    out_ = "time";
    for (const OutputDescriptor& output : bench_.descriptor().outputs)
      if (is_value(output.type)) out_ += "," + output.name;
    out_ += ",Event\n";
    return {};
  }

  Result<void> row(std::string_view line) {
    const std::vector<std::string_view> cells = cells_of(line);
    if (cells.size() != columns_.size())
      return fail(ErrorCode::invalid_input,
                  fmt::format("{} cells where the header has {}", cells.size(), columns_.size()));
    const auto time = instant_of_cell(cells[0]);
    if (!time) return tl::unexpected(time.error());
    double duration_s = last_ ? seconds_between(*last_, *time) : 1.0;
    for (std::size_t c = 1; c < cells.size(); ++c)
      if (auto done = cell(columns_[c], cells[c], *time, duration_s); !done) return done;
    if (duration_s < 0)
      return fail(
          ErrorCode::invalid_input,
          fmt::format(
              "a duration of {} s; where the time goes back, a column 'duration' must say how "
              "long the interval is",
              duration_s));
    last_ = *time;
    bench_.run(cadence_, *time, duration_s);
    write(*time);
    return {};
  }

  std::string text() && { return std::move(out_); }

  /// What finish() of the module tells goes to a row of its own, when it tells something.
  void finish() {
    bench_.finish();
    if (last_ && events_written_ < bench_.events().size()) write(*last_);
  }

 private:
  struct Column {
    std::string name;
    const InputDescriptor* input;
  };

  Result<void> cell(const Column& column, std::string_view text, Instant time, double& duration_s) {
    if (text.empty()) return {};
    if (column.name == "cadence") {
      constexpr std::array<std::string_view, 3> names{"half-cycle", "window", "second"};
      const auto found = std::find(names.begin(), names.end(), text);
      if (found == names.end())
        return fail(ErrorCode::invalid_input, "a cadence is half-cycle, window or second");
      cadence_ = static_cast<Cadence>(found - names.begin());
      return {};
    }
    const auto number = number_of(text);
    if (!number && !(column.input != nullptr && text == "N/A"))
      return fail(ErrorCode::invalid_input,
                  fmt::format("'{}' is not a number", text.substr(0, 40)));
    if (column.input == nullptr) {
      duration_s = *number;
    } else if (column.input->type != RegisterType::pulse) {
      bench_.input_at(column.name, number.value_or(not_available), time);
    } else {
      if (!number || *number < 0 || *number > pulses_per_cell_max)
        return fail(ErrorCode::invalid_input,
                    fmt::format("a pulse input takes 0 to {} pulses", pulses_per_cell_max));
      bench_.pulse(column.name, static_cast<unsigned>(*number));
    }
    return {};
  }

  void write(Instant time) {
    out_ += to_iso8601(time);
    const auto& outputs = bench_.descriptor().outputs;
    pulses_.resize(outputs.size());
    for (std::size_t o = 0; o < outputs.size(); ++o) {
      if (!is_value(outputs[o].type)) continue;
      if (outputs[o].type == RegisterType::pulse) {
        const unsigned now = bench_.pulses(outputs[o].name);
        out_ += fmt::format(",{}", now - pulses_[o]);
        pulses_[o] = now;
      } else {
        const double number = bench_.out(outputs[o].name);
        out_ += available(number) ? fmt::format(",{}", number) : ",N/A";
      }
    }
    out_ += ',';
    for (bool first = true; events_written_ < bench_.events().size();
         ++events_written_, first = false) {
      const auto& seen = bench_.events()[events_written_];
      out_ += fmt::format("{}{} {}", first ? "" : "; ", seen.event.priority, seen.text);
    }
    out_ += '\n';
  }

  ModuleBench& bench_;
  std::vector<Column> columns_;
  std::vector<unsigned> pulses_;
  std::optional<Instant> last_;
  Cadence cadence_ =
      bench_.descriptor().cadence == Cadence::none ? Cadence::second : bench_.descriptor().cadence;
  std::size_t events_written_ = 0;
  std::string out_;
};

}  // namespace

Result<std::string> run_csv(const ModuleType& type, std::string_view csv,
                            std::span<const std::pair<std::string, std::string>> settings) {
  ModuleBench bench(type);
  Table table(bench);
  std::size_t line_number = 0, rows = 0;
  const auto with_line = [&](Error error) {
    error.where = fmt::format("line {}", line_number);
    return tl::unexpected(std::move(error));
  };
  bool header_seen = false;
  while (!csv.empty()) {
    const std::size_t end = csv.find('\n');
    const std::string_view line = trimmed(csv.substr(0, end));
    csv.remove_prefix(end == std::string_view::npos ? csv.size() : end + 1);
    ++line_number;
    if (line.empty()) continue;
    Result<void> done;
    if (line.front() == '#') {
      const std::size_t equals = line.find(" = ");
      if (equals != std::string_view::npos && !header_seen)
        done = bench.set(trimmed(line.substr(1, equals - 1)), trimmed(line.substr(equals + 3)));
    } else if (!header_seen) {
      header_seen = true;
      for (const auto& [name, value] : settings)
        if (auto set = bench.set(name, value); !set) return tl::unexpected(set.error());
      if (auto configured = bench.configure(); !configured)
        return tl::unexpected(configured.error());
      done = table.header(line);
    } else {
      if (++rows > bench_rows_max)
        return with_line({ErrorCode::limit, fmt::format("more than {} rows", bench_rows_max), {}});
      done = table.row(line);
    }
    if (!done) return with_line(done.error());
  }
  if (!header_seen)
    return fail(ErrorCode::invalid_input, "there is no header line: time, then names of inputs");
  table.finish();
  return std::move(table).text();
}

}  // namespace polyphase::graph
