#include "dsp/denormals.hpp"

#ifdef __SSE2__
#include <immintrin.h>
#endif

namespace polyphase::dsp {
namespace {

#if defined(__SSE2__)
constexpr std::uint64_t flush = 0x8040;  // MXCSR: flush to zero, denormals are zero
std::uint64_t control() { return _mm_getcsr(); }
void set_control(std::uint64_t word) { _mm_setcsr(static_cast<unsigned>(word)); }
#elif defined(__aarch64__)
constexpr std::uint64_t flush = 1u << 24;  // FPCR: FZ
std::uint64_t control() {
  std::uint64_t word;
  asm volatile("mrs %0, fpcr" : "=r"(word));
  return word;
}
void set_control(std::uint64_t word) { asm volatile("msr fpcr, %0" : : "r"(word)); }
#else
constexpr std::uint64_t flush = 0;  // slower on other machines, not wrong
std::uint64_t control() { return 0; }
void set_control(std::uint64_t) {}
#endif

}  // namespace

DenormalsAreZero::DenormalsAreZero() noexcept : before_(control()) { set_control(before_ | flush); }
DenormalsAreZero::~DenormalsAreZero() { set_control(before_); }

}  // namespace polyphase::dsp
