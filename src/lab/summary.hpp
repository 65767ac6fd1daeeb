#pragma once

#include <string>

#include "lab/session.hpp"
#include "sources/recording/recording.hpp"

namespace polyphase::lab {

/// A page for people: what a recording holds, on the whole.
class Summary final : public graph::StepObserver {
 public:
  explicit Summary(const graph::Engine& engine);
  void begin(Instant first) { first_ = first; }
  void stepped(graph::Cadence cadence, Instant end, double duration_s, Quality quality) noexcept override;
  std::string text(const Findings& findings, const sources::recording::RecordingSource& source, Instant end) const;

 private:
  struct Line {
    const char* label;
    registers::Index index = registers::no_register;
    double low = registers::not_available, high = registers::not_available, sum = 0, weight = 0;
  };
  const graph::Engine& engine_;
  Instant first_;
  std::vector<Line> lines_;
};

/// True once the engine has told a whole second.
bool recap_has_second(const graph::Engine& engine);

}  // namespace polyphase::lab
