#include "lab/live_stream.hpp"

#include <fmt/format.h>

#include <chrono>

#include "sources/sampled_values/stream_list.hpp"
#include "sources/sampled_values/stream_source.hpp"

namespace polyphase::lab {
namespace {

namespace live = sources::sampled_values;
using Clock = std::chrono::steady_clock;

constexpr double listen_s = 1.5;  // within which smpCnt of every stream began anew

// What an interface says no to is not the usage's fault, but for what was asked of the stream.
Error of_input(Error error) {
  if (error.code != ErrorCode::invalid_config) error.code = ErrorCode::io;
  return error;
}

}  // namespace

StreamPlace parse_stream_place(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {std::string(text), {}};
  return {std::string(text.substr(0, colon)), std::string(text.substr(colon + 1))};
}

Result<void> run_live_stream(const StreamPlace& place, const std::string& map,
                             const MeterOptions& meter, LiveOptions options,
                             const std::atomic<bool>& stop, const Output& output) {
  auto receiver = live::Receiver::open(place.interface);
  if (!receiver) return tl::unexpected(of_input(receiver.error()));
  std::optional<Clock::time_point> end;
  live::StreamOptions wanted;
  wanted.stream = place.stream;
  wanted.map = map;
  wanted.delta = meter.wiring == "delta";
  wanted.stopped = [&] { return stop || (end && Clock::now() >= *end); };
  auto source = live::StreamSource::open(*receiver, wanted);
  if (!source && stop) return {};
  if (!source) return tl::unexpected(of_input(source.error()));
  for (const std::string& note : (*source)->notes()) output.note(note + "\n");

  MeterOptions with_frequency = meter;
  constexpr double between_hz = 55;
  if (const auto line_hz = (*source)->info().line_frequency_hz;
      line_hz && !meter.nominal_frequency_hz)
    with_frequency.nominal_frequency_hz = *line_hz > between_hz ? 60 : 50;
  if (options.duration_s > 0)
    end = Clock::now() + std::chrono::duration_cast<Clock::duration>(
                             std::chrono::duration<double>(options.duration_s));
  options.speed = 0;  // the samples set the pace
  const auto balance = [&] {
    return live::text((*source)->balance(), (*source)->interface_balance());
  };
  return run_live({**source, (*source)->info().description, balance}, with_frequency, options, stop,
                  output);
}

Result<std::string> stream_table(const std::string& interface, const std::atomic<bool>& stop) {
  auto streams = live::list_streams(interface, listen_s, [&] { return stop.load(); });
  if (!streams) return tl::unexpected(of_input(streams.error()));
  if (streams->empty())
    return fail(ErrorCode::io,
                fmt::format("no Sampled Values within {:g} s (EtherType 88BA)", listen_s),
                interface);
  return live::table_of(*streams);
}

}  // namespace polyphase::lab
