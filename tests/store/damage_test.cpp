#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <random>
#include <vector>

#include "diary.hpp"
#include "store_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::testing {
namespace {

using Bytes = std::vector<char>;
using Random = std::mt19937_64;
constexpr std::uint64_t seed = 20260101;
constexpr std::size_t page = 4'096;

Bytes read(const std::string& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

void write(const std::string& path, const Bytes& bytes) {
  std::ofstream(path, std::ios::binary)
      .write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

/// A sound store: its file, and the write-ahead log that a program would leave that was killed.
struct Sound {
  Bytes file, log;

  Sound() {
    const TemporaryFolder folder;
    const std::string path = folder.file("meter.db");
    for (const bool killed : {false, true}) {
      const auto store = must(store::Store::open(path, {}));
      must(Diary::define(*store));
      for (std::int64_t batch = 1; batch <= 60; ++batch)
        must(Diary::write(*store, batch + (killed ? 60 : 0)));
      if (killed) {
        file = read(path);
        log = read(path + "-wal");
      }
    }
  }
};

std::size_t place(const Bytes& bytes, Random& random) { return random() % bytes.size(); }

void flip_bits(Bytes& bytes, Random& random) {
  for (std::size_t n = 1 + random() % 20; n > 0; --n)
    bytes[place(bytes, random)] ^= static_cast<char>(1u << random() % 8);
}
void write_noise(Bytes& bytes, Random& random) {
  const std::size_t begin = place(bytes, random);
  const std::size_t end = std::min(bytes.size(), begin + 1 + random() % (2 * page));
  for (std::size_t i = begin; i < end; ++i) bytes[i] = static_cast<char>(random());
}
void write_zeros(Bytes& bytes, Random& random) {
  const std::size_t begin = place(bytes, random) / page * page;
  std::fill_n(bytes.begin() + static_cast<std::ptrdiff_t>(begin),
              std::min(page, bytes.size() - begin), '\0');
}
void cut_off(Bytes& bytes, Random& random) { bytes.resize(place(bytes, random)); }
void swap_pages(Bytes& bytes, Random& random) {
  const auto at = [&] {
    return static_cast<std::ptrdiff_t>(random() % (bytes.size() / page) * page);
  };
  const std::ptrdiff_t one = at(), other = at();
  std::swap_ranges(bytes.begin() + one, bytes.begin() + one + page, bytes.begin() + other);
}
void spoil_the_header(Bytes& bytes, Random& random) {
  bytes[random() % 100] = static_cast<char>(random());
}
void spoil_the_schema(Bytes& bytes, Random& random) {
  bytes[100 + random() % (page - 100)] = static_cast<char>(random());
}

/// Whether something is wrong is not asked: the file may say so at any time. Only, nothing crashes.
void use(store::Store& store) {
  auto reader = must(store.reader());
  const auto logs = reader.logs();
  for (std::int64_t id = 0; id < 3; ++id)
    for (const bool newest_first : {false, true}) {
      store::Range range;
      range.newest_first = newest_first;
      (void)reader.records(store::Log{id}, range);
      range.time_first = Instant{5};
      (void)reader.records(store::Log{id}, range);
      (void)reader.events(range);
    }
  (void)reader.documents("diary");
  (void)reader.retained();
  (void)reader.usage();
  auto batch = store.begin();
  if (!batch) return;
  (void)batch->define_log("short", columns({"new"}), 3);
  (void)batch->append(store::Log{2}, Instant{}, std::vector<store::Field>(16));
  (void)batch->append(store::Event{});
  (void)batch->retain({});
  (void)batch->commit();
}

class Damage : public ::testing::Test {
 protected:
  /// Opens what the bytes are; says what became of it.
  std::string outcome(const Bytes& file, const Bytes& log) {
    const TemporaryFolder folder;
    const std::string path = folder.file("meter.db");
    write(path, file);
    if (!log.empty()) write(path + "-wal", log);
    const auto store = store::Store::open(path, {});
    if (!store) {
      EXPECT_EQ(store.error().code, ErrorCode::refused) << store.error().text();
      EXPECT_NE(store.error().message.find("newer program"), std::string::npos);
      return "refused";
    }
    const auto& report = (*store)->report();
    if (report.set_aside.empty()) {
      use(**store);
      return report.created ? "empty" : "works";
    }
    EXPECT_TRUE(report.created);
    EXPECT_NE(report.reason, "");
    EXPECT_TRUE(read(report.set_aside) == file) << "changed while it was looked at";
    must(Diary::define(**store));
    must(Diary::write(**store, 1));
    EXPECT_EQ(Diary::check(**store), 1);
    return "set aside";
  }

  const Sound sound;
};

TEST_F(Damage, OfTheFileIsSetAsideOrDoesNoHarm) {
  constexpr std::array kinds{flip_bits,  write_noise,      write_zeros,     cut_off,
                             swap_pages, spoil_the_header, spoil_the_schema};
  constexpr int rounds = 60;
  std::map<std::string, int> outcomes;
  Random random(seed);
  for (int round = 0; round < rounds; ++round)
    for (std::size_t kind = 0; kind < kinds.size(); ++kind) {
      SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round) + ", kind " +
                   std::to_string(kind));
      Bytes file = sound.file;
      kinds[kind](file, random);
      ++outcomes[outcome(file, round % 2 == 0 ? Bytes{} : sound.log)];
    }
  for (const auto& [outcome, count] : outcomes) std::printf("%s: %d\n", outcome.c_str(), count);
  EXPECT_GT(outcomes["set aside"], rounds);
  EXPECT_GT(outcomes["works"], rounds);
}

TEST_F(Damage, OfTheWriteAheadLogCostsItsEndAtMost) {
  constexpr std::array kinds{flip_bits, write_noise, write_zeros, cut_off};
  Random random(seed);
  for (int round = 0; round < 100; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + ", round " + std::to_string(round));
    const TemporaryFolder folder;
    const std::string path = folder.file("meter.db");
    Bytes log = sound.log;
    kinds[static_cast<std::size_t>(round) % kinds.size()](log, random);
    write(path, sound.file);
    write(path + "-wal", log);
    const auto store = must(store::Store::open(path, {}));
    EXPECT_EQ(store->report().set_aside, "");
    EXPECT_GE(Diary::check(*store), 60);
  }
}

}  // namespace
}  // namespace polyphase::testing
