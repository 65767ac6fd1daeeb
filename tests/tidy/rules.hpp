#pragma once

#include <string>
#include <vector>

#include "tidy/tree.hpp"

namespace polyphase::tidy {

/// What a rule dislikes: where, and what to do instead.
struct Finding {
  std::string path;
  std::size_t line = 0;  ///< 0: the file as a whole
  std::string message;

  std::string text() const {
    return path + (line > 0 ? ":" + std::to_string(line) : "") + ": " + message;
  }
};
using Findings = std::vector<Finding>;

// layers.cpp: the architecture

/// Every #include of another layer is in the USES of its own layer's line.
Findings includes_follow_uses(const Tree& tree);
/// Every USES is allowed by the table of layers in ARCHITECTURE.md, and every layer has a row
/// there.
Findings uses_follow_the_table(const Tree& tree);

// includes.cpp

/// Headers that are slow to compile: in one source file each, never in a header.
Findings heavy_headers_stay_in_one_file(const Tree& tree);
/// A header that only its own source file includes.
Findings headers_are_used(const Tree& tree);
Findings headers_open_no_namespace(const Tree& tree);

// text.cpp

Findings nothing_is_left_over(const Tree& tree);
Findings no_banned_calls(const Tree& tree);
/// The measuring half has no clock but its samples.
Findings engine_asks_no_clock(const Tree& tree);
Findings no_paths_of_one_machine(const Tree& tree);
/// Past file_lines_max a file says why in its first lines ("Longer than ... because").
Findings files_are_short(const Tree& tree);
inline constexpr std::size_t file_lines_max = 600;

// folders.cpp

Findings names_are_lower_case(const Tree& tree);
Findings folders_have_tests(const Tree& tree);
Findings codecs_have_fuzz_targets(const Tree& tree);

// links.cpp

/// Links between our documents.
Findings links_lead_somewhere(const Tree& tree);

// conformance.cpp

/// A row of docs/conformance that says `met` names tests that exist and that say `Covers:` it.
Findings met_rows_are_covered(const Tree& tree);

}  // namespace polyphase::tidy
