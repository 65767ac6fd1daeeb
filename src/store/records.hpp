#pragma once

#include <cstdint>
#include <string>

#include "base/logs.hpp"

namespace polyphase::store {

using logs::bytes_of_event;
using logs::bytes_of_record;
using logs::Column;
using logs::columns_max;
using logs::depth_max;
using logs::Event;
using logs::event_depth_default;
using logs::event_log;
using logs::event_log_name;
using logs::EventPage;
using logs::Field;
using logs::Log;
using logs::LogInfo;
using logs::logs_max;
using logs::Range;
using logs::Record;
using logs::RecordPage;

struct Usage {
  std::int64_t bytes_used = 0;   ///< pages that hold something
  std::int64_t bytes_file = 0;   ///< of the file; what was freed is used again, not given back
  std::int64_t bytes_limit = 0;  ///< of the file; 0: the disk's
};

struct NamedNumber {
  std::string name;
  double value = 0;
};

struct Document {
  std::string key, text;
};

}  // namespace polyphase::store
