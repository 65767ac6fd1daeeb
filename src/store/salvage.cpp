#include "store/salvage.hpp"

#include <filesystem>
#include <utility>
#include <vector>

#include "store/connection.hpp"
#include "store/reader.hpp"
#include "store/schema.hpp"

namespace polyphase::store {
namespace {

/// A copy to look at: SQLite may write to what it opens.
class Copy {
 public:
  explicit Copy(const std::string& original) : path_(original + ".look") {
    std::error_code error;
    std::filesystem::copy_file(original, path_, std::filesystem::copy_options::overwrite_existing,
                               error);
    if (!error && std::filesystem::exists(original + "-wal"))
      std::filesystem::copy_file(original + "-wal", path_ + "-wal",
                                 std::filesystem::copy_options::overwrite_existing, error);
    if (error) trouble_ = error.message();
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  ~Copy() {
    std::error_code ignored;
    for (const char* suffix : {"", "-wal", "-shm"})
      std::filesystem::remove(path_ + suffix, ignored);
  }
  const std::string& path() const { return path_; }
  const std::string& trouble() const { return trouble_; }

 private:
  std::string path_, trouble_;
};

struct Found {
  std::map<std::pair<std::string, std::string>, std::string> documents;  ///< text by kind and key
  bool documents_whole = true;
  std::vector<NamedNumber> numbers;
  std::string trouble;

  void note(const Error& error) {
    if (trouble.empty()) trouble = error.message;
  }
};

// From both ends, each as far as a damaged page.
void read_documents(Database& database, Found& found) {
  for (const char* order : {"", " DESC"}) {
    auto rows = database.prepare(std::string("SELECT kind, key, text FROM document ORDER BY kind") +
                                 order + ", key" + order);
    if (!rows) {
      found.documents_whole = false;
      return found.note(rows.error());
    }
    for (;;) {
      auto more = rows->step();
      if (!more) {
        found.documents_whole = false;
        found.note(more.error());
        break;
      }
      if (!*more || found.documents.size() >= salvaged_documents_max) break;
      found.documents.emplace(std::pair(rows->text(0), rows->text(1)), rows->text(2));
    }
    if (found.documents_whole) return;
  }
}

Found look_at(const std::string& path, const std::string& vfs) {
  Found found;
  found.documents_whole = false;
  const Copy copy(path);
  found.trouble = copy.trouble();
  if (!found.trouble.empty()) return found;
  auto database = Database::open(copy.path(), {DatabaseOptions::Access::read_write, vfs});
  if (!database) {
    found.note(database.error());
    return found;
  }
  if (const auto version = version_of(*database, migrations()); !version || *version == 0) {
    found.trouble = version ? "it is empty" : version.error().message;
    return found;
  }
  found.documents_whole = true;
  read_documents(*database, found);
  Reader reader(std::make_shared<Connection>(std::move(*database)), 0);
  auto numbers = reader.retained();
  if (numbers)
    found.numbers = std::move(*numbers);
  else
    found.note(numbers.error());
  return found;
}

}  // namespace

Result<Salvaged> salvage(Store& store, const std::string& vfs) {
  const Found found = look_at(store.report().set_aside, vfs);
  Salvaged salvaged;
  salvaged.trouble = found.trouble;
  salvaged.documents_whole = found.documents_whole;
  salvaged.numbers = found.numbers.size();
  if (found.documents.empty() && found.numbers.empty()) return salvaged;
  auto batch = store.begin();
  if (!batch) return tl::unexpected(batch.error());
  for (const auto& [name, text] : found.documents) {
    if (auto put = batch->put_document(name.first, name.second, text); !put)
      return tl::unexpected(put.error());
    ++salvaged.documents[name.first];
  }
  if (!found.numbers.empty())
    if (auto put = batch->retain(found.numbers); !put) return tl::unexpected(put.error());
  if (auto written = batch->commit(); !written) return tl::unexpected(written.error());
  return salvaged;
}

}  // namespace polyphase::store
