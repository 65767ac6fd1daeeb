#include "recorder/offline.hpp"

namespace polyphase::recorder {

void Offline::make_room() noexcept {
  if (error_ || recorder_.bytes_waiting() < recorder_.bytes_max() / 2) return;
  if (auto done = recorder_.drain(store_); !done) error_ = done.error();
}

void Offline::event(const registers::Event& event) noexcept {
  make_room();
  recorder_.event(event);
}

void Offline::disturbance(const registers::Disturbance& disturbance) noexcept {
  make_room();
  recorder_.disturbance(disturbance);
}

void Offline::record(const registers::LogRecord& record) noexcept {
  make_room();
  registers::LogRecord any_number_waits = record;
  any_number_waits.buffer_depth = 0;
  recorder_.record(any_number_waits);
}

Result<void> Offline::finish() {
  if (!error_)
    if (auto done = recorder_.drain(store_); !done) error_ = done.error();
  if (error_) return tl::unexpected(*error_);
  return {};
}

}  // namespace polyphase::recorder
