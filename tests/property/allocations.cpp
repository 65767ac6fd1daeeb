#include "property/allocations.hpp"

#include <cstdlib>
#include <new>

namespace polyphase::property {
bool counting_allocations = false;
std::size_t allocations = 0;
}  // namespace polyphase::property

namespace {
void* counted(std::size_t size) noexcept {
  if (polyphase::property::counting_allocations) ++polyphase::property::allocations;
  return std::malloc(size == 0 ? 1 : size);
}
}  // namespace

// All forms that the standard library uses, so that each pair is of one kind.
void* operator new(std::size_t size) {
  if (void* memory = counted(size)) return memory;
  throw std::bad_alloc();
}
void* operator new(std::size_t size, const std::nothrow_t&) noexcept { return counted(size); }
void* operator new(std::size_t size, std::align_val_t alignment) {
  if (polyphase::property::counting_allocations) ++polyphase::property::allocations;
  const auto align = static_cast<std::size_t>(alignment);
  if (void* memory = std::aligned_alloc(align, (size + align - 1) / align * align)) return memory;
  throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::align_val_t) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t, std::align_val_t) noexcept { std::free(memory); }
