#pragma once

#include <optional>

#include "recorder/recorder.hpp"

namespace polyphase::recorder {

/// The sinks of an offline run: nothing is lost, whatever it takes. Files on the engine's own
/// thread where much waits.
class Offline final : public registers::Sinks {
 public:
  Offline(Recorder& recorder, store::Store& store) : recorder_(recorder), store_(store) {}

  void event(const registers::Event& event) noexcept override;
  void disturbance(const registers::Disturbance& disturbance) noexcept override;
  void record(const registers::LogRecord& record) noexcept override;

  /// Files everything. errors  the first that the store gave since the start
  Result<void> finish();

 private:
  void make_room() noexcept;

  Recorder& recorder_;
  store::Store& store_;
  std::optional<Error> error_;
};

}  // namespace polyphase::recorder
