// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include <lmdb.h>

#include <functional>
#include <mutex>
#include <string_view>
#include <utility>

#include "cache/environment.hpp"
#include "cache/eviction.hpp"
#include "cache/lmdb_check.hpp"
#include "cache/opening.hpp"
#include "cache/sealing.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

using Change = std::function<int(const WriteTransaction&)>;

constexpr const char* kTimeMark = "time-mark";
constexpr std::uint32_t kOwnerOnly = 0700;
constexpr std::size_t kEvictedWhenMapIsFull = 32;

constexpr std::string_view kDataUser = "data-user ";
// `head` and `records` are always there too; `time-mark` takes a Data User's place.
constexpr std::size_t kOtherNamesInMain = 2;

std::string_view bytes_of(const IndexKey& index) {
  return {reinterpret_cast<const char*>(index.bytes.data()), index.bytes.size()};
}

// What stands from now on: what the fresh one lacks is left as it stood.
StoredRecord merged(StoredRecord stood, StoredRecord fresh) {
  if (!fresh.knowledge) fresh.knowledge = std::move(stood.knowledge);
  // What the operator said since stays, and so does where the key is listed (I5).
  if (stood.binding) {
    fresh.binding = fresh.binding ? adopt(&*stood.binding, *std::move(fresh.binding))
                                  : std::move(stood.binding);
  }
  return fresh;
}

std::string name_of_data_user(const IndexKey& index) {
  return std::string(kDataUser).append(bytes_of(index));
}

}  // namespace

struct Store::State {
  State(const Settings& settings_, const DeviceKeys& keys, const Log& log_, Fd lock_)
      : settings(settings_), log(log_), lock(std::move(lock_)), desk_sealer(keys), sealer(keys) {}

  const Settings settings;
  const Log log;
  const Fd lock;  ///< Held while this lives: no other process writes here.

  // Both threads'. The clerk holds the mutex for as long as it takes to put another view there, the
  // desk while it reads a value: so the desk never waits for a sync, and the state it reads is
  // never older than the one before the last, whose pages LMDB leaves alone. Only the clerk changes
  // `view`, so it reads it without.
  std::mutex view_mutex;
  std::optional<View> view;

  // The desk's.
  Sealer desk_sealer;
  bool said_unreadable = false;

  // The clerk's.
  Sealer sealer;
  std::unique_ptr<Environment> environment;
  bool all_checked = false;

  void show(std::optional<View> next) {
    const std::lock_guard hold(view_mutex);
    view = std::move(next);
  }

  /// Opens the cache, or opens it again; where that fails, what can be read stays.
  Status reopen() {
    std::optional<std::size_t> committed;
    if (view) committed = view->state.snapshot.transaction;
    environment.reset();
    Result<OpenCache> opened =
        open_cache(settings.directory, settings.max_records, sealer, log, committed);
    if (!opened) return std::move(opened).error();
    environment = std::move(opened->environment);
    all_checked = opened->is_new;
    show(std::move(opened->view));
    return Done{};
  }

  /// Before LMDB writes for the first time: it must not meet a page that would lead it astray.
  Status check_all() {
    const Status sound = check_pages(view->file, view->state.snapshot, Environment::kRecords,
                                     sizeof(IndexKey::bytes), Extent::all_pages);
    all_checked = sound.ok();
    if (sound) return Done{};
    show(std::nullopt);
    environment.reset();
    Status aside = set_aside(settings.directory, sound.error().what(), log);
    return aside ? reopen() : std::move(aside);
  }

  Status make_ready() {
    if (!environment) {
      Status opened = reopen();
      if (!opened) return opened;
    }
    return all_checked ? Status(Done{}) : check_all();
  }

  /// Makes a change durable, then visible. Gives 0 or LMDB's failure.
  int attempt(const Change& change) {
    const int failure = write_sealed(*environment, sealer, change);
    if (failure != 0) return failure;
    const std::optional<CacheState> next = newest_state(view->file);
    if (!next) {
      show(std::nullopt);  // what was visible is not the newest any more (I5)
      return MDB_CORRUPTED;
    }
    const std::lock_guard hold(view_mutex);
    view->state = *next;
    return 0;
  }

  int make_room() {
    const int failure = attempt([&](const WriteTransaction& transaction) {
      std::size_t evicted = 0;
      return evict(transaction, sealer, Newcomer::active, kEvictedWhenMapIsFull, evicted);
    });
    if (failure != 0) return failure;
    // LMDB reuses what a transaction freed in the next but one.
    return attempt([](const WriteTransaction&) { return 0; });
  }

  Status write(const Change& change) {
    Status ready = make_ready();
    if (!ready) return ready;
    int failure = attempt(change);
    if (failure == MDB_MAP_FULL) {
      failure = make_room();
      if (failure == 0) failure = attempt(change);
    }
    if (means_damage(failure)) {
      environment.reset();
      ready = make_ready();
      if (!ready) return ready;
      failure = attempt(change);
    }
    if (failure == 0) return Done{};
    return lmdb_error("the cache in " + settings.directory + " cannot be written", failure);
  }

  int put(const WriteTransaction& transaction, const Entry& entry);

  int make_place(const WriteTransaction& transaction, const StoredRecord& newcomer_is,
                 bool& has_place);
  int put_data_user(const WriteTransaction& transaction, const IndexKey& index,
                    const StoredDataUser& data_user);
  int unbind(const WriteTransaction& transaction, const IndexKey& index);

  LmdbValue read(const LmdbTree& tree, std::string_view key) const {
    return view->file.find(tree, view->state.snapshot.end, key);
  }

  void say_unreadable(const std::string& what) {
    if (std::exchange(said_unreadable, true)) return;
    log.warning(what + " in the cache in " + settings.directory +
                " is damaged or was altered; it counts as unknown (said once)");
  }

  int put(const WriteTransaction& transaction, std::span<const Entry> entries) {
    for (const Entry& entry : entries) {
      if (const int failure = put(transaction, entry)) return failure;
    }
    return 0;
  }

  int put_mark(const WriteTransaction& transaction, const TimeMark& mark) {
    return transaction.put(transaction.main, kTimeMark, sealer.seal_mark(mark));
  }
};

// Makes room for one more where there is none; there may be nobody who may go. Gives 0 or LMDB's
// failure.
int Store::State::make_place(const WriteTransaction& transaction, const StoredRecord& newcomer_is,
                             bool& has_place) {
  MDB_stat now{};
  const int failure = mdb_stat(transaction.handle, transaction.records, &now);
  has_place = failure == 0 && now.ms_entries < settings.max_records && !environment->is_crowded();
  if (failure != 0 || has_place) return failure;
  std::size_t evicted = 0;
  const int eviction = evict(transaction, sealer, newcomer(newcomer_is), 1, evicted);
  has_place = evicted > 0;
  return eviction;
}

int Store::State::put(const WriteTransaction& transaction, const Entry& entry) {
  MDB_val key = lmdb_value(bytes_of(entry.index));
  MDB_val old{};
  StoredRecord record = entry.record;
  const int found = mdb_get(transaction.handle, transaction.records, &key, &old);
  if (found == MDB_NOTFOUND) {
    bool has_place = false;
    const int failure = make_place(transaction, record, has_place);
    if (failure != 0) return failure;
    // A binding must not seem to be kept.
    if (!has_place) return is_bound(record) ? MDB_MAP_FULL : 0;
  } else if (found != 0) {
    return found;
  } else if (auto stood = sealer.open(entry.index, view_of(old))) {
    record = merged(*std::move(stood), std::move(record));
  }
  if (record.binding && record.knowledge && record.knowledge->record) {
    record.binding = pinned(*std::move(record.binding), *record.knowledge->record);
  }
  return transaction.put(transaction.records, bytes_of(entry.index),
                         sealer.seal(entry.index, record));
}

int Store::State::unbind(const WriteTransaction& transaction, const IndexKey& index) {
  MDB_val key = lmdb_value(bytes_of(index));
  MDB_val old{};
  const int failure = mdb_get(transaction.handle, transaction.records, &key, &old);
  if (failure != 0) return failure == MDB_NOTFOUND ? 0 : failure;
  std::optional<StoredRecord> stood = sealer.open(index, view_of(old));
  if (!stood || !stood->knowledge) {
    return mdb_del(transaction.handle, transaction.records, &key, nullptr);
  }
  stood->binding.reset();
  return transaction.put(transaction.records, bytes_of(index), sealer.seal(index, *stood));
}

int Store::State::put_data_user(const WriteTransaction& transaction, const IndexKey& index,
                                const StoredDataUser& data_user) {
  const std::string name = name_of_data_user(index);
  MDB_val key = lmdb_value(name);
  MDB_val old{};
  int failure = mdb_get(transaction.handle, transaction.main, &key, &old);
  if (failure == MDB_NOTFOUND) {
    MDB_stat now{};
    failure = mdb_stat(transaction.handle, transaction.main, &now);
    if (failure == 0 && now.ms_entries >= kMaxDataUsers + kOtherNamesInMain) {
      failure = evict_data_user(transaction, kDataUser);
    }
  }
  if (failure != 0) return failure;
  return transaction.put(transaction.main, name, sealer.seal(index, data_user));
}

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const Settings& settings, const DeviceKeys& keys,
                                           const Log& log) {
  Status directory = make_directories(settings.directory, kOwnerOnly);
  if (!directory) return std::move(directory).error().within("the cache cannot be opened");
  Result<Fd> lock = lock_file(settings.directory + "/cache.lock");
  if (!lock) return std::move(lock).error().within("the cache cannot be opened");
  auto state = std::make_unique<State>(settings, keys, log, std::move(*lock));
  Status opened = state->reopen();
  if (!opened) return std::move(opened).error();
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

std::optional<StoredRecord> Store::find(const IndexKey& key) {
  LmdbValue value;
  {
    const std::lock_guard hold(state_->view_mutex);
    if (!state_->view) return std::nullopt;
    value = state_->read(state_->view->state.records, bytes_of(key));
  }
  if (value.kind == LmdbValue::Kind::absent) return std::nullopt;
  std::optional<StoredRecord> record;
  if (value.kind == LmdbValue::Kind::found) record = state_->desk_sealer.open(key, value.bytes);
  if (!record) state_->say_unreadable("record " + key.fingerprint());
  return record;
}

std::optional<StoredRecord> Store::find_as_writer(const IndexKey& key) {
  if (!state_->view) return std::nullopt;
  const LmdbValue value = state_->read(state_->view->state.records, bytes_of(key));
  if (value.kind != LmdbValue::Kind::found) return std::nullopt;
  return state_->sealer.open(key, value.bytes);
}

std::optional<StoredDataUser> Store::find_data_user(const IndexKey& index) {
  LmdbValue value;
  {
    const std::lock_guard hold(state_->view_mutex);
    if (!state_->view) return std::nullopt;
    value = state_->read(state_->view->state.snapshot.main, name_of_data_user(index));
  }
  if (value.kind == LmdbValue::Kind::absent) return std::nullopt;
  std::optional<StoredDataUser> data_user;
  if (value.kind == LmdbValue::Kind::found) {
    data_user = state_->desk_sealer.open_data_user(index, value.bytes);
  }
  if (!data_user) state_->say_unreadable("a Data User");
  return data_user;
}

Status Store::put_data_user(const IndexKey& index, const StoredDataUser& data_user) {
  return state_->write([&](const WriteTransaction& transaction) {
    return state_->put_data_user(transaction, index, data_user);
  });
}

Status Store::unbind(const IndexKey& key) {
  return state_->write(
      [&](const WriteTransaction& transaction) { return state_->unbind(transaction, key); });
}

Status Store::put(std::span<const Entry> entries) {
  if (entries.empty()) return Done{};
  return state_->write(
      [&](const WriteTransaction& transaction) { return state_->put(transaction, entries); });
}

Status Store::put(std::span<const Entry> entries, const TimeMark& mark) {
  return state_->write([&](const WriteTransaction& transaction) {
    const int failure = state_->put(transaction, entries);
    return failure != 0 ? failure : state_->put_mark(transaction, mark);
  });
}

Status Store::erase(const IndexKey& key) {
  return state_->write([&](const WriteTransaction& transaction) {
    MDB_val lmdb_key = lmdb_value(bytes_of(key));
    const int failure = mdb_del(transaction.handle, transaction.records, &lmdb_key, nullptr);
    return failure == MDB_NOTFOUND ? 0 : failure;
  });
}

std::optional<TimeMark> Store::time_mark() {
  if (!state_->view) return std::nullopt;
  const LmdbSnapshot& newest = state_->view->state.snapshot;
  const LmdbValue value = state_->view->file.find(newest.main, newest.end, kTimeMark);
  if (value.kind != LmdbValue::Kind::found) return std::nullopt;
  return state_->sealer.open_mark(value.bytes);
}

Status Store::put_time_mark(const TimeMark& mark) {
  return state_->write(
      [&](const WriteTransaction& transaction) { return state_->put_mark(transaction, mark); });
}

std::size_t Store::size() { return state_->view ? state_->view->state.records.entries : 0; }

std::string lmdb_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  static_cast<void>(mdb_version(&major, &minor, &patch));
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace akgate
