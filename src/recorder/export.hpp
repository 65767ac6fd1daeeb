#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <string_view>

#include "base/logs.hpp"
#include "base/result.hpp"

namespace polyphase::recorder {

enum class Form { csv, json };

/// Pages of a log, from a store's reader or through a meter's gate.
using RecordPages = std::function<Result<logs::RecordPage>(const logs::Range&)>;
using EventPages = std::function<Result<logs::EventPage>(const logs::Range&)>;

/// Takes text piece by piece. False: nobody wants more.
using Write = std::function<bool(std::string_view)>;

/// A whole log, however long: all pages together.
inline constexpr std::size_t no_limit = static_cast<std::size_t>(-1);

/// Writes the records of a range, `range.limit` of them at most, page by page: at any time one page
/// is in memory. Gives how many.
///
/// CSV: `number,time,LABEL UNIT…`; where the columns change, their header comes again. What is not
/// available is N/A. JSON: {"records": [{"number", "time", "layout", "values", "quality"}],
/// "layouts": [[{"label", "unit"}]], "more"}; what is not available is null, quality the names of
/// the flags.
/// errors  those of the pages; io: `write` takes no more
Result<std::size_t> export_records(const RecordPages& pages, logs::Range range, Form form,
                                   const Write& write);

/// CSV: `number,time,priority,actor,cause,cause_value,effect,effect_value,node`. JSON: {"events":
/// […], "more"} with these members.
Result<std::size_t> export_events(const EventPages& pages, logs::Range range, Form form,
                                  const Write& write);

}  // namespace polyphase::recorder
