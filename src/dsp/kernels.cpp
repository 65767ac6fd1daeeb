#include "dsp/kernels.hpp"

#include <array>

namespace polyphase::dsp {

namespace baseline {
extern const SumKernels sum_kernels;
extern const SpectrumKernels spectrum_kernels;
extern const FilterKernels filter_kernels;
}  // namespace baseline
namespace avx2 {
extern const SumKernels sum_kernels;
extern const SpectrumKernels spectrum_kernels;
extern const FilterKernels filter_kernels;
}  // namespace avx2

std::span<const Kernels> kernels_available() {
#ifdef POLYPHASE_HAS_AVX2
  static constexpr std::array all{
      Kernels{"avx2", &avx2::sum_kernels, &avx2::spectrum_kernels, &avx2::filter_kernels},
      Kernels{"baseline", &baseline::sum_kernels, &baseline::spectrum_kernels,
              &baseline::filter_kernels}};
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  return std::span(all).subspan(has_avx2 ? 0 : 1);
#else
  static constexpr std::array all{Kernels{"baseline", &baseline::sum_kernels,
                                          &baseline::spectrum_kernels, &baseline::filter_kernels}};
  return all;
#endif
}

}  // namespace polyphase::dsp
