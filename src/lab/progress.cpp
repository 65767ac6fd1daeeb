#include "lab/progress.hpp"

#include <fmt/format.h>

namespace polyphase::lab {

Progress::~Progress() {
  if (shown_) output_.note("\r\x1b[K");
}

void Progress::tell(std::uint64_t frames_done, std::uint64_t frames_expected,
                    double sample_rate_hz) {
  if (!wanted_) return;
  constexpr std::chrono::milliseconds between{500};
  const auto now = std::chrono::steady_clock::now();
  if (now - told_ < between) return;
  told_ = now;
  shown_ = true;
  const double done = static_cast<double>(frames_done);
  const double life_s = done / sample_rate_hz;
  const double elapsed_s = std::chrono::duration<double>(now - start_).count();
  std::string line = "\r";
  if (frames_expected > 0)
    line += fmt::format("{:5.1f} %  ", 100 * done / static_cast<double>(frames_expected));
  output_.note(line + fmt::format("{:.0f} s of samples, {:.0f} times real time\x1b[K", life_s,
                                  life_s / elapsed_s));
}

}  // namespace polyphase::lab
