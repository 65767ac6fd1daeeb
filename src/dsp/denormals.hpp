#pragma once

#include <cstdint>

namespace polyphase::dsp {

/// While it lives, this thread takes numbers too small for full precision as zero. A filter ringing
/// out on zeros is twenty times slower without it. Every thread that measures holds one, so that a
/// replay gives the same bits as life.
class DenormalsAreZero {
 public:
  DenormalsAreZero() noexcept;
  ~DenormalsAreZero();
  DenormalsAreZero(const DenormalsAreZero&) = delete;
  DenormalsAreZero& operator=(const DenormalsAreZero&) = delete;

 private:
  std::uint64_t before_;
};

}  // namespace polyphase::dsp
