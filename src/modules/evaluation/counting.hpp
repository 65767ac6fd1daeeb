#pragma once

#include <vector>

#include "graph/module.hpp"

namespace polyphase::modules::evaluation {

/// What every evaluation has: a pulse asks for it, what is doubtful is left out, and what was
/// beyond limits is counted over a power cut until a reset.
class Counting : public graph::Module {
 public:
  void run(graph::Step& step) noexcept final;
  void finish(graph::Step& step) noexcept override;
  std::span<double> retained() final { return kept_; }

 protected:
  /// Where its inputs and setups stand in the descriptor; those of inputs() and setups() follow it.
  struct Places {
    std::size_t first_input, first_setup;
  };
  /// Valid and invalid intervals and `kept` numbers of the evaluation survive a power cut.
  Counting(Places places, std::size_t kept) : places_(places), kept_(2 + kept) {}

  void configure_counting(const graph::Setup& setup);
  double valid() const { return kept_[0]; }
  double invalid() const { return kept_[1]; }
  bool evaluated() const { return valid() + invalid() > 0; }
  double& kept(std::size_t i) { return kept_[2 + i]; }
  double kept(std::size_t i) const { return kept_[2 + i]; }
  std::span<const double> kept_from(std::size_t i) const { return std::span(kept_).subspan(2 + i); }

  /// By Flagged, and by the input Valid.
  bool left_out(const graph::Step& step, Quality quality) const;
  std::uint8_t priority() const { return priority_; }
  double percent_of_valid(double count) const;
  double exceed_max() const { return exceed_max_; }
  /// Num Valid, Num Invalid, Num Exceed, Exceed Ratio and Complies of kept(0), the first outputs.
  void tell_counters(graph::Step& step) const;

 private:
  virtual void forget() {}                    ///< what is not kept
  virtual void gather(graph::Step&) {}        ///< at each run, while enabled
  virtual bool judge(graph::Step& step) = 0;  ///< the interval; false: not valid
  virtual void tell(graph::Step& step) const = 0;
  void count(graph::Step& step);

  Places places_;
  std::vector<double> kept_;
  bool excludes_ = true, started_ = false;
  double exceed_max_ = 0;
  std::uint8_t priority_ = 0;
};

// ---- for their descriptors

/// Valid, Enable, Evaluate, Reset.
void add_inputs(graph::ModuleDescriptor& d, const char* while_off, const char* evaluate);
/// Flagged, Exceed Max, EvPriority.
void add_setups(graph::ModuleDescriptor& d, double exceed_max_percent);
/// An output that is told each second.
void add_output(graph::ModuleDescriptor& d, const char* name, graph::RegisterType type,
                const char* unit, const char* help);
/// The outputs of tell_counters(), and the pulse Exceeded.
void add_counters(graph::ModuleDescriptor& d);

}  // namespace polyphase::modules::evaluation
