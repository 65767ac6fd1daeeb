#include "recorder/export.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "text/log_lines.hpp"

namespace polyphase::recorder {
namespace {

constexpr std::size_t page_records = 1'000;

tl::unexpected<Error> nobody_reads() { return fail(ErrorCode::io, "the output cannot be written"); }

const std::vector<logs::Record>& items_of(const logs::RecordPage& page) { return page.records; }
const std::vector<logs::Event>& items_of(const logs::EventPage& page) { return page.events; }

/// Gives page after page to `each`, which may refuse. Returns how many items, and whether there are
/// more behind the range's limit.
template <class Pages, class Each>
Result<std::pair<std::size_t, bool>> all_pages(const Pages& pages, logs::Range range, Each each) {
  std::size_t left = range.limit, count = 0;
  for (;;) {
    range.limit = std::min(left, page_records);
    auto page = pages(range);
    if (!page) return tl::unexpected(page.error());
    const auto& items = items_of(*page);
    if (!each(*page)) return nobody_reads();
    count += items.size();
    left -= std::min(left, items.size());
    if (!page->more || left == 0 || items.empty()) return std::pair{count, page->more};
    if (range.newest_first)
      range.number_last = items.back().number - 1;
    else
      range.number_first = items.back().number + 1;
  }
}

class RecordsCsv {
 public:
  explicit RecordsCsv(const Write& write) : write_(write) {}

  bool page(const logs::RecordPage& page) {
    std::string out;
    for (const logs::Record& record : page.records) {
      const std::vector<logs::Column>& columns = page.layouts[record.layout];
      if (!headed_ || columns_ != columns) {
        headed_ = true;
        columns_ = columns;
        out += text::records_header_csv(columns);
      }
      out += text::record_csv(record);
    }
    return out.empty() || write_(out);
  }

 private:
  const Write& write_;
  bool headed_ = false;  ///< the header of these columns was written
  std::vector<logs::Column> columns_;
};

class RecordsJson {
 public:
  explicit RecordsJson(const Write& write) : write_(write) {}

  bool page(const logs::RecordPage& page) {
    std::string out;
    for (const logs::Record& record : page.records) {
      out += std::exchange(first_, false) ? "\n" : ",\n";
      out += text_of(record, layout_of(page.layouts[record.layout]));
    }
    return out.empty() || write_(out);
  }

  std::string layouts() const {
    text::JsonWriter json;
    json.begin_array();
    for (const auto& columns : layouts_) text::write_columns(json, columns);
    return json.end_array().take();
  }

 private:
  std::size_t layout_of(const std::vector<logs::Column>& columns) {
    const auto known = std::find(layouts_.begin(), layouts_.end(), columns);
    const auto index = static_cast<std::size_t>(known - layouts_.begin());
    if (known == layouts_.end()) layouts_.push_back(columns);
    return index;
  }

  static std::string text_of(const logs::Record& record, std::size_t layout) {
    text::JsonWriter json;
    text::write_record(json, record, layout);
    return json.take();
  }

  const Write& write_;
  bool first_ = true;
  std::vector<std::vector<logs::Column>> layouts_;
};

std::string event_json(const logs::Event& event) {
  text::JsonWriter json;
  json.begin_object();
  text::write_event(json, event);
  return json.end_object().take();
}

const char* word(bool value) { return value ? "true" : "false"; }

}  // namespace

Result<std::size_t> export_records(const RecordPages& pages, logs::Range range, Form form,
                                   const Write& write) {
  if (form == Form::csv) {
    RecordsCsv csv(write);
    auto done = all_pages(pages, range, [&](const auto& page) { return csv.page(page); });
    if (!done) return tl::unexpected(done.error());
    return done->first;
  }
  RecordsJson json(write);
  if (!write("{\"records\": [")) return nobody_reads();
  auto done = all_pages(pages, range, [&](const auto& page) { return json.page(page); });
  if (!done) return tl::unexpected(done.error());
  if (!write(fmt::format("{}], \"layouts\": {}, \"more\": {}}}\n", done->first > 0 ? "\n" : "",
                         json.layouts(), word(done->second))))
    return nobody_reads();
  return done->first;
}

Result<std::size_t> export_events(const EventPages& pages, logs::Range range, Form form,
                                  const Write& write) {
  const bool csv = form == Form::csv;
  if (!write(csv ? text::events_header_csv : "{\"events\": [")) return nobody_reads();
  bool first = true;
  auto done = all_pages(pages, range, [&](const logs::EventPage& page) {
    std::string out;
    for (const logs::Event& event : page.events) {
      if (csv) {
        out += text::event_csv(event);
      } else {
        out += std::exchange(first, false) ? "\n" : ",\n";
        out += event_json(event);
      }
    }
    return out.empty() || write(out);
  });
  if (!done) return tl::unexpected(done.error());
  if (!csv && !write(fmt::format("{}], \"more\": {}}}\n", first ? "" : "\n", word(done->second))))
    return nobody_reads();
  return done->first;
}

}  // namespace polyphase::recorder
