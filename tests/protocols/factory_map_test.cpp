// The map as supplied: the templates' modules, looked up and encoded, against the published list.
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <sstream>

#include "fake_meter.hpp"
#include "graph/engine.hpp"
#include "modules/list.hpp"
#include "protocols/modbus/register_image.hpp"

namespace polyphase::protocols::modbus {
namespace {

using control::Catalogue;
using polyphase::testing::FakeMeter;

class NoSinks final : public registers::Sinks {
  void event(const registers::Event&) noexcept override {}
  void disturbance(const registers::Disturbance&) noexcept override {}
  void record(const registers::LogRecord&) noexcept override {}
};

/// What a meter of this tier would say it has.
Catalogue catalogue_of(const std::string& tier) {
  NoSinks sinks;
  const auto device = modules::device_template(tier);
  EXPECT_TRUE(device) << device.error().text();
  const auto engine = graph::Engine::create(*device, modules::list(), sinks);
  EXPECT_TRUE(engine) << engine.error().text();
  Catalogue catalogue;
  catalogue.version = 1;
  catalogue.registers = (*engine)->registers();
  for (const auto& node : (*engine)->network().nodes()) {
    control::ModuleInfo module;
    module.name = node->name;
    module.type = node->descriptor->type;
    module.first_output = node->wiring.first_output;
    module.first_setup = node->wiring.first_setup;
    module.output_count = static_cast<Index>(node->descriptor->outputs.size());
    module.setup_count = static_cast<Index>(node->descriptor->setups.size());
    catalogue.modules.push_back(std::move(module));
  }
  for (Index i = 0; i < catalogue.registers.size(); ++i)
    catalogue.owners.push_back(static_cast<std::uint32_t>((*engine)->network().owner(i)));
  return catalogue;
}

class FactoryMap : public ::testing::TestWithParam<const char*> {};

// Covers: MOD-027
TEST_P(FactoryMap, HasOneValueInEachRegister) {
  const PointMap map = point_map_of(catalogue_of(GetParam()));
  EXPECT_GT(map.points.size(), 1'500u);
  for (const std::string& remark : map.remarks) ADD_FAILURE() << remark;
}

INSTANTIATE_TEST_SUITE_P(Tiers, FactoryMap, ::testing::Values("essential", "standard", "advanced"));

/// The cells of a line that has no quotes in those asked for: the first six.
std::vector<std::string> first_cells(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; cells.size() < 6 && std::getline(stream, cell, ',');)
    cells.push_back(cell);
  return cells;
}

// Covers: MOD-036, MOD-029
TEST(PublishedMap, DecodesToTheValuesOfTheMeter) {
  FakeMeter meter(catalogue_of("advanced"));
  const auto catalogue = meter.catalogue();
  for (Index i = 0; i < catalogue->registers.size(); ++i)
    if (catalogue->registers.info(i).role == registers::Role::output) meter.set(i, i % 1'000 + 0.0);
  RegisterImage image(meter);
  ASSERT_TRUE(image.refresh(meter.anonymous(control::Face::modbus)));
  std::ifstream list(POLYPHASE_SOURCE_DIR "/docs/modbus-map.csv");
  std::string line;
  std::getline(list, line);
  int measured = 0, reserved = 0;
  while (std::getline(list, line)) {
    const auto cells = first_cells(line);
    ASSERT_EQ(cells.size(), 6u) << line;
    const auto format = wire::modbus::format_named(cells[3]);
    ASSERT_TRUE(format) << line;
    if (format == Format::utf8) continue;
    const auto address = static_cast<std::size_t>(std::stoi(cells[1]));
    EXPECT_EQ(std::stoi(cells[0]), std::stoi(cells[1]) + 1);
    ASSERT_EQ(std::stoul(cells[2]), wire::modbus::registers_of(*format)) << line;
    const double number =
        wire::modbus::decode(*format, image.bytes(address, wire::modbus::registers_of(*format)));
    if (cells[4] == "reserved") {
      EXPECT_TRUE(std::isnan(number)) << line;
      ++reserved;
      continue;
    }
    const auto index = catalogue->registers.find(cells[5]);
    ASSERT_TRUE(index) << line;
    const double scale = format == Format::int64 ? 1'000 : 1;
    const bool output = catalogue->registers.info(*index).role == registers::Role::output;
    const double value = output ? *index % 1'000 + 0.0 : catalogue->registers.value(*index).number;
    EXPECT_EQ(number, value * scale) << line;
    ++measured;
  }
  EXPECT_GT(measured, 1'800);
  EXPECT_EQ(reserved, 44);
}

}  // namespace
}  // namespace polyphase::protocols::modbus
