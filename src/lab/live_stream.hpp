#pragma once

#include <atomic>
#include <string>

#include "lab/live.hpp"

namespace polyphase::lab {

/// "eth0" or "eth0:MU01": an interface, and a stream on it where there are several.
struct StreamPlace {
  std::string interface, stream;
};
StreamPlace parse_stream_place(std::string_view text);

/// Runs a meter on a stream of Sampled Values, as run_live(), and shows what became of the samples.
/// `map`: which channels are which inputs. duration_s counts from the first sample on.
/// errors  those of run_live(); those of Receiver::open() and StreamSource::open()
Result<void> run_live_stream(const StreamPlace& place, const std::string& map,
                             const MeterOptions& meter, LiveOptions options,
                             const std::atomic<bool>& stop, const Output& output);

/// The streams on an interface as a table. errors  those of Receiver::open(); not_found: there is
/// none
Result<std::string> stream_table(const std::string& interface, const std::atomic<bool>& stop);

}  // namespace polyphase::lab
