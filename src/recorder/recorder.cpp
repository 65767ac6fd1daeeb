#include "recorder/recorder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "recorder/message.hpp"

namespace polyphase::recorder {
namespace {

constexpr std::size_t reserve_bytes = 65'536;
constexpr std::size_t reserve_share = 16;  // of a small ring

Instant time_of(const MessageReader::Message& message) {
  return std::visit([](const auto& told) { return told.time; }, message);
}

}  // namespace

Recorder::Recorder(const registers::RegisterTable& table, RecorderOptions options)
    : options_(std::move(options)),
      ring_(options_.ring_bytes / ByteRing::alignment * ByteRing::alignment),
      reserve_(std::min(reserve_bytes, ring_.capacity() / reserve_share)),
      waiting_(table.size()),
      lost_(table.size()),
      filing_(std::make_shared<const Names>(table)) {
  told_.records.resize(table.size());
}

void Recorder::event(const registers::Event& event) noexcept {
  if (!put(ring_, event, reserve_)) events_lost_.fetch_add(1, std::memory_order_relaxed);
}

void Recorder::disturbance(const registers::Disturbance& disturbance) noexcept {
  if (!put(ring_, disturbance, reserve_)) events_lost_.fetch_add(1, std::memory_order_relaxed);
}

void Recorder::record(const registers::LogRecord& record) noexcept {
  if (record.log >= waiting_.size()) return lose(record);
  auto& waiting = waiting_[record.log];
  const bool counts = !record.columns.empty();
  if (counts && record.buffer_depth != 0 &&
      waiting.load(std::memory_order_relaxed) >= record.buffer_depth)
    return lose(record);
  // Before it can be read, so that the reader never counts below zero.
  if (counts) waiting.fetch_add(1, std::memory_order_relaxed);
  if (put(ring_, record, record.begins_anew ? 0 : reserve_)) return;
  if (counts) waiting.fetch_sub(1, std::memory_order_relaxed);
  lose(record);
}

void Recorder::lose(const registers::LogRecord& record) noexcept {
  if (record.columns.empty()) return;
  if (record.log < lost_.size()) lost_[record.log].fetch_add(1, std::memory_order_relaxed);
  records_lost_.fetch_add(1, std::memory_order_release);
}

bool Recorder::checkpoint(std::vector<store::NamedNumber>& numbers) noexcept {
  const std::unique_lock lock(mail_, std::try_to_lock);
  if (!lock.owns_lock()) return false;
  numbers_.swap(numbers);
  numbers_fresh_ = true;
  checkpoint_end_ = ring_.written();
  return true;
}

void Recorder::note(logs::Event event) {
  if (event.node.empty()) event.node = options_.node;
  const std::lock_guard lock(mail_);
  if (notes_.size() >= notes_max)
    events_lost_.fetch_add(1, std::memory_order_relaxed);
  else
    notes_.push_back(std::move(event));
}

void Recorder::use(const registers::RegisterTable& table) {
  auto names = std::make_shared<const Names>(table);
  const std::lock_guard lock(mail_);
  names_ = std::move(names);
}

RecorderStatus Recorder::status() const {
  RecorderStatus status;
  status.records_written = records_written_.load(std::memory_order_relaxed);
  status.events_written = events_written_.load(std::memory_order_relaxed);
  status.records_lost = records_lost_.load(std::memory_order_relaxed) +
                        records_refused_.load(std::memory_order_relaxed);
  status.events_lost = events_lost_.load(std::memory_order_relaxed) +
                       events_refused_.load(std::memory_order_relaxed);
  status.bytes_waiting = ring_.waiting();
  const std::lock_guard lock(mail_);
  status.trouble = trouble_;
  return status;
}

Result<void> Recorder::drain(store::Store& store, Until until) {
  const std::lock_guard one(draining_);
  take_mail(until);
  for (;;) {
    auto more = drain_batch(store);
    if (more && *more) continue;
    if (more) return {};
    set_trouble(more.error());
    rescue_numbers(store);
    return tl::unexpected(more.error());
  }
}

void Recorder::take_mail(Until until) {
  const std::lock_guard lock(mail_);
  if (names_) filing_.use(std::exchange(names_, nullptr));
  if (numbers_fresh_) {
    numbers_to_write_.swap(numbers_);
    numbers_fresh_ = false;
    numbers_wait_ = true;
  }
  const std::size_t room = notes_max - std::min(notes_max, notes_to_write_.size());
  const auto taken = static_cast<std::ptrdiff_t>(std::min(room, notes_.size()));
  std::move(notes_.begin(), notes_.begin() + taken, std::back_inserter(notes_to_write_));
  notes_.erase(notes_.begin(), notes_.begin() + taken);
  end_ = until == Until::now ? ring_.written() : checkpoint_end_;
}

std::uint64_t Recorder::lost_in_all() const noexcept {
  return records_lost_.load(std::memory_order_acquire) +
         events_lost_.load(std::memory_order_acquire);
}

bool Recorder::anything_to_do() const {
  return ring_.released() < end_ || numbers_wait_ || !notes_to_write_.empty() ||
         lost_in_all() != lost_told_;
}

Result<bool> Recorder::drain_batch(store::Store& store) {
  if (!anything_to_do()) return false;
  if (auto done = filing_.look(store); !done) return tl::unexpected(done.error());
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  Counts counts;
  auto done = filing_.begin(*batch);
  if (done) file_messages(*batch, counts);
  if (done && counts.at_end) file_rest(*batch, counts);
  if (auto committed = batch->commit(); !committed) done = committed;
  filing_.ended(done.has_value());
  if (!done) {
    ring_.rewind();
    return tl::unexpected(done.error());
  }
  settle(counts);
  end_trouble();
  return true;
}

// What is refused here although the batch can be committed will never be taken: it is left out.
void Recorder::file_messages(store::Batch& batch, Counts& counts) {
  for (std::size_t n = 0; n < batch_messages_max; ++n) {
    const auto bytes = ring_.next(end_);
    if (bytes.empty()) {
      counts.at_end = true;
      return;
    }
    const auto message = reader_.read(bytes);
    latest_ = time_of(message);
    const auto filed = filing_.file(batch, message);
    const auto* record = std::get_if<registers::LogRecord>(&message);
    if (record != nullptr && !record->columns.empty()) counts.logs.push_back(record->log);
    if (!filed)
      ++(record != nullptr ? counts.records_refused : counts.events_refused);
    else if (*filed)
      ++(record != nullptr ? counts.records : counts.events);
  }
}

void Recorder::file_rest(store::Batch& batch, Counts& counts) {
  for (const logs::Event& note : notes_to_write_) {
    const auto filed = filing_.file(batch, note);
    if (!filed) ++counts.events_refused;
    if (filed && *filed) ++counts.events;
  }
  counts.notes = notes_to_write_.size();
  tell_lost(batch, counts);
  // What cannot be retained at all must not be tried for ever; a batch that is lost is.
  if (numbers_wait_) (void)batch.retain(numbers_to_write_);
}

void Recorder::tell_lost(store::Batch& batch, Counts& counts) {
  counts.told = told_;
  counts.lost_in_all = lost_in_all();
  if (counts.lost_in_all == lost_told_) return;
  const auto tell = [&](std::uint64_t count, const std::string& what, const std::string& where) {
    logs::Event line;
    line.time = latest_;
    line.priority = registers::priority::warning;
    line.node = options_.node;
    line.cause = what;
    line.cause_value = fmt::format("{}", count);
    line.effect = where + ": there was no room to keep them";
    if (const auto filed = filing_.file(batch, line); filed && *filed) ++counts.events;
  };
  const std::uint64_t events = events_lost_.load(std::memory_order_relaxed);
  if (events != told_.events) tell(events - told_.events, "events lost", logs::event_log_name);
  counts.told.events = events;
  for (registers::Index log = 0; log < lost_.size(); ++log) {
    const std::uint32_t lost = lost_[log].load(std::memory_order_relaxed);
    if (lost == told_.records[log]) continue;
    tell(lost - told_.records[log], "records lost", filing_.names().label(log));
    counts.told.records[log] = lost;
  }
}

void Recorder::settle(const Counts& counts) {
  ring_.release();
  for (const registers::Index log : counts.logs)
    waiting_[log].fetch_sub(1, std::memory_order_relaxed);
  records_written_.fetch_add(counts.records, std::memory_order_relaxed);
  events_written_.fetch_add(counts.events, std::memory_order_relaxed);
  records_refused_.fetch_add(counts.records_refused, std::memory_order_relaxed);
  events_refused_.fetch_add(counts.events_refused, std::memory_order_relaxed);
  if (!counts.at_end) return;
  notes_to_write_.erase(notes_to_write_.begin(),
                        notes_to_write_.begin() + static_cast<std::ptrdiff_t>(counts.notes));
  told_ = counts.told;
  lost_told_ = counts.lost_in_all;
  numbers_wait_ = false;
}

void Recorder::set_trouble(const Error& error) {
  {
    const std::lock_guard lock(mail_);
    const bool known = !trouble_.empty();
    trouble_ = error.text();
    if (known) return;
  }
  trouble_since_ = latest_;
  if (options_.on_trouble) options_.on_trouble(error.text());
}

void Recorder::end_trouble() {
  std::string was;
  {
    const std::lock_guard lock(mail_);
    if (trouble_.empty()) return;
    was = std::exchange(trouble_, {});
  }
  logs::Event line;
  line.time = latest_;
  line.priority = registers::priority::warning;
  line.node = options_.node;
  line.cause = was;
  line.effect = "the store takes records again";
  line.effect_value = fmt::format("since {}", to_iso8601(trouble_since_));
  notes_to_write_.push_back(std::move(line));
  if (options_.on_trouble) options_.on_trouble({});
}

// Energies come before records: what is replaced may still fit where nothing can be added.
void Recorder::rescue_numbers(store::Store& store) {
  if (!numbers_wait_) return;
  auto batch = store.begin();
  if (!batch) return;
  const bool put = batch->retain(numbers_to_write_).has_value();
  if (batch->commit() && put) numbers_wait_ = false;
}

}  // namespace polyphase::recorder
