#include "dsp/kernels.hpp"

#include <array>

namespace polyphase::dsp {

#define POLYPHASE_KERNELS_OF(set)                                         \
  namespace set {                                                         \
  extern const SumKernels sum_kernels;                                    \
  extern const SpectrumKernels spectrum_kernels;                          \
  extern const FilterKernels filter_kernels;                              \
  }                                                                       \
  static constexpr Kernels set##_kernels {                                \
#set, &set::sum_kernels, &set::spectrum_kernels, &set::filter_kernels \
  }

POLYPHASE_KERNELS_OF(baseline);
#ifdef POLYPHASE_X86_64
POLYPHASE_KERNELS_OF(avx2);
POLYPHASE_KERNELS_OF(avx512);
#endif

std::span<const Kernels> kernels_available() {
#ifdef POLYPHASE_X86_64
  static constexpr std::array all{avx512_kernels, avx2_kernels, baseline_kernels};
  static const std::size_t beyond_this_machine = [] {
    if (__builtin_cpu_supports("avx512f") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
        __builtin_cpu_supports("avx512vl") != 0)
      return 0u;
    return __builtin_cpu_supports("avx2") != 0 ? 1u : 2u;
  }();
  return std::span(all).subspan(beyond_this_machine);
#else
  static constexpr std::array all{baseline_kernels};
  return all;
#endif
}

}  // namespace polyphase::dsp
