#include "diary.hpp"

#include <array>
#include <stdexcept>

#include "store_vocabulary.hpp"

namespace polyphase::testing {
namespace {

struct Part {
  store::Log log;
  const char* name;
  std::size_t columns;
  std::int64_t depth;
  std::int64_t batch_max;  ///< records that a batch has at most
};
constexpr std::array parts{
    Part{store::event_log, "Event Log", 0, 40, 3},
    Part{{1}, "short", 1, 7, 5},
    Part{{2}, "long", 16, 400, 9},
};

std::int64_t count_in(const Part& part, std::int64_t batch) {
  const auto mixed = static_cast<std::uint64_t>(batch * 7 + part.log.id) * 0x9E3779B97F4A7C15u;
  return static_cast<std::int64_t>(mixed >> 40) % (part.batch_max + 1);
}

std::int64_t next_number(const Part& part, std::int64_t batches) {
  std::int64_t number = 1;
  for (std::int64_t batch = 1; batch <= batches; ++batch) number += count_in(part, batch);
  return number;
}

Instant time_of(std::int64_t number) { return Instant{number * 1'000'000'007}; }

std::vector<store::Field> fields_of(const Part& part, std::int64_t number) {
  std::vector<store::Field> fields(part.columns);
  for (std::size_t i = 0; i < fields.size(); ++i) {
    fields[i].value = static_cast<double>(number) * 1.25 + static_cast<double>(i);
    fields[i].quality.bits = static_cast<std::uint16_t>(number + part.log.id);
  }
  return fields;
}

store::Event event_of(std::int64_t number) {
  return {number,
          time_of(number),
          static_cast<std::uint8_t>(number % 256),
          "USER1",
          "cause",
          "value",
          "effect",
          std::to_string(number),
          "node"};
}

std::vector<store::NamedNumber> numbers_after(std::int64_t batch) {
  std::vector<store::NamedNumber> numbers;
  const std::int64_t count = 20 + batch / 50;  // other names now and then
  for (std::int64_t i = 0; i < count; ++i)
    numbers.push_back({"number " + std::to_string(i), static_cast<double>(batch + i)});
  return numbers;
}

void expect(bool holds, const std::string& what) {
  if (!holds) throw std::runtime_error(what);
}

void check_records(store::Reader& reader, const Part& part, std::int64_t first, std::int64_t next) {
  store::Range range;
  range.limit = store::Range::page_max;
  const auto page = must(reader.records(part.log, range));
  expect(page.records.size() == static_cast<std::size_t>(next - first),
         std::string(part.name) + ": " + std::to_string(page.records.size()) + " records");
  for (const auto& record : page.records) {
    const auto fields = fields_of(part, first);
    bool same = record.number == first && record.time == time_of(first) &&
                record.fields.size() == fields.size();
    for (std::size_t i = 0; same && i < fields.size(); ++i)
      same = record.fields[i].value == fields[i].value &&
             record.fields[i].quality == fields[i].quality;
    expect(same, std::string(part.name) + ": record " + std::to_string(first));
    ++first;
  }
}

void check_events(store::Reader& reader, std::int64_t first, std::int64_t next) {
  const auto page = must(reader.events({}));
  expect(page.events.size() == static_cast<std::size_t>(next - first), "number of events");
  for (const auto& event : page.events) {
    expect(event == event_of(first), "event " + std::to_string(first));
    ++first;
  }
}

}  // namespace

Result<void> Diary::define(store::Store& store) {
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  for (const Part& part : parts) {
    if (part.log == store::event_log) {
      if (auto done = batch->set_depth(part.log, part.depth); !done) return done;
      continue;
    }
    auto log = batch->define_log(part.name, std::vector<store::Column>(part.columns), part.depth);
    if (!log) return tl::unexpected(log.error());
    expect(*log == part.log, "logs have the ids of the order of their definition");
  }
  return batch->commit();
}

Result<void> Diary::write(store::Store& store, std::int64_t number) {
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  // Errors come again from commit: what a program does that looks only there.
  for (const Part& part : parts) {
    std::int64_t next = next_number(part, number - 1);
    for (std::int64_t i = 0; i < count_in(part, number); ++i, ++next) {
      if (part.log == store::event_log)
        (void)batch->append(event_of(next));
      else
        (void)batch->append(part.log, time_of(next), fields_of(part, next));
    }
  }
  (void)batch->retain(numbers_after(number));
  (void)batch->put_document("diary", "batches", std::to_string(number));
  return batch->commit();
}

std::int64_t Diary::check(store::Store& store) {
  auto reader = must(store.reader());
  const auto documents = must(reader.documents("diary"));
  const std::int64_t batches = documents.empty() ? 0 : std::stoll(documents[0].text);
  for (const auto& info : must(reader.logs())) {
    const Part& part = parts.at(static_cast<std::size_t>(info.log.id));
    const std::int64_t next = next_number(part, batches);
    const std::int64_t first = std::max<std::int64_t>(1, next - part.depth);
    expect(info.next_number == next, std::string(part.name) + ": next number");
    if (part.log == store::event_log)
      check_events(reader, first, next);
    else
      check_records(reader, part, first, next);
  }
  const auto numbers = must(reader.retained());
  const auto expected = batches == 0 ? decltype(numbers){} : numbers_after(batches);
  expect(numbers.size() == expected.size(), "number of retained numbers");
  for (std::size_t i = 0; i < numbers.size(); ++i)
    expect(numbers[i].name == expected[i].name && numbers[i].value == expected[i].value,
           "retained " + expected[i].name);
  return batches;
}

}  // namespace polyphase::testing
