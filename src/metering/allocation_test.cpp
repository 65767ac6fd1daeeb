// Counts what is allocated while a chain measures.
#include <gtest/gtest.h>

#include <cstdlib>
#include <new>

#include "metering/measured.hpp"

namespace {
bool counting = false;
std::size_t allocations = 0;
}  // namespace

// Not inlined: the compiler would take malloc and delete for a mismatch.
[[gnu::noinline]] void* operator new(std::size_t size) {
  if (counting) ++allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void* operator new(std::size_t size, std::align_val_t alignment) {
  if (counting) ++allocations;
  const auto step = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(step, (size + step) / step * step)) return memory;
  throw std::bad_alloc();
}
[[gnu::noinline]] void operator delete(void* memory, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory, std::size_t, std::align_val_t) noexcept {
  std::free(memory);
}
[[gnu::noinline]] void operator delete(void* memory) noexcept { std::free(memory); }
[[gnu::noinline]] void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

namespace polyphase::metering {
namespace {

TEST(Allocation, NeverHappensOnceAChainIsMade) {
  std::vector<Frame> frames(12'800);
  const Load load{.harmonics = rich};
  for (std::size_t n = 0; n < frames.size(); ++n)
    for (std::size_t c = 0; c < channel_count; ++c)
      frames[n].value[c] = static_cast<float>(load(c, static_cast<double>(n) / 12'800));
  frames[5000].value[2] = NAN;
  const auto chain = Chain::create(usual_config(12'800)).value();
  std::size_t intervals = 0;
  counting = true;
  for (std::span<const Frame> left = frames; !left.empty();) {
    left = left.subspan(chain->push(left, {}));
    while (chain->next() != Chain::Ready::none) ++intervals;
  }
  chain->finish();
  while (chain->next() != Chain::Ready::none) ++intervals;
  chain->restart();
  counting = false;
  EXPECT_GT(intervals, 100u);
  EXPECT_EQ(allocations, 0u);
}

}  // namespace
}  // namespace polyphase::metering
