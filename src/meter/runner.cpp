#include "meter/runner.hpp"

#include <algorithm>

#include "meter/catalogue.hpp"

namespace polyphase::meter {
namespace {

using Clock = std::chrono::steady_clock;
using registers::Cadence;

bool same(const SourceInfo& a, const SourceInfo& b) {
  return a.sample_rate_hz == b.sample_rate_hz && a.channels_present == b.channels_present &&
         a.full_scale == b.full_scale && a.secondary == b.secondary;
}

}  // namespace

/// What readers need of a started engine: where in which snapshot each register is.
struct Runner::View {
  std::shared_ptr<const graph::Engine> engine;
  struct Place {
    std::uint8_t cadence = 0;
    std::uint32_t position = 0;
  };
  std::vector<Place> places;  ///< by register
};

Runner::Runner(RunnerOptions options, registers::Sinks& sinks, RunnerListener& listener)
    : options_(std::move(options)), sinks_(sinks), listener_(listener) {}

Result<std::unique_ptr<Runner>> Runner::create(RunnerOptions options, registers::Sinks& sinks,
                                               RunnerListener& listener,
                                               const RetainedNumbers& retained) {
  std::unique_ptr<Runner> runner(new Runner(std::move(options), sinks, listener));
  auto engine = runner->options_.make_engine(sinks);
  if (!engine) return tl::unexpected(engine.error());
  runner->engine_ = std::move(*engine);
  for (const auto& [name, value] : retained) runner->engine_->restore(name, value);
  runner->publish();
  runner->note(false, "waits for samples");
  return runner;
}

Runner::~Runner() { stop(); }

void Runner::start() {
  thread_ = std::thread([this] { run(); });
}

void Runner::stop() {
  {
    const std::scoped_lock lock(mutex_);
    stop_ = true;
  }
  wake_.notify_all();
  if (thread_.joinable()) thread_.join();
  std::vector<Change> left;
  {
    const std::scoped_lock lock(mutex_);
    left.swap(inbox_);
    for (auto& [ticket, change] : waiting_) left.push_back(std::move(change));
    waiting_.clear();
  }
  for (Change& change : left)
    change.applied(change.command, fail(ErrorCode::io, "the meter has stopped"));
}

// ---- the runner's thread

void Runner::run() {
  while (!stop_) {
    const std::unique_ptr<SampleSource> source = opened();
    if (source == nullptr) continue;
    if (auto started = start_engine(source->info()); !started) {
      note(false, started.error().text());
      pause();
      continue;
    }
    measuring_ = true;
    const bool more = measure(*source);
    measuring_ = false;
    if (!more) break;
  }
  if (started_) engine_->finish();
  second_ended_ = started_;
  after_block();
  // The samples have ended for good; whoever asks for a change is told so.
  while (!stop_) {
    take_changes();
    pause();
  }
}

std::unique_ptr<SampleSource> Runner::opened() {
  take_changes();
  auto source = options_.open_source(stop_);
  if (source) return std::move(*source);
  note(false, source.error().text());
  pause();
  return nullptr;
}

// After other samples than before the meter is built anew, with its settings and what it retains.
Result<void> Runner::start_engine(const SourceInfo& info) {
  if (started_ && same(*info_, info)) return {};
  if (started_) {
    engine_->finish();
    second_ended_ = true;
    after_block();
    const RetainedNumbers retained = engine_->retained();
    auto engine = options_.make_engine(sinks_);
    if (!engine) return tl::unexpected(engine.error());
    engine_ = std::move(*engine);
    for (const auto& [name, value] : retained) engine_->restore(name, value);
    started_ = false;
  }
  if (auto started = engine_->start(info); !started) {
    auto engine = options_.make_engine(sinks_);
    if (engine) engine_ = std::move(*engine);
    return started;
  }
  engine_->observe(this);
  started_ = true;
  info_ = info;
  publish();
  return {};
}

// False: the samples have ended for good.
bool Runner::measure(SampleSource& source) {
  bool first = true;
  for (SampleBlock block; !stop_; first = false) {
    if (!first) source.gather(frames_wanted());
    auto more = source.next(block);
    if (!more) {
      note(false, more.error().text());
      pause();
      return true;
    }
    if (!*more) {
      note(false, "the samples have ended");
      const std::scoped_lock lock(mutex_);
      state_.ended = !stop_;
      return false;
    }
    block_came_ = Clock::now().time_since_epoch().count();
    if (first) {
      block.after_gap = true;
      note(true, {});
    }
    take_changes();
    engine_->process(block);
    {
      const std::scoped_lock lock(mutex_);
      state_.clock_synchronised = block.clock_synchronised;
    }
    after_block();
  }
  return true;
}

// Whoever looks at half cycles or waveforms gets each as soon as its samples are there.
std::size_t Runner::frames_wanted() const {
  const std::size_t least = engine_->frames_wanted();
  const auto now = Clock::now().time_since_epoch().count();
  if (now < half_cycles_wanted_ || now < waveform_wanted_) return least;
  const double gathered_s = std::chrono::duration<double>(gather_max).count();
  return std::max(least, static_cast<std::size_t>(gathered_s * info_->sample_rate_hz));
}

void Runner::pause() {
  std::unique_lock lock(mutex_);
  wake_.wait_for(lock, options_.source_retry, [&] { return stop_ || !inbox_.empty(); });
}

void Runner::take_changes() {
  std::vector<Change> changes;
  {
    const std::scoped_lock lock(mutex_);
    changes.swap(inbox_);
  }
  for (Change& change : changes) {
    if (!started_) {
      change_before_start(std::move(change));
      continue;
    }
    change.command.ticket = ++tickets_;
    if (auto submitted = engine_->submit(change.command); !submitted) {
      change.applied(change.command, submitted);
      continue;
    }
    const std::scoped_lock lock(mutex_);
    waiting_.emplace(change.command.ticket, std::move(change));
  }
}

void Runner::change_before_start(Change change) {
  using Kind = control::Command::Kind;
  const control::Command& command = change.command;
  Result<void> done;
  if (command.kind == Kind::write)
    done = engine_->set(command.target, command.value);
  else if (command.kind == Kind::link)
    done = engine_->link(command.target, command.value);
  else
    done = fail(ErrorCode::refused, "the meter has no samples yet: " + state().note);
  if (done) publish();
  change.applied(command, done);
}

void Runner::stepped(graph::Cadence cadence, Instant end, double, Quality) noexcept {
  if (cadence != Cadence::second) return;
  second_ended_ = true;
  second_end_ = end;
}

void Runner::applied(const control::Command& command, const Result<void>& result) noexcept {
  finished_.emplace_back(command, result);
  if (result && command.kind != control::Command::Kind::pulse &&
      command.kind != control::Command::Kind::clock_step)
    configuration_changed_ = true;
}

void Runner::after_block() {
  if (std::exchange(configuration_changed_, false)) publish();
  finish_changes();
  if (std::exchange(second_ended_, false)) {
    keep_texts();
    engine_->retained_numbers(retained_);
    listener_.second(second_end_, engine_->retained_names(), retained_);
  }
  keep_waveform();
}

void Runner::finish_changes() {
  for (const auto& [command, result] : std::exchange(finished_, {})) {
    Applied answer;
    {
      const std::scoped_lock lock(mutex_);
      const auto found = waiting_.find(command.ticket);
      if (found == waiting_.end()) continue;
      answer = std::move(found->second.applied);
      waiting_.erase(found);
    }
    answer(command, result);
  }
}

void Runner::keep_texts() {
  const registers::RegisterTable& table = engine_->registers();
  std::string note = measuring_ && options_.source_note ? options_.source_note() : std::string();
  const std::scoped_lock lock(mutex_);
  if (texts_.size() != table.size()) {  // what a register is does not change: looked up once
    texts_.resize(table.size());
    for (control::Index i = 0; i < table.size(); ++i)
      if (table.info(i).type == registers::RegisterType::string) text_registers_.push_back(i);
  }
  for (const control::Index i : text_registers_) texts_[i] = table.text(i);
  state_.last_second = second_end_;
  if (state_.running) state_.note = std::move(note);
}

void Runner::keep_waveform() {
  constexpr std::chrono::milliseconds between{100};
  const auto now = Clock::now();
  if (!started_ || now - waveform_kept_ < between ||
      now.time_since_epoch().count() > waveform_wanted_)
    return;
  waveform_kept_ = now;
  const std::scoped_lock lock(mutex_);
  waveform_.frames.resize(static_cast<std::size_t>(info_->sample_rate_hz * waveform_s_max));
  const graph::NewestSamples newest = engine_->newest(waveform_.frames);
  waveform_.frames.resize(newest.count);
  waveform_.time_first = newest.time_first;
  waveform_.sample_rate_hz = newest.sample_rate_hz;
  waveform_.channels_present = newest.present;
}

void Runner::publish() {
  auto catalogue = catalogue_of(*engine_, ++version_);
  auto fresh = std::make_shared<View>();
  if (started_) {
    fresh->engine = engine_;
    fresh->places.resize(engine_->registers().size());
    for (std::size_t c = 0; c < registers::cadence_count; ++c) {
      const auto& indices = engine_->snapshot(static_cast<Cadence>(c)).indices();
      for (std::uint32_t p = 0; p < indices.size(); ++p)
        fresh->places[indices[p]] = {static_cast<std::uint8_t>(c), p};
    }
  }
  {
    const std::scoped_lock lock(mutex_);
    catalogue_ = catalogue;
    view_ = std::move(fresh);
  }
  listener_.configured(std::move(catalogue));
}

void Runner::note(bool running, std::string text) {
  const std::scoped_lock lock(mutex_);
  state_.running = running;
  state_.note = std::move(text);
}

// ---- other threads

void Runner::submit(control::Command command, Applied applied) {
  std::string refusal;
  {
    const std::scoped_lock lock(mutex_);
    if (stop_)
      refusal = "the meter stops";
    else if (inbox_.size() + waiting_.size() >= changes_waiting_max)
      refusal = "too many changes are waiting already; try again";
    else
      inbox_.push_back({std::move(command), std::move(applied), Clock::now() + change_wait_max});
  }
  if (!refusal.empty()) return applied(command, fail(ErrorCode::limit, refusal));
  wake_.notify_all();
}

void Runner::expire() {
  std::vector<Change> late;
  {
    const auto now = Clock::now();
    const std::scoped_lock lock(mutex_);
    for (auto at = inbox_.begin(); at != inbox_.end();) {
      if (at->deadline > now) {
        ++at;
        continue;
      }
      late.push_back(std::move(*at));
      at = inbox_.erase(at);
    }
  }
  for (Change& change : late)
    change.applied(change.command,
                   fail(ErrorCode::io, "no samples arrive, so nothing changes; see the source"));
}

std::shared_ptr<const Runner::View> Runner::view() const {
  const std::scoped_lock lock(mutex_);
  return view_;
}

std::shared_ptr<const control::Catalogue> Runner::catalogue() const {
  const std::scoped_lock lock(mutex_);
  return catalogue_;
}

std::uint64_t Runner::sequence(registers::Cadence cadence) const {
  const auto now = view();
  if (now->engine == nullptr) return 0;
  return now->engine->snapshot(cadence == Cadence::none ? Cadence::second : cadence).sequence();
}

void Runner::values(std::span<const control::Index> indices,
                    std::span<registers::Value> out) const {
  std::shared_ptr<const View> now;
  std::shared_ptr<const control::Catalogue> catalogue;
  {
    const std::scoped_lock lock(mutex_);
    now = view_;
    catalogue = catalogue_;
  }
  std::array<bool, registers::cadence_count> wanted{};
  for (std::size_t i = 0; i < indices.size(); ++i) {
    const bool setup = catalogue->registers.info(indices[i]).role == registers::Role::setup;
    out[i] = setup ? catalogue->registers.value(indices[i]) : registers::Value{};
    if (!setup && now->engine != nullptr) wanted[now->places[indices[i]].cadence] = true;
  }
  if (wanted[static_cast<std::size_t>(Cadence::half_cycle)])
    half_cycles_wanted_ = (Clock::now() + half_cycle_interest).time_since_epoch().count();
  thread_local std::vector<registers::Value> page;
  for (std::size_t c = 0; c < wanted.size(); ++c) {
    if (!wanted[c]) continue;
    now->engine->snapshot(static_cast<Cadence>(c)).read(page);
    for (std::size_t i = 0; i < indices.size(); ++i) {
      const View::Place place = now->places[indices[i]];
      if (place.cadence == c &&
          catalogue->registers.info(indices[i]).role != registers::Role::setup)
        out[i] = page[place.position];
    }
  }
}

std::string Runner::text(control::Index index) const {
  const std::scoped_lock lock(mutex_);
  if (catalogue_->registers.info(index).role == registers::Role::setup)
    return catalogue_->registers.text(index);
  return index < texts_.size() ? texts_[index] : std::string();
}

control::Waveform Runner::waveform(double duration_s) const {
  constexpr std::chrono::seconds interest{3};
  waveform_wanted_ = (Clock::now() + interest).time_since_epoch().count();
  const std::scoped_lock lock(mutex_);
  control::Waveform newest = waveform_;
  const auto wanted = static_cast<std::size_t>(std::max(0.0, duration_s) * newest.sample_rate_hz);
  if (wanted < newest.frames.size()) {
    const std::size_t older = newest.frames.size() - wanted;
    newest.frames.erase(newest.frames.begin(),
                        newest.frames.begin() + static_cast<std::ptrdiff_t>(older));
    newest.time_first =
        newest.time_first.plus_s(static_cast<double>(older) / newest.sample_rate_hz);
  }
  return newest;
}

Runner::State Runner::state() const {
  State state;
  {
    const std::scoped_lock lock(mutex_);
    state = state_;
  }
  if (!state.running) return state;
  if (std::string wanted = options_.source_waits_for ? options_.source_waits_for() : "";
      !wanted.empty()) {
    state.running = false;
    state.note = "waits for " + wanted;
    return state;
  }
  const Clock::duration silent = Clock::now().time_since_epoch() - Clock::duration(block_came_);
  if (silent > silence_max) {
    state.running = false;
    state.note = "the source is open but silent; until then: " + state.note;
  }
  return state;
}

}  // namespace polyphase::meter
