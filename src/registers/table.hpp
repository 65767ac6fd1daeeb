#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "registers/register.hpp"

namespace polyphase::registers {

inline constexpr std::size_t text_output_max = 80;  ///< of a string that a module puts out

/// Every value a meter has, flat. Built at start; afterwards only values change, on one thread.
/// Copies share what finds a register by its name, until one of them gets another register.
class RegisterTable {
 public:
  /// errors  invalid_config: the handle or module.register exists already. Of two equal labels the
  ///         first is the one that find() knows.
  Result<Index> add(RegisterInfo info);

  std::size_t size() const { return infos_.size(); }
  const RegisterInfo& info(Index index) const { return infos_[index]; }
  const Value& value(Index index) const { return values_[index]; }
  Value& value(Index index) { return values_[index]; }
  const std::string& text(Index index) const { return texts_[index]; }
  void set_text(Index index, std::string text) { texts_[index] = std::move(text); }
  /// Cut at text_output_max; does not allocate where the register is an output.
  void put_text(Index index, std::string_view text) {
    texts_[index].assign(text.substr(0, text_output_max));
  }

  /// What a template permits of a setup register: at most so much; fixed where nothing is left to choose.
  void narrow(Index index, double maximum) {
    infos_[index].maximum = maximum;
    infos_[index].fixed |= maximum <= infos_[index].minimum;
  }

  /// The cadence follows from the links, which may change.
  void set_cadence(Index index, Cadence cadence) { infos_[index].cadence = cadence; }

  /// The units of what is calculated follow from the links and the setup, which may change.
  void set_unit(Index index, std::string unit) { infos_[index].unit = std::move(unit); }

  /// By label ("Vln a") or by module.register ("PM1.Vln a"); exact first, then without regard to case.
  std::optional<Index> find(std::string_view label) const;
  std::optional<Index> find(Handle handle) const;

  /// The labels nearest to a misspelt one, best first, for messages.
  std::vector<std::string> nearest(std::string_view label, std::size_t count) const;

 private:
  struct Finding {
    std::unordered_map<std::string, Index> by_name, by_folded_name;
    std::unordered_map<Handle, Index> by_handle;
  };

  std::vector<RegisterInfo> infos_;
  std::vector<Value> values_;
  std::vector<std::string> texts_;
  std::shared_ptr<Finding> finding_ = std::make_shared<Finding>();
};

}  // namespace polyphase::registers
