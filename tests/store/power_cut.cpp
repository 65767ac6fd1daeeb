#include "power_cut.hpp"

#include <sqlite3.h>

#include <algorithm>
#include <cstring>
#include <map>
#include <string>
#include <vector>

namespace polyphase::testing {
namespace {

constexpr sqlite3_int64 sector = 512;

using Bytes = std::vector<std::uint8_t>;

/// A write, or with no data a new length.
struct Change {
  sqlite3_int64 offset;
  Bytes data;
};

struct Content {
  Bytes now;                     ///< as programs see it
  std::vector<Change> unsynced;  ///< what the disk does not have of it
};

void show(Bytes& bytes, const Change& change) {
  const auto offset = static_cast<std::size_t>(change.offset);
  if (change.data.empty()) {
    bytes.resize(offset);
    return;
  }
  bytes.resize(std::max(bytes.size(), offset + change.data.size()));
  std::copy(change.data.begin(), change.data.end(),
            bytes.begin() + static_cast<std::ptrdiff_t>(offset));
}

/// The machine's file, for locks, shared memory, and as the disk.
class Disk {
 public:
  Disk(sqlite3_vfs* system, const char* name, int flags, int* flags_out)
      : memory_(new std::uint8_t[static_cast<std::size_t>(system->szOsFile)]()) {
    code = system->xOpen(system, name, file(), flags, flags_out);
  }
  ~Disk() {
    if (file()->pMethods != nullptr) file()->pMethods->xClose(file());
  }
  Disk(const Disk&) = delete;

  sqlite3_file* file() { return reinterpret_cast<sqlite3_file*>(memory_.get()); }
  const sqlite3_io_methods* operator->() { return file()->pMethods; }

  Bytes read() {
    sqlite3_int64 size = 0;
    (*this)->xFileSize(file(), &size);
    Bytes bytes(static_cast<std::size_t>(size));
    if (size > 0) (*this)->xRead(file(), bytes.data(), static_cast<int>(size), 0);
    return bytes;
  }
  void apply(const Change& change) {
    if (change.data.empty())
      (*this)->xTruncate(file(), change.offset);
    else
      (*this)->xWrite(file(), change.data.data(), static_cast<int>(change.data.size()),
                      change.offset);
  }

  int code = SQLITE_OK;

 private:
  std::unique_ptr<std::uint8_t[]> memory_;
};

struct File {
  sqlite3_file base;  // first: this is what SQLite sees
  PowerCut::State* state;
  std::shared_ptr<Content> content;
  std::unique_ptr<Disk> disk;
};

File& of(sqlite3_file* file) { return *reinterpret_cast<File*>(file); }

}  // namespace

struct PowerCut::State {
  sqlite3_vfs* system = sqlite3_vfs_find(nullptr);
  sqlite3_vfs vfs{};
  std::map<std::string, std::shared_ptr<Content>> contents;
  std::int64_t operations_left = -1;  ///< negative: not armed
  bool cut = false;

  /// True: the power still holds for one more operation.
  bool spend() {
    if (operations_left == 0) cut = true;
    if (operations_left > 0) --operations_left;
    return !cut;
  }
};

namespace {

PowerCut::State& state_of(sqlite3_vfs* vfs) {
  return *static_cast<PowerCut::State*>(vfs->pAppData);
}

int change(sqlite3_file* file, Change change) {
  if (!of(file).state->spend()) return SQLITE_IOERR_WRITE;
  show(of(file).content->now, change);
  of(file).content->unsynced.push_back(std::move(change));
  return SQLITE_OK;
}

int close(sqlite3_file* file) {
  of(file).~File();
  return SQLITE_OK;
}

int read(sqlite3_file* file, void* to, int amount, sqlite3_int64 offset) {
  if (of(file).state->cut) return SQLITE_IOERR_READ;
  const Bytes& now = of(file).content->now;
  const auto wanted = static_cast<std::size_t>(amount);
  const std::size_t begin = std::min(static_cast<std::size_t>(offset), now.size());
  const std::size_t there = std::min(wanted, now.size() - begin);
  if (there > 0) std::memcpy(to, now.data() + begin, there);
  if (there == wanted) return SQLITE_OK;
  std::memset(static_cast<std::uint8_t*>(to) + there, 0, wanted - there);
  return SQLITE_IOERR_SHORT_READ;
}

int write(sqlite3_file* file, const void* from, int amount, sqlite3_int64 offset) {
  const auto* bytes = static_cast<const std::uint8_t*>(from);
  return change(file, {offset, Bytes(bytes, bytes + amount)});
}

int truncate(sqlite3_file* file, sqlite3_int64 size) { return change(file, {size, {}}); }

int sync(sqlite3_file* file, int) {
  if (!of(file).state->spend()) return SQLITE_IOERR_FSYNC;
  Content& content = *of(file).content;
  for (const Change& each : content.unsynced) of(file).disk->apply(each);
  content.unsynced.clear();
  return SQLITE_OK;
}

int file_size(sqlite3_file* file, sqlite3_int64* size) {
  *size = static_cast<sqlite3_int64>(of(file).content->now.size());
  return SQLITE_OK;
}

sqlite3_file* system_file(sqlite3_file* file) { return of(file).disk->file(); }
const sqlite3_io_methods& system_of(sqlite3_file* file) { return *system_file(file)->pMethods; }

int lock(sqlite3_file* f, int level) { return system_of(f).xLock(system_file(f), level); }
int unlock(sqlite3_file* f, int level) { return system_of(f).xUnlock(system_file(f), level); }
int check_lock(sqlite3_file* f, int* held) {
  return system_of(f).xCheckReservedLock(system_file(f), held);
}
int control(sqlite3_file* f, int operation, void* argument) {
  // The length of the machine's file is none of theirs.
  if (operation == SQLITE_FCNTL_SIZE_HINT || operation == SQLITE_FCNTL_CHUNK_SIZE)
    return SQLITE_NOTFOUND;
  return system_of(f).xFileControl(system_file(f), operation, argument);
}
int sector_size(sqlite3_file* f) { return system_of(f).xSectorSize(system_file(f)); }
int characteristics(sqlite3_file* f) { return system_of(f).xDeviceCharacteristics(system_file(f)); }
int shm_map(sqlite3_file* f, int page, int size, int extend, void volatile** memory) {
  return system_of(f).xShmMap(system_file(f), page, size, extend, memory);
}
int shm_lock(sqlite3_file* f, int offset, int n, int flags) {
  return system_of(f).xShmLock(system_file(f), offset, n, flags);
}
void shm_barrier(sqlite3_file* f) { system_of(f).xShmBarrier(system_file(f)); }
int shm_unmap(sqlite3_file* f, int remove) {
  return system_of(f).xShmUnmap(system_file(f), remove);
}

constexpr sqlite3_io_methods methods{
    2,         close,      read,    write,       truncate,        sync,    file_size, lock,
    unlock,    check_lock, control, sector_size, characteristics, shm_map, shm_lock,  shm_barrier,
    shm_unmap, nullptr,    nullptr};

int open(sqlite3_vfs* vfs, sqlite3_filename name, sqlite3_file* memory, int flags, int* flags_out) {
  memory->pMethods = nullptr;
  PowerCut::State& state = state_of(vfs);
  if (state.cut) return SQLITE_CANTOPEN;
  auto disk = std::make_unique<Disk>(state.system, name, flags, flags_out);
  if (disk->code != SQLITE_OK) return disk->code;
  auto& content = state.contents[name == nullptr ? "" : name];
  if (content == nullptr) content = std::make_shared<Content>(Content{disk->read(), {}});
  File* file = new (memory) File{{&methods}, &state, content, std::move(disk)};
  file->base.pMethods = &methods;
  return SQLITE_OK;
}

int remove(sqlite3_vfs* vfs, const char* name, int sync_folder) {
  PowerCut::State& state = state_of(vfs);
  if (!state.spend()) return SQLITE_IOERR_DELETE;
  state.contents.erase(name);
  return state.system->xDelete(state.system, name, sync_folder);
}

/// What the disk has got of changes that nobody waited for: any of the sectors, half or nearly all.
std::vector<Change> survivors(const std::vector<Change>& unsynced, std::mt19937_64& random) {
  std::vector<Change> kept;
  const std::uint64_t in_32 = 16 + random() % 17;
  const auto survives = [&] { return random() % 32 < in_32; };
  for (const Change& change : unsynced) {
    if (change.data.empty()) {
      if (survives()) kept.push_back(change);
      continue;
    }
    const auto end = change.offset + static_cast<sqlite3_int64>(change.data.size());
    for (sqlite3_int64 from = change.offset; from < end;) {
      const sqlite3_int64 to = std::min(end, (from / sector + 1) * sector);
      const auto begin = change.data.begin() - change.offset;
      if (survives()) kept.push_back({from, Bytes(begin + from, begin + to)});
      from = to;
    }
  }
  return kept;
}

}  // namespace

PowerCut::PowerCut() : state_(std::make_unique<State>()) {
  state_->vfs = *state_->system;
  state_->vfs.pNext = nullptr;
  state_->vfs.zName = vfs_name;
  state_->vfs.pAppData = state_.get();
  state_->vfs.szOsFile = sizeof(File);
  state_->vfs.xOpen = open;
  state_->vfs.xDelete = remove;
  sqlite3_vfs_register(&state_->vfs, 0);
}

PowerCut::~PowerCut() { sqlite3_vfs_unregister(&state_->vfs); }

void PowerCut::arm(std::int64_t operations) { state_->operations_left = operations; }

bool PowerCut::is_cut() const { return state_->cut; }

void PowerCut::restore(Unsynced unsynced, std::mt19937_64& random) {
  for (const auto& [name, content] : state_->contents) {
    if (unsynced == Unsynced::lost || content->unsynced.empty()) continue;
    std::vector<char> path(name.begin(), name.end());
    path.insert(path.end(), 4, '\0');  // a sqlite3_filename ends in empty parameters
    Disk disk(state_->system, path.data(), SQLITE_OPEN_READWRITE | SQLITE_OPEN_MAIN_JOURNAL,
              nullptr);
    if (disk.code != SQLITE_OK) continue;
    for (const Change& change : survivors(content->unsynced, random)) disk.apply(change);
  }
  state_->contents.clear();
  state_->operations_left = -1;
  state_->cut = false;
}

}  // namespace polyphase::testing
