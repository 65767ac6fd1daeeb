#include "lab/sv_frames.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/contract.hpp"

namespace polyphase::lab {
namespace {

namespace sv = wire::sv;

constexpr std::size_t channels = 8;
constexpr std::uint16_t priority = 4;  // what the light edition asks for
constexpr std::uint8_t group_address[4] = {0x01, 0x0C, 0xCD, 0x04};

bool has(ChannelMask mask, std::size_t lane) {
  return (static_cast<unsigned>(mask) >> lane & 1u) != 0;
}

}  // namespace

SvFrames::SvFrames(SvFramesConfig config) : config_(std::move(config)) {
  EXPECTS(config_.streams >= 1 && config_.streams <= streams_max);
}

std::string SvFrames::name(std::size_t stream) const {
  return config_.streams == 1 ? config_.sv_id : fmt::format("{}{:02}", config_.sv_id, stream + 1);
}

void SvFrames::make(std::size_t asdus, Form& form) const {
  const std::vector<std::uint8_t> data(channels * 8);
  for (std::size_t i = 0; i < config_.streams; ++i) {
    const std::string sv_id = name(i);
    sv::Frame frame;
    std::copy_n(group_address, 4, frame.destination.begin());
    frame.destination[4] = static_cast<std::uint8_t>(i >> 8);
    frame.destination[5] = static_cast<std::uint8_t>(i);
    frame.source = config_.source;
    if (config_.vlan) frame.vlan = static_cast<std::uint16_t>(priority << 13 | *config_.vlan);
    frame.app_id = static_cast<std::uint16_t>(config_.app_id + i);
    frame.asdu_count = asdus;
    for (std::size_t n = 0; n < asdus; ++n) {
      frame.asdu[n].sv_id = sv_id;
      frame.asdu[n].config_revision = 1;
      frame.asdu[n].synchronised = config_.synchronised;
      frame.asdu[n].data = data;
    }
    std::vector<std::uint8_t> bytes;
    sv::encode(frame, bytes);
    // Where counters and data stand: smpCnt follows svID, behind its tag and length.
    sv::Frame decoded;
    EXPECTS(sv::decode(bytes, decoded) == sv::Verdict::ok);
    auto& count_at = form.count_at.emplace_back();
    auto& data_at = form.data_at.emplace_back();
    const auto* begin = reinterpret_cast<const char*>(bytes.data());
    for (std::size_t n = 0; n < asdus; ++n) {
      const sv::Asdu& asdu = decoded.asdu[n];
      count_at[n] = static_cast<std::size_t>(asdu.sv_id.data() - begin) + asdu.sv_id.size() + 2;
      data_at[n] = static_cast<std::size_t>(asdu.data.data() - bytes.data());
    }
    form.frames.push_back(std::move(bytes));
  }
}

std::span<const std::vector<std::uint8_t>> SvFrames::of(std::span<const SvOut> samples) {
  EXPECTS(!samples.empty() && samples.size() <= sv::asdus_max);
  Form& form = forms_[samples.size() - 1];
  if (form.frames.empty()) make(samples.size(), form);
  for (std::size_t n = 0; n < samples.size(); ++n) {
    write_data(samples[n].frame);
    for (std::size_t i = 0; i < form.frames.size(); ++i) {
      auto& bytes = form.frames[i];
      bytes[form.count_at[i][n]] = static_cast<std::uint8_t>(samples[n].count >> 8);
      bytes[form.count_at[i][n] + 1] = static_cast<std::uint8_t>(samples[n].count);
      std::copy(data_.begin(), data_.end(),
                bytes.begin() + static_cast<std::ptrdiff_t>(form.data_at[i][n]));
    }
  }
  return form.frames;
}

void SvFrames::write_data(const Frame& frame) {
  data_.clear();
  const auto put = [&](double value, double per_code, std::uint32_t quality) {
    constexpr double highest = std::numeric_limits<std::int32_t>::max();
    const double code = std::round(value / per_code);
    const double held = std::isfinite(code) ? std::clamp(code, -highest, highest) : 0;
    if (!(held == code)) quality |= sv::quality_overflow;
    sv::append_channel(static_cast<std::int32_t>(held), quality, data_);
  };
  const auto put_group = [&](std::size_t first, double per_code) {
    double sum = 0;
    for (std::size_t lane = first; lane < first + 3; ++lane) {
      const double value = static_cast<double>(frame.value[lane]);
      sum += value;
      put(value, per_code, 0);
    }
    const bool measured = has(config_.present, first + 3);
    put(measured ? static_cast<double>(frame.value[first + 3]) : sum, per_code,
        measured ? 0 : sv::quality_derived);
  };
  put_group(4, sv::current_a_per_code);
  put_group(0, sv::voltage_v_per_code);
}

}  // namespace polyphase::lab
