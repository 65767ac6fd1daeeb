#include "property/allocations.hpp"

#include <cstdlib>
#include <new>

namespace polyphase::property {
bool counting_allocations = false;
std::size_t allocations = 0;
}  // namespace polyphase::property

void* operator new(std::size_t size) {
  if (polyphase::property::counting_allocations) ++polyphase::property::allocations;
  if (void* memory = std::malloc(size == 0 ? 1 : size)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
