#pragma once

#include "lab/output.hpp"
#include "lab/session.hpp"

namespace polyphase::lab::verify {

struct VerifyOptions {
  bool quick = false, json = false;
  std::string html;               ///< file for the report as a page; empty: none
  std::vector<std::string> only;  ///< keys of groups; empty: all
  MeterOptions meter;             ///< tier and settings: how the meter under test is set up
  std::string program;            ///< name and version, for the report
  unsigned threads = 0;           ///< 0: as the machine has
  bool progress = false;          ///< tell on the notes how far it is
};

/// Tests this build as a type-test laboratory would, by its own scenarios: what it certifies is the
/// arithmetic, not a sensor. False: a check failed.
/// errors  not_found: no such group; invalid_config: settings that the meter refuses; io
Result<bool> verify(const VerifyOptions& options, const Output& output);

}  // namespace polyphase::lab::verify
