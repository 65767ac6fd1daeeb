// Every set of instructions that this machine has gives the same bits, and sums what it says.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "dsp/fft.hpp"
#include "dsp/kernels.hpp"
#include "dsp/resampler.hpp"

namespace polyphase::dsp {
namespace {

std::vector<LaneFrame> noise(std::size_t frames) {
  std::vector<LaneFrame> x(frames);
  std::uint32_t state = 1;
  for (LaneFrame& frame : x)
    for (float& value : frame.lane) {
      state = state * 1664525u + 1013904223u;
      value = static_cast<float>(state >> 8) / 16777216.0f - 0.5f;
    }
  return x;
}

std::vector<float> weights(std::size_t count) {
  std::vector<float> w(count);
  for (std::size_t n = 0; n < count; ++n) w[n] = 0.1f + static_cast<float>(n % 7) / 10;
  return w;
}

/// What `run` gives with each set; all of them must be the first one's bits.
template <class Run>
auto same_from_all(const Run& run) {
  const auto first = run(kernels_available().front());
  for (const Kernels& set : kernels_available()) {
    const auto other = run(set);
    EXPECT_EQ(std::memcmp(first.data(), other.data(), first.size() * sizeof(first[0])), 0)
        << set.instruction_set;
  }
  return first;
}

TEST(InstructionSets, SumAnIntervalToTheSameBits) {
  const auto x = noise(117);
  const auto w = weights(117);
  const auto turn = weights(64);
  for (const bool delta : {false, true}) {
    const auto blocks = same_from_all([&](const Kernels& set) {
      std::vector<BlockSums> sums(4);
      set.sums->interval(x[0].data(), w.data(), x.size(), turn.data(), &turn[32], delta,
                         sums.data());
      return sums;
    });
    double square = 0, product = 0, line = 0, residual = 0;
    for (std::size_t n = 0; n < x.size(); ++n) {
      const auto at = [&](std::size_t l) { return static_cast<double>(x[n][l]); };
      const auto weight = static_cast<double>(w[n]);
      square += weight * at(5) * at(5);
      product += weight * (delta ? (at(1) - at(0)) / 3 : at(1)) * at(5);
      line += weight * (delta ? at(2) * at(2) : (at(2) - at(0)) * (at(2) - at(0)));
      residual += weight * (at(4) + at(5) + at(6)) * (at(4) + at(5) + at(6));
    }
    for (const BlockSums& block : blocks) {
      square -= static_cast<double>(block.square[5]);
      product -= static_cast<double>(block.product[1]);
      line -= static_cast<double>(block.line_square[2]);
      residual -= static_cast<double>(block.residual_square[0]);
    }
    EXPECT_NEAR(square, 0, 1e-5);
    EXPECT_NEAR(product, 0, 1e-5);
    EXPECT_NEAR(line, 0, 1e-5);
    EXPECT_NEAR(residual, 0, 1e-5);
  }
}

TEST(InstructionSets, ScaleToTheSameBitsAndSeeWhatIsDoubtful) {
  auto x = noise(50);
  LaneFrame factor, limit;
  factor.lane.fill(3.7f);
  limit.lane.fill(1);
  limit[6] = std::numeric_limits<float>::infinity();
  const auto doubtful = [&](float value, std::size_t lane) {
    x[31][lane] = value;
    bool told = false;
    same_from_all([&](const Kernels& set) {
      std::vector<LaneFrame> out(50);
      told = set.sums->scale(x[0].data(), 50, factor.data(), limit.data(), out[0].data());
      return out;
    });
    x[31][lane] = 0;
    return told;
  };
  EXPECT_FALSE(doubtful(0.999f, 2));
  EXPECT_TRUE(doubtful(1, 2));
  EXPECT_TRUE(doubtful(-1, 7));
  EXPECT_FALSE(doubtful(1e30f, 6));
  EXPECT_TRUE(doubtful(std::numeric_limits<float>::infinity(), 6));
  EXPECT_TRUE(doubtful(std::nanf(""), 6));
}

TEST(InstructionSets, CorrelateToTheSameBits) {
  const auto x = noise(81);
  const auto even = weights(41), odd = weights(41);
  const auto got = same_from_all([&](const Kernels& set) {
    std::vector<LaneFrame> out(2);
    set.sums->correlate(x[40].data(), even.data(), odd.data(), 40, out[0].data(), out[1].data());
    return out;
  });
  double re = static_cast<double>(even[0] * x[40][3]), im = 0;
  for (std::size_t i = 1; i <= 40; ++i) {
    re += static_cast<double>(even[i]) * static_cast<double>(x[40 + i][3] + x[40 - i][3]);
    im += static_cast<double>(odd[i]) * static_cast<double>(x[40 + i][3] - x[40 - i][3]);
  }
  EXPECT_NEAR(static_cast<double>(got[0][3]), re, 1e-5);
  EXPECT_NEAR(static_cast<double>(got[1][3]), im, 1e-5);
}

TEST(InstructionSets, FindExtremesSquaresAndFilteredValuesToTheSameBits) {
  const auto x = noise(77);
  const auto w = weights(77);
  const auto out = same_from_all([&](const Kernels& set) {
    std::vector<LaneFrame> found(4);
    set.sums->extremes(x[0].data(), x.size(), found[0].data(), found[1].data());
    set.sums->filter(x[0].data(), w.data(), 70, 7, 2, found[2].data());
    return found;
  });
  const auto squares = same_from_all([&](const Kernels& set) {
    std::vector<double> found(8);
    set.sums->squares(x[0].data(), w.data(), x.size(), found.data());
    return found;
  });
  float low = 1, high = -1;
  double square = 0, filtered = 0;
  for (std::size_t n = 0; n < x.size(); ++n) {
    if (n >= 7) filtered += static_cast<double>(w[n - 7]) * static_cast<double>(x[n][4]);
    low = std::min(low, x[n][4]);
    high = std::max(high, x[n][4]);
    square +=
        static_cast<double>(w[n]) * static_cast<double>(x[n][4]) * static_cast<double>(x[n][4]);
  }
  EXPECT_EQ(out[0][4], low);
  EXPECT_EQ(out[1][4], high);
  EXPECT_NEAR(squares[4], square, 1e-5);
  EXPECT_NEAR(static_cast<double>(out[3][4]), filtered, 1e-5);
}

TEST(InstructionSets, FindArgumentsToTheSameBits) {
  std::vector<float> re, im;
  for (const float x : {-3.0f, -1.0f, -1e-3f, 0.0f, 1e-20f, 0.7f, 1.0f, 2e6f})
    for (const float y : {-3.0f, -1.0f, -1e-3f, 0.0f, 1e-20f, 0.7f, 1.0f, 2e6f}) {
      re.push_back(x);
      im.push_back(y);
    }
  const auto got = same_from_all([&](const Kernels& set) {
    std::vector<float> radians(re.size());
    set.spectra->arguments(re.data(), im.data(), re.size(), radians.data());
    return radians;
  });
  for (std::size_t n = 0; n < re.size(); ++n)
    EXPECT_NEAR(static_cast<double>(got[n]),
                std::atan2(static_cast<double>(im[n]), static_cast<double>(re[n])), 4e-7)
        << re[n] << ' ' << im[n];
}

TEST(InstructionSets, TransformAndResampleToTheSameBits) {
  const auto x = noise(1024);
  for (const std::size_t length : {640u, 768u, 1000u})
    same_from_all([&](const Kernels& set) {
      RealFft fft(length, set);
      std::vector<LaneComplex> bins(length / 2);
      fft.transform(std::span(x).first(length), bins);
      return bins;
    });
  std::vector<double> positions;
  for (double at = 40; at < 900; at += 1.37) positions.push_back(at);
  for (const double widening : {1.0, 2.1})
    same_from_all([&](const Kernels& set) {
      Resampler resampler({24, 8, widening}, set);
      std::vector<LaneFrame> out(positions.size());
      resampler.resample(x.data(), 1023, positions, out);
      return out;
    });
}

}  // namespace
}  // namespace polyphase::dsp
