#include "store/salvage.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <iterator>
#include <random>

#include "store_vocabulary.hpp"
#include "temporary_folder.hpp"

namespace polyphase::store {
namespace {

using namespace polyphase::testing;

constexpr std::size_t page_bytes = 4'096;
constexpr int documents = 300;

std::string text_of(int i) { return std::string(100, static_cast<char>('a' + i % 26)); }
std::string key_of(int i) { return "PM" + std::to_string(i); }

/// A store with settings, energies and a log, as bytes.
std::string sound_file() {
  const TemporaryFolder folder;
  const std::string path = folder.file("meter.db");
  {
    const auto store = must(Store::open(path, {}));
    commit(*store, [](Batch& batch) {
      for (int i = 0; i < documents; ++i)
        must(batch.put_document(i % 2 == 0 ? "setting" : "link", key_of(i), text_of(i)));
      must(batch.retain(std::vector<NamedNumber>{{"INT1.sum", 1234.5}, {"INT2.sum", -1}}));
    });
    const Log log = define(*store, "log", 10'000);
    commit(*store, [&](Batch& batch) {
      for (int i = 0; i < 5'000; ++i) must(batch.append(log, Instant{i}, std::vector<Field>(2)));
    });
  }
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

class Salvage : public ::testing::Test {
 protected:
  /// Opens the damaged bytes; nullptr: nothing was noticed.
  std::unique_ptr<Store> open(const std::string& bytes) {
    std::filesystem::remove_all(folder.file("store"));
    std::filesystem::create_directory(folder.file("store"));
    const std::string path = folder.file("store/meter.db");
    std::ofstream(path, std::ios::binary) << bytes;
    auto store = must(Store::open(path, {}));
    return store->report().set_aside.empty() ? nullptr : std::move(store);
  }

  TemporaryFolder folder;
};

// Zeroed pages: what is still read is what was written, or it is not there and said to be missing.
TEST_F(Salvage, TakesOverWhatIsSoundAndSaysWhatIsMissing) {
  constexpr unsigned seed = 20261128;
  std::printf("seed %u\n", seed);
  std::mt19937 random(seed);
  const std::string sound = sound_file();
  const std::size_t pages = sound.size() / page_bytes;
  int whole = 0, partial = 0, noticed = 0;
  for (int round = 0; round < 60; ++round) {
    std::string bytes = sound;
    for (int n = 0; n < 2; ++n)
      bytes.replace((1 + random() % (pages - 1)) * page_bytes, page_bytes, page_bytes, '\0');
    const auto store = open(bytes);
    if (store == nullptr) continue;
    ++noticed;
    const Salvaged salvaged = must(salvage(*store));
    auto reader = must(store->reader());
    std::size_t found = 0;
    for (const char* kind : {"setting", "link"}) {
      const auto taken = must(reader.documents(kind));
      for (const Document& document : taken)
        EXPECT_EQ(document.text, text_of(std::stoi(document.key.substr(2))));
      const auto counted = salvaged.documents.find(kind);
      EXPECT_EQ(taken.size(), counted == salvaged.documents.end() ? 0u : counted->second);
      found += taken.size();
    }
    const auto numbers = must(reader.retained());
    EXPECT_EQ(numbers.size(), salvaged.numbers);
    if (!numbers.empty()) {
      EXPECT_EQ(numbers[0].value, 1234.5);
    }
    EXPECT_EQ(salvaged.documents_whole, found == documents) << "round " << round;
    if (found < documents || numbers.empty()) {
      EXPECT_NE(salvaged.trouble, "");
    }
    whole += found == documents && !numbers.empty() ? 1 : 0;
    partial += found > 0 && found < documents ? 1 : 0;
    EXPECT_FALSE(std::filesystem::exists(store->report().set_aside + ".look"));
  }
  std::printf("%d noticed, %d whole, %d in part\n", noticed, whole, partial);
  EXPECT_GT(whole, 10);
  EXPECT_GT(partial, 1);
}

TEST_F(Salvage, TakesNothingOutOfWhatIsNoStore) {
  const auto store = open(std::string(10'000, 'x'));
  ASSERT_NE(store, nullptr);
  const Salvaged salvaged = must(salvage(*store));
  EXPECT_TRUE(salvaged.documents.empty());
  EXPECT_EQ(salvaged.numbers, 0u);
  EXPECT_NE(salvaged.trouble, "");
}

}  // namespace
}  // namespace polyphase::store
