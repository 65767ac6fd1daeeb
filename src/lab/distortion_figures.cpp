#include "lab/distortion_figures.hpp"

#include <algorithm>
#include <cmath>

namespace polyphase::lab {
namespace {

int class_of(double fundamental) {
  constexpr double ratio = 1.1;
  return static_cast<int>(std::floor(std::log(fundamental) / std::log(ratio)));
}

}  // namespace

void DistortionFigures::add(double percent, double fundamental, double duration_s, bool flagged) {
  if (!registers::available(percent) || !registers::available(fundamental)) return;
  if (flagged) {
    ++flagged_;
  } else if (!(fundamental > 0)) {
    ++without_;
  } else {
    Class& of = classes_[class_of(fundamental)];
    of.values.add(percent, duration_s);
    ++of.count;
    highest_ = std::max(highest_, fundamental);
  }
}

DistortionFigures::Figures DistortionFigures::figures(double share_min, double nominal) const {
  Figures found;
  found.left_out = flagged_ + without_;
  const double floor = share_min * (nominal > 0 ? nominal : highest_);
  for (const auto& [number, of] : classes_)
    if (number >= class_of(floor))
      found.values.add(of.values);
    else
      found.left_out += of.count;
  return found;
}

}  // namespace polyphase::lab
