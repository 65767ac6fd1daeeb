#pragma once

#include <array>
#include <span>
#include <vector>

#include "formats/comtrade/configuration.hpp"

namespace polyphase::formats::comtrade {

/// One sampling instant of the channels that were asked for.
struct Record {
  std::optional<double> time_stamp_us;  ///< since the first sample; absent where the file has none
  std::array<double, 8> value{};        ///< in the unit of the channel
  bool missing = false;                 ///< a channel has the code for missing data
};

/// Reads the .dat part one record after the other, whatever its kind.
class RecordReader {
 public:
  /// `channels`: positions in configuration.analogs, at most 8; -1 reads as zero. `data` must
  /// outlive it.
  RecordReader(const Configuration& configuration, std::string_view data,
               std::span<const int> channels);

  /// False at the end, or where a record is cut off or cannot be read: then problem() says why.
  bool next(Record& record);
  const std::string& problem() const { return problem_; }
  void rewind();

  /// How many records there are; ASCII is counted by its lines.
  static std::uint64_t count(const Configuration& configuration, std::string_view data);

 private:
  bool next_binary(Record& record);
  bool next_ascii(Record& record);

  const Configuration& configuration_;
  std::string_view data_;
  std::vector<int> channels_;
  std::size_t at_ = 0;
  std::uint64_t line_ = 0;
  std::string problem_;
};

}  // namespace polyphase::formats::comtrade
