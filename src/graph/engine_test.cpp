#include "graph/engine.hpp"

#include <gtest/gtest.h>

namespace polyphase::graph {
namespace {

// ---- a small world: samples that tell a half cycle every 10 frames and a second every 100

OutputDescriptor output(const char* name, RegisterType type = RegisterType::numeric) {
  OutputDescriptor o;
  o.name = name;
  o.type = type;
  return o;
}

InputDescriptor input(const char* name, RegisterType type = RegisterType::numeric, bool mandatory = true) {
  InputDescriptor i;
  i.name = name;
  i.type = type;
  i.mandatory = mandatory;
  return i;
}

class Entrance final : public SampleInput {
 public:
  static const ModuleDescriptor& descriptor() {
    static const ModuleDescriptor d = [] {
      ModuleDescriptor m;
      m.type = "Entrance";
      m.number = 1;
      m.cadence = Cadence::second;
      OutputDescriptor fast = output("fast");
      fast.cadence = Cadence::half_cycle;
      m.outputs = {fast, output("slow")};
      return m;
    }();
    return d;
  }
  Result<void> start(const SourceInfo&) override { return {}; }
  void process(const SampleBlock& block, Steps& steps) noexcept override {
    for (std::size_t i = 0; i < block.frames.size(); ++i) {
      ++samples_;
      const Instant now{static_cast<std::int64_t>(samples_) * 1'000'000 + offset_ns_};
      if (samples_ % 10 == 0) steps.step(Cadence::half_cycle, now, 0.01, {});
      if (samples_ % 100 == 0) steps.step(Cadence::second, now, 0.1, {});
    }
  }
  void finish(Steps&) noexcept override {}
  void run(Step& step) noexcept override { step.out(1, static_cast<double>(samples_)); }
  void step_clock(double seconds) noexcept override { offset_ns_ += static_cast<std::int64_t>(seconds * 1e9); }
  std::uint64_t sample_position() const override { return samples_; }
  NewestSamples newest(std::span<Frame>) const override { return {}; }
  const void* dataset(std::size_t) const override { return nullptr; }
  void configure_inputs(std::span<const double>) override {}

 private:
  std::uint64_t samples_ = 0;
  std::int64_t offset_ns_ = 0;
};

// Adds its inputs and counts its runs.
class Adder final : public Module {
 public:
  static const ModuleDescriptor& descriptor() {
    static const ModuleDescriptor d = [] {
      ModuleDescriptor m;
      m.type = "Adder";
      m.number = 2;
      m.inputs = {input("A"), input("B", RegisterType::numeric, false),
                  input("Reset", RegisterType::pulse, false)};
      SetupDescriptor offset;
      offset.name = "Offset";
      offset.minimum = -5;
      offset.maximum = 5;
      m.setups = {offset};
      m.outputs = {output("Sum"), output("Runs"), output("Done", RegisterType::pulse)};
      return m;
    }();
    return d;
  }
  Result<void> configure(const Setup& setup) override {
    offset_ = setup.number(0);
    if (offset_ == 5) return fail(ErrorCode::invalid_config, "five is right out");
    return {};
  }
  void run(Step& step) noexcept override {
    runs_ += 1;
    const double b = step.linked(1) ? step.in(1) : 0;
    step.out(0, step.in(0) + b + offset_);
    step.out(1, runs_);
    step.pulse(2);
  }

 private:
  double offset_ = 0, runs_ = 0;
};

class Echo final : public Module {
 public:
  static const ModuleDescriptor& descriptor() {
    static const ModuleDescriptor d = [] {
      ModuleDescriptor m;
      m.type = "Echo";
      m.number = 3;
      m.breaks_loop = true;
      m.cadence = Cadence::half_cycle;
      m.inputs = {input("In")};
      m.outputs = {output("Out")};
      return m;
    }();
    return d;
  }
  void run(Step& step) noexcept override { step.out(0, available(step.in(0)) ? step.in(0) : 1.0); }
};

template <class T>
std::unique_ptr<Module> make() {
  return std::make_unique<T>();
}

const std::vector<ModuleType> types{{Entrance::descriptor, make<Entrance>},
                                    {Adder::descriptor, make<Adder>},
                                    {Echo::descriptor, make<Echo>}};

class Told final : public registers::Sinks {
 public:
  void event(const registers::Event& e) noexcept override { texts.emplace_back(e.text); }
  void disturbance(const registers::Disturbance&) noexcept override {}
  void record(const registers::LogRecord&) noexcept override {}
  std::vector<std::string> texts;
};

class World {
 public:
  explicit World(std::string_view text) {
    auto device = parse_template(std::string("[[module]]\ntype=\"Entrance\"\nname=\"IN\"\n") + std::string(text),
                                 "test.toml", {});
    EXPECT_TRUE(device) << device.error().text();
    auto made = Engine::create(*device, types, told);
    if (!made) error = made.error().text();
    else engine = std::move(*made);
  }

  World& start() {
    EXPECT_TRUE(engine->start({}));
    return *this;
  }
  void feed(std::size_t samples, std::size_t block = 7) {
    const std::vector<Frame> frames(block);
    while (samples > 0) {
      const std::size_t n = std::min(samples, block);
      engine->process({std::span(frames).first(n), {}});
      samples -= n;
    }
  }
  double value(std::string_view name) const {
    const auto index = engine->registers().find(name);
    EXPECT_TRUE(index) << name;
    return engine->registers().value(*index).number;
  }
  void command(control::Command::Kind kind, std::uint64_t sample, std::string target, std::string to) {
    auto done = engine->submit({sample, kind, std::move(target), std::move(to)});
    EXPECT_TRUE(done) << done.error().text();
  }
  Told told;
  std::unique_ptr<Engine> engine;
  std::string error;
};


using Kind = control::Command::Kind;

// ---- building

TEST(Engine, RunsModulesInTheOrderOfTheirLinksWhateverTheTemplateSays) {
  World world(R"(
[[module]]
type = "Adder"
name = "LATE"
link = { A = "EARLY.Sum" }
[[module]]
type = "Adder"
name = "EARLY"
link = { A = "IN.slow" }
)");
  world.start().feed(100);
  EXPECT_EQ(world.value("LATE.Sum"), 100.0);  // of this very step
}

TEST(Engine, RunsAModuleAtTheSpeedOfItsSource) {
  World world(R"(
[[module]]
type = "Adder"
name = "FAST"
link = { A = "IN.fast" }
[[module]]
type = "Adder"
name = "AFTER_FAST"
link = { A = "FAST.Sum" }
[[module]]
type = "Adder"
name = "SLOW"
link = { A = "IN.slow" }
)");
  world.start().feed(200);
  EXPECT_EQ(world.value("FAST.Runs"), 20.0);
  EXPECT_EQ(world.value("AFTER_FAST.Runs"), 20.0);
  EXPECT_EQ(world.value("SLOW.Runs"), 2.0);
}

TEST(Engine, NamesThePlaceOfATemplatesMistake) {
  EXPECT_NE(World("[[module]]\ntype=\"Nothing\"\nname=\"X\"").error.find("test.toml:4"), std::string::npos);
  EXPECT_NE(World("[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={A=\"IN.slo\"}").error.find("IN.slow"),
            std::string::npos)
      << "proposes what is near";
  EXPECT_NE(World("[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={Z=\"IN.slow\"}").error.find("no input 'Z'"),
            std::string::npos);
  EXPECT_NE(World("[[module]]\ntype=\"Adder\"\nname=\"X\"\nsetup={Offset=6}").error.find("-5 to 5"),
            std::string::npos);
  EXPECT_NE(World("[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={Reset=\"IN.slow\"}").error.find("pulse"),
            std::string::npos);
}

TEST(Engine, PermitsASetupNoMoreThanItsTemplateDoes) {
  World some("[[module]]\ntype=\"Adder\"\nname=\"X\"\nmaximum={Offset=2}");
  EXPECT_TRUE(some.engine->set("X.Offset", "2"));
  const auto beyond = some.engine->set("X.Offset", "3");
  ASSERT_FALSE(beyond);
  EXPECT_NE(beyond.error().text().find("-5 to 2"), std::string::npos) << beyond.error().text();

  World none("[[module]]\ntype=\"Adder\"\nname=\"X\"\nsetup={Offset=-5}\nmaximum={Offset=-5}");
  const auto fixed = none.engine->set("X.Offset", "-5");
  ASSERT_FALSE(fixed);
  EXPECT_EQ(fixed.error().code, ErrorCode::refused);

  const std::string set_beyond = "[[module]]\ntype=\"Adder\"\nname=\"X\"\nsetup={Offset=3}\nmaximum={Offset=2}";
  EXPECT_NE(World(set_beyond).error.find("Offset is set beyond its maximum"), std::string::npos);
}

TEST(Engine, TakesALoopOfATemplateOfflineAndSaysSo) {
  World world(R"(
[[module]]
type = "Adder"
name = "ONE"
link = { A = "TWO.Sum" }
[[module]]
type = "Adder"
name = "TWO"
link = { A = "ONE.Sum" }
[[module]]
type = "Adder"
name = "FREE"
link = { A = "IN.slow" }
)");
  world.start().feed(100);
  EXPECT_FALSE(available(world.value("ONE.Sum")));
  EXPECT_EQ(world.value("FREE.Sum"), 100.0);
  ASSERT_EQ(world.told.texts.size(), 2u);
  EXPECT_NE(world.told.texts[0].find("loop"), std::string::npos);
}

TEST(Engine, LetsAFeedbackModuleCloseALoopOneStepLater) {
  World world(R"(
[[module]]
type = "Echo"
name = "BACK"
link = { In = "SUM.Sum" }
[[module]]
type = "Adder"
name = "SUM"
link = { A = "BACK.Out", B = "BACK.Out" }
)");
  world.start().feed(30);
  EXPECT_EQ(world.value("SUM.Sum"), 8.0);  // 1+1, 2+2, 4+4
}

TEST(Engine, LeavesAModuleOfflineWhoseMandatoryInputIsFree) {
  World world("[[module]]\ntype=\"Adder\"\nname=\"X\"");
  world.start().feed(100);
  EXPECT_FALSE(available(world.value("X.Sum")));
  ASSERT_EQ(world.told.texts.size(), 1u);
  EXPECT_EQ(world.told.texts[0], "X is offline: input A is not linked");
}

TEST(Engine, KeepsHandlesWhenModulesOfOtherTypesComeAndGo) {
  World small("[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={A=\"IN.slow\"}");
  World large("[[module]]\ntype=\"Echo\"\nname=\"E\"\nlink={In=\"IN.slow\"}\n"
              "[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={A=\"IN.slow\"}");
  const auto handle = [](World& w) {
    return w.engine->registers().info(*w.engine->registers().find("X.Sum")).handle;
  };
  EXPECT_EQ(handle(small), handle(large));
}

// ---- commands

constexpr auto one_adder = "[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={A=\"IN.slow\"}";

TEST(Engine, AppliesACommandAtTheFirstBoundaryAtOrAfterItsSample) {
  World world(one_adder);
  world.start();
  world.command(Kind::write, 151, "X.Offset", "2");
  world.feed(300);
  ASSERT_EQ(world.engine->journal().size(), 1u);
  EXPECT_EQ(world.engine->journal()[0].sample, 160u);
  EXPECT_EQ(world.value("X.Sum"), 302.0);
  EXPECT_EQ(world.told.texts.back(), "setup changed");
}

TEST(Engine, RepeatsItselfFromItsJournalWhateverTheBlockSize) {
  World first(one_adder);
  first.start();
  first.feed(42, 3);
  first.command(Kind::write, 0, "X.Offset", "2");
  first.feed(130, 5);
  first.command(Kind::write, 0, "X.Offset", "-1");
  first.feed(228, 11);

  World again(one_adder);
  again.start();
  for (const control::Command& command : first.engine->journal()) ASSERT_TRUE(again.engine->submit(command));
  again.feed(400, 400);
  ASSERT_EQ(again.engine->journal().size(), 2u);
  for (Index i = 0; i < first.engine->registers().size(); ++i) {
    const auto& a = first.engine->registers().value(i);
    const auto& b = again.engine->registers().value(i);
    EXPECT_TRUE(a.number == b.number || (!available(a.number) && !available(b.number)));
    EXPECT_EQ(a.time, b.time);
  }
  EXPECT_EQ(first.told.texts, again.told.texts);
}

TEST(Engine, RefusesALinkThatWouldCloseALoopAndKeepsTheFormerOne) {
  World world("[[module]]\ntype=\"Adder\"\nname=\"X\"\nlink={A=\"IN.slow\"}\n"
              "[[module]]\ntype=\"Adder\"\nname=\"Y\"\nlink={A=\"X.Sum\"}");
  world.start();
  world.command(Kind::link, 0, "X.A", "Y.Sum");
  world.feed(100);
  EXPECT_EQ(world.value("Y.Sum"), 100.0);
  ASSERT_FALSE(world.told.texts.empty());
  EXPECT_NE(world.told.texts[0].find("would close a loop"), std::string::npos);
}

TEST(Engine, RefusesACommandThatCannotBeCarriedOut) {
  World world(one_adder);
  world.start();
  EXPECT_FALSE(world.engine->submit({0, Kind::write, "X.Offset", "9"}));
  EXPECT_FALSE(world.engine->submit({0, Kind::write, "X.Offzet", "1"}));
  world.command(Kind::write, 0, "X.Sum", "1");  // understood, and refused by the module
  world.feed(10);
  EXPECT_NE(world.told.texts.back().find("measured, not written"), std::string::npos);
}

TEST(Engine, LeavesAModuleWithWhatItHadWhenItRefusesAChangeOfItsSetup) {
  World world(one_adder);
  world.start();
  world.command(Kind::write, 0, "X.Offset", "2");
  world.command(Kind::write, 0, "X.Offset", "5");
  world.feed(100);
  EXPECT_EQ(world.value("X.Sum"), 102.0);
  EXPECT_EQ(world.value("X.Offset"), 2.0);
  EXPECT_EQ(world.told.texts.back(), "command refused: five is right out");
}

TEST(Engine, StartsAModuleOfflineThatRefusesItsSetupAndTakesItBackWhenItIsMended) {
  World world(one_adder);
  EXPECT_TRUE(world.engine->set("X.Offset", "5"));
  world.start();
  world.feed(100);
  EXPECT_FALSE(available(world.value("X.Sum")));
  world.command(Kind::write, 0, "X.Offset", "1");
  world.feed(100);
  EXPECT_EQ(world.value("X.Sum"), 201.0);
}

TEST(Engine, StepsTheClockOfTheSamples) {
  World world(one_adder);
  world.start();
  world.command(Kind::clock_step, 0, "", "3600");
  world.feed(100);
  const auto& value = world.engine->registers().value(*world.engine->registers().find("X.Sum"));
  EXPECT_EQ(value.time.ns, 100'000'000 + 3'600'000'000'000);
}

TEST(Engine, PublishesAllOfAStepToReaders) {
  World world(one_adder);
  world.start().feed(100);
  const auto& page = world.engine->snapshot(Cadence::second);
  std::vector<Value> values;
  EXPECT_EQ(page.read(values), 1u);
  const auto at = std::find(page.indices().begin(), page.indices().end(),
                            *world.engine->registers().find("X.Sum"));
  ASSERT_NE(at, page.indices().end());
  EXPECT_EQ(values[static_cast<std::size_t>(at - page.indices().begin())].number, 100.0);
  world.engine->publish(false);
  world.feed(100);
  EXPECT_EQ(page.read(values), 1u);
}

}  // namespace
}  // namespace polyphase::graph
