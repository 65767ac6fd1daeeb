#pragma once

#include <string>
#include <vector>

#include "lab/output.hpp"
#include "lab/reader.hpp"

namespace polyphase::lab {

/// Writes the rows of a Reader as they come: CSV with a header, or a JSON array of objects.
/// Numbers have up to ten digits; choices and texts are written out; N/A is "N/A", in JSON null.
class RowWriter {
 public:
  /// `labels` name the columns, in the order of `sources`.
  RowWriter(const registers::RegisterTable& table, std::vector<registers::Index> sources,
            const std::vector<std::string>& labels, Format format, const Output& output);

  void write(const Row& row);
  void finish();
  /// False: the output cannot be written any more.
  bool good() const { return good_; }

 private:
  void add_cell(std::string& line, std::size_t column, double value) const;
  void put(std::string_view text) { good_ = good_ && output_.data(text); }

  const registers::RegisterTable& table_;
  std::vector<registers::Index> sources_;
  std::vector<registers::RegisterType> types_;  ///< of them
  std::vector<std::string> names_;              ///< as they stand in this format
  bool json_;
  const Output& output_;
  bool any_ = false;
  bool good_ = true;
};

}  // namespace polyphase::lab
