#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/samples.hpp"
#include "formats/comtrade/config.hpp"

namespace polyphase::formats::comtrade {

/// One analogue channel that goes to one lane of the frames: value * factor.
struct Pick {
  std::size_t analog = 0;  ///< index in Config::analogs
  std::size_t lane = 0;
  double factor = 1;  ///< from the channel's unit to volts or amperes, with ratio and sign
};

struct RowsRead {
  std::size_t count = 0;
  bool missing = false;  ///< some values are NaN: the file says that they are missing
};

/// Rows that a file leaves out.
struct Hole {
  std::uint64_t row = 0;  ///< the one behind it, of those that are there, from 0
  std::uint64_t missing = 0;
};

/// Reads the rows of a data file one after the other, straight into frames.
///
/// A value that the file marks as missing (0x8000, 0x80000000, NaN, 99999, an empty field), or that
/// is no number, becomes NaN. The lowest code of a binary file is a clipped value and not a missing
/// one where the declared range includes it and the value before it was beyond half of that range.
class RowReader {
 public:
  /// `config` and `data` must outlive the reader. Warnings say how far the rows differ from what
  /// the configuration declares. errors  invalid_input when there is not one whole row
  static Result<RowReader> create(const Config& config, std::span<const std::uint8_t> data,
                                  std::string_view file, std::vector<std::string>& warnings);

  std::uint64_t row_count() const { return row_count_; }
  void choose(std::span<const Pick> picks);
  void rewind();

  /// Fills frames from the front; fewer than asked only at the end. Lanes not chosen are 0.
  RowsRead read(std::span<Frame> frames);

  /// The time stamps of all rows in seconds, NaN where one is missing; counters of 32 bits that
  /// have run over are continued.
  std::vector<double> stamps_s() const;

  /// Where the number of a row and its time stamp both jump, by as many rows at that rate, rows are
  /// missing. Numbers or stamps that are nonsense show no hole, nor do holes everywhere.
  std::vector<Hole> holes(double rate_hz) const;

 private:
  struct Column {
    std::size_t index = 0;   ///< among the analogue values of a row
    std::size_t offset = 0;  ///< bytes from the start of a row
    double gain = 0, bias = 0;
    bool used = false;
    bool range_has_missing_code = false;
    double code_before = 0;
  };
  template <class Code>
  RowsRead read_binary(std::span<Frame> frames);
  template <class Code>
  void mark_missing(std::span<Frame> frames, const std::uint8_t* row);
  RowsRead read_ascii(std::span<Frame> frames);
  template <class Add>
  void for_each_label(Add add) const;

  const Config* config_ = nullptr;
  std::span<const std::uint8_t> data_;
  std::size_t stride_ = 0;  ///< bytes of a row; 0: text
  std::uint64_t row_count_ = 0;
  bool without_holes_ =
      true;             ///< the last row's number is as far from the first one's as it stands
  std::size_t at_ = 0;  ///< bytes read
  std::array<Column, channel_count> columns_{};
  std::vector<std::size_t> lanes_by_column_;  ///< of text rows: lanes in the order of their columns
};

}  // namespace polyphase::formats::comtrade
