#include <algorithm>

#include "formats/wav/wav.hpp"
#include "sources/recording/row_part.hpp"

namespace polyphase::sources::recording {
namespace {

namespace wav = formats::wav;

class WavPart final : public RowPart {
 public:
  explicit WavPart(MappedFile file) : file_(std::move(file)) {}

  Result<void> load(const std::string& path, const RecordingOptions& options) {
    info_.path = path;
    auto wave = wav::parse(file_.octets(), path);
    if (!wave) return tl::unexpected(wave.error());
    wave_ = std::move(*wave);
    for (const auto& warning : wave_.warnings) info_.notes.push_back("warning: " + warning);
    std::vector<Candidate> candidates;
    for (const auto& name : names_by_position(wave_.format.channels))
      candidates.push_back({name, "", ""});
    auto mapping = choose_inputs(candidates, options, info_);
    if (!mapping) return tl::unexpected(mapping.error());
    for (std::size_t lane = 0; lane < channel_count; ++lane) {
      if (mapping->source[lane] < 0) continue;
      picks_.push_back(
          {static_cast<std::size_t>(mapping->source[lane]), lane, mapping->factor[lane]});
      // PCM clips at ±1; floats do not.
      if (wave_.format.coding != wav::Coding::float32)
        info_.full_scale[lane] =
            static_cast<float>(std::abs(mapping->factor[lane]) * (1 - 0x1p-15));
    }
    axis_ = axis_at(wave_.format.rate_hz, wave_.row_count());
    info_.sample_rate_hz = axis_.rate_hz;
    info_.frames_expected = axis_.row_count;
    return check_rate(axis_.rate_hz, path);
  }

  std::size_t read_rows(std::span<Frame> frames, bool& missing) override {
    const std::size_t count = wav::read(wave_, row_, picks_, frames, missing);
    row_ += count;
    return count;
  }

 private:
  MappedFile file_;
  wav::Wave wave_;
  std::vector<wav::Pick> picks_;
  std::uint64_t row_ = 0;
};

}  // namespace

Result<std::unique_ptr<Part>> open_wav(const std::string& path, MappedFile file,
                                       const RecordingOptions& options) {
  auto part = std::make_unique<WavPart>(std::move(file));
  if (auto done = part->load(path, options); !done) return tl::unexpected(done.error());
  return part;
}

}  // namespace polyphase::sources::recording
