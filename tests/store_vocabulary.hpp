#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "store/store.hpp"

namespace polyphase::testing {

/// The value; an error is the end of the test.
template <class T>
T must(Result<T> result) {
  if (!result) throw std::runtime_error(result.error().text());
  if constexpr (!std::is_void_v<T>) return std::move(result).value();
}

/// Does `change` in a batch of its own.
template <class Change>
void commit(store::Store& store, Change change) {
  auto batch = must(store.begin());
  change(batch);
  must(batch.commit());
}

inline std::vector<store::Column> columns(std::initializer_list<const char*> labels) {
  std::vector<store::Column> result;
  for (const char* label : labels) result.push_back({label, "kW"});
  return result;
}

inline store::Log define(store::Store& store, std::string_view name, std::int64_t depth,
                         const std::vector<store::Column>& of = columns({"a", "b"})) {
  store::Log log;
  commit(store, [&](store::Batch& batch) { log = must(batch.define_log(name, of, depth)); });
  return log;
}

inline std::int64_t append(store::Store& store, store::Log log, std::int64_t time_ns,
                           const std::vector<store::Field>& fields) {
  std::int64_t number = 0;
  commit(store,
         [&](store::Batch& batch) { number = must(batch.append(log, Instant{time_ns}, fields)); });
  return number;
}

inline std::vector<std::int64_t> numbers_of(const store::RecordPage& page) {
  std::vector<std::int64_t> numbers;
  for (const auto& record : page.records) numbers.push_back(record.number);
  return numbers;
}
inline std::vector<std::int64_t> numbers_of(const store::EventPage& page) {
  std::vector<std::int64_t> numbers;
  for (const auto& event : page.events) numbers.push_back(event.number);
  return numbers;
}

inline store::LogInfo info_of(store::Store& store, store::Log log) {
  auto reader = must(store.reader());
  for (auto& info : must(reader.logs()))
    if (info.log == log) return info;
  ADD_FAILURE() << "no log " << log.id;
  return {};
}

}  // namespace polyphase::testing
