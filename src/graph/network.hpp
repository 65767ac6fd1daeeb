#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "graph/descriptor.hpp"
#include "graph/module.hpp"
#include "registers/table.hpp"

namespace polyphase::graph {

/// One module of a running meter: what it is, where its registers are, what it is linked to.
struct Node {
  std::string name;
  const ModuleDescriptor* descriptor = nullptr;
  std::unique_ptr<Module> module;
  Wiring wiring;
  Cadence cadence = Cadence::second;  ///< derived from the sources where the descriptor inherits
  bool online = false;
  std::string offline_reason;
};

/// The longest chain of modules in series. A default of this family of meters; configurable there.
inline constexpr std::size_t chain_length_max = 25;

/// The modules of a meter and their links: who may be linked to whom, who runs after whom, how often.
class Network {
 public:
  explicit Network(registers::RegisterTable& table) : table_(table) {}

  /// Makes the registers of one more module. Handles depend on the types and their order alone.
  /// errors  invalid_config: the name is taken; limit: instances_max
  Result<std::size_t> add(std::string name, const ModuleType& type, std::string_view label_pattern,
                          const std::vector<std::pair<std::string, std::string>>& labels);

  /// Links an input to a register (no_register: unlinks it).
  /// errors  invalid_config: of another type or dataset, not linkable, or it would close a loop
  Result<void> link(std::size_t node, std::size_t input, Index source);

  /// Orders the modules by their links and derives their cadences. Modules on a loop that came about
  /// before ordering (by a template) go offline.
  void order();

  /// Gives every output whose descriptor names no unit the one that follows from its sources.
  void derive_units();

  /// The nodes of a cadence, sources before those they feed.
  const std::vector<Node*>& schedule(Cadence cadence) const {
    return schedules_[static_cast<std::size_t>(cadence)];
  }

  std::vector<std::unique_ptr<Node>>& nodes() { return nodes_; }
  const std::vector<std::unique_ptr<Node>>& nodes() const { return nodes_; }
  std::optional<std::size_t> find(std::string_view name) const;
  /// The node that owns a register.
  std::size_t owner(Index index) const { return owners_[index]; }
  std::optional<std::size_t> input_of(std::size_t node, std::string_view input) const;

  /// Checks everything about a link but loops, for links that a template makes in any order.
  Result<void> check_link(std::size_t node, std::size_t input, Index source) const;

 private:
  bool feeds(std::size_t from, std::size_t to) const;
  bool orders(const Node& node, std::size_t input) const;
  Cadence inherited_cadence(const Node& node) const;
  void publish_cadence(Node& node);
  bool derive_units_of(Node& node);

  registers::RegisterTable& table_;
  std::vector<std::unique_ptr<Node>> nodes_;
  std::vector<std::size_t> owners_;  ///< by register
  std::array<std::vector<Node*>, registers::cadence_count> schedules_;
};

}  // namespace polyphase::graph
