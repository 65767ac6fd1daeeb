#pragma once

#include <cstddef>

namespace polyphase::property {

/// Every operator new of the program counts while this is set.
extern bool counting_allocations;
extern std::size_t allocations;

}  // namespace polyphase::property
