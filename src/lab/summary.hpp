#pragma once

#include <array>
#include <string>
#include <vector>

#include "lab/accumulator.hpp"
#include "lab/session.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::lab {

/// A page for people: what a recording holds, on the whole. Mean, low and high of the one-second
/// values; where there is no whole second, of windows, and where there is no window, of cycles.
class Summary final : public graph::StepObserver {
 public:
  /// `engine` is started.
  explicit Summary(const graph::Engine& engine);
  void stepped(graph::Cadence cadence, Instant end, double duration_s,
               Quality quality) noexcept override;
  std::string text(const Findings& findings, const SourceInfo& source, Instant first, Instant end,
                   const sources::recording::Missing& missing = {}) const;

 private:
  struct Pace {
    registers::Index index = registers::no_register;
    Accumulator values;
  };
  struct Line {
    const char* label;
    int decimals;
    bool power;
    std::array<Pace, registers::cadence_count> paces;  ///< by cadence
  };
  std::string line_text(const Line& line, std::size_t pace) const;

  const graph::Engine& engine_;
  std::vector<Line> lines_;
  std::array<bool, registers::cadence_count> seen_{};  ///< whole intervals of each cadence
};

}  // namespace polyphase::lab
