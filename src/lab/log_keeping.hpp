#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "graph/engine.hpp"
#include "lab/output.hpp"
#include "recorder/offline.hpp"

namespace polyphase::lab {

inline constexpr const char* store_file_name = "meter.db";  ///< within a data folder

/// Keeps the logs of a meter in an offline run: in memory, or in a data folder, where records of
/// earlier runs stay and the new ones follow.
class LogKeeping {
 public:
  /// `data_folder` empty: in memory. errors  io: the folder cannot be used, or is used by another
  /// program
  static Result<std::unique_ptr<LogKeeping>> open(const graph::Engine& engine,
                                                  const std::string& data_folder);

  registers::Sinks& sinks() { return sinks_; }
  /// The engine has started: units are those of its setup.
  void started() { recorder_.use(engine_.registers()); }
  /// After the end of the run. errors  those of the store
  Result<void> finish() { return sinks_.finish(); }

  /// Writes a whole log: CSV where the format is left open. errors  io: it cannot be read or
  /// written
  Result<void> write(std::string_view log, Format format, const Output& output);

 private:
  LogKeeping(const graph::Engine& engine, std::unique_ptr<store::Store> store)
      : engine_(engine),
        store_(std::move(store)),
        recorder_(engine.registers()),
        sinks_(recorder_, *store_) {}
  Result<std::size_t> write_records(std::string_view log, bool csv, const Output& output);

  const graph::Engine& engine_;
  std::unique_ptr<store::Store> store_;
  recorder::Recorder recorder_;
  recorder::Offline sinks_;
};

/// errors  not_found, with the logs that there are
Result<void> check_log(const registers::RegisterTable& table, std::string_view log);

}  // namespace polyphase::lab
