// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include <lmdb.h>

#include <algorithm>
#include <cerrno>
#include <functional>
#include <mutex>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/changes.hpp"
#include "cache/confirmation.hpp"
#include "cache/environment.hpp"
#include "cache/ledger.hpp"
#include "cache/lmdb_check.hpp"
#include "cache/opening.hpp"
#include "cache/sealing.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

using Change = std::function<int(Changes&)>;

constexpr std::uint32_t kOwnerOnly = 0700;
constexpr std::size_t kEvictedWhenMapIsFull = 32;

/// Enough for whatever may stand in the cache.
std::size_t room_in_ledger(const Store::Settings& settings) {
  return 2 * settings.max_records + Store::kMaxDataUsers;
}

}  // namespace

struct Store::State {
  State(const Settings& settings_, const DeviceKeys& keys, const Log& log_, Fd lock_)
      : settings(settings_),
        log(log_),
        lock(std::move(lock_)),
        ledger(room_in_ledger(settings_)),
        desk_sealer(keys),
        sealer(keys),
        blocks(read_blocks(settings.directory, sealer, log)) {}

  const Settings settings;
  const Log log;
  const Fd lock;  ///< Held while this lives: no other process writes here.

  // Both threads'. The clerk holds the mutex for as long as it takes to put another view there or
  // to note a confirmation, the desk while it reads a value: so the desk never waits for a sync,
  // and the state it reads is never older than the one before the last, whose pages LMDB leaves
  // alone. Only the clerk changes `view` and `ledger`, so it reads them without.
  std::mutex view_mutex;
  std::optional<View> view;
  Ledger ledger;

  // The desk's.
  Sealer desk_sealer;
  bool said_unreadable = false;

  // The clerk's.
  Sealer sealer;
  std::unique_ptr<Environment> environment;
  bool all_checked = false;
  std::vector<SealId> gone;     ///< What the transaction that is being made replaces or removes.
  bool ledger_differs = false;  ///< From its file, by more than what is gone.

  std::string audit_head;  ///< Of the trail of decisions; empty: not told yet.

  const Blocks blocks;  ///< As they were found.

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
    if (opened->is_new) forget_confirmations();
    if (!environment) return opening_error(settings.directory, EROFS);
    return Done{};
  }

  void forget_confirmations() {
    const std::lock_guard hold(view_mutex);
    ledger = Ledger(room_in_ledger(settings));
  }

  void confirm(SealId seal, Ledger::Part part, Timestamp as_of, const std::string& id) {
    const std::lock_guard hold(view_mutex);
    ledger.confirm(seal, part, as_of, id);
    ledger_differs = true;
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
    gone.clear();
    const int failure =
        write_sealed(*environment, sealer, [&](const WriteTransaction& transaction) {
          Changes changes({.environment = *environment,
                           .transaction = transaction,
                           .sealer = sealer,
                           .ledger = ledger,
                           .gone = gone});
          return change(changes);
        });
    if (failure != 0) return failure;
    const std::optional<CacheState> next = newest_state(view->file);
    if (!next) {
      show(std::nullopt);  // what was visible is not the newest any more (I5)
      return MDB_CORRUPTED;
    }
    const std::lock_guard hold(view_mutex);
    view->state = *next;
    for (const SealId seal : gone) ledger.drop_seal(seal);
    return 0;
  }

  int make_room() {
    const int failure =
        attempt([](Changes& changes) { return changes.make_room(kEvictedWhenMapIsFull); });
    if (failure != 0) return failure;
    // LMDB reuses what a transaction freed in the next but one.
    return attempt([](Changes&) { return 0; });
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

  LmdbValue read(const LmdbTree& tree, std::string_view key) const {
    return view->file.find(tree, view->state.snapshot.end, key);
  }

  template <typename Stored>
  struct Opened {
    bool stands = false;           ///< There is something,
    std::optional<Stored> stored;  ///< and this is what it says, if it can be read.
  };

  template <typename Stored, typename Open>
  Opened<Stored> open_in(const LmdbTree& tree, std::string_view key, const Open& open) const {
    Opened<Stored> opened;
    const LmdbValue value = read(tree, key);
    opened.stands = value.kind != LmdbValue::Kind::absent;
    if (value.kind == LmdbValue::Kind::found) opened.stored = open(value.bytes);
    if (opened.stored) ledger.freshen(seal_id(value.bytes), *opened.stored);
    return opened;
  }

  Opened<StoredRecord> open_record(Sealer& with, const IndexKey& index) const {
    if (!view) return {};
    return open_in<StoredRecord>(view->state.records, index.view(),
                                 [&](std::string_view bytes) { return with.open(index, bytes); });
  }

  Opened<StoredDataUser> open_data_user(Sealer& with, const IndexKey& index) const {
    if (!view) return {};
    return open_in<StoredDataUser>(
        view->state.snapshot.main, name_of_data_user(index),
        [&](std::string_view bytes) { return with.open_data_user(index, bytes); });
  }

  void say_unreadable(const std::string& what) {
    if (std::exchange(said_unreadable, true)) return;
    log.warning(what + " in the cache in " + settings.directory +
                " is damaged or was altered; it counts as unknown (said once)");
  }

  int put_mark(Changes& changes, const TimeMark& mark) const {
    const int failure = changes.put_time_mark(mark);
    if (failure != 0 || audit_head.empty()) return failure;
    return changes.put_audit_head(audit_head);
  }

  int put(Changes& changes, std::span<const Entry> entries) const {
    for (const Entry& entry : entries) {
      if (const int failure = changes.put(entry.index, entry.record, settings.max_records)) {
        return failure;
      }
    }
    return 0;
  }
};

Store::Store(std::unique_ptr<State> state) : state_(std::move(state)) {}
Store::~Store() = default;

Result<std::unique_ptr<Store>> Store::open(const Settings& settings, const DeviceKeys& keys,
                                           const Log& log) {
  Status directory = make_directories(settings.directory, kOwnerOnly);
  if (!directory) return std::move(directory).error().within("the cache cannot be opened");
  Result<Fd> lock = lock_file(settings.directory + "/cache.lock");
  if (!lock) return std::move(lock).error().within("the cache cannot be opened");
  auto state = std::make_unique<State>(settings, keys, log, std::move(*lock));
  const Status opened = state->reopen();
  if (!opened && !state->view) return opened.error();
  if (!opened) log.error(opened.error().what());
  // A new cache has nothing for it to confirm.
  if (!state->all_checked) {
    state->ledger = read_ledger(settings.directory, room_in_ledger(settings),
                                state->view->state.snapshot.transaction, state->sealer, log);
  }
  return std::unique_ptr<Store>(new Store(std::move(state)));
}

std::optional<StoredRecord> Store::find(const IndexKey& key) {
  const std::lock_guard hold(state_->view_mutex);
  auto found = state_->open_record(state_->desk_sealer, key);
  if (found.stands && !found.stored) state_->say_unreadable("record " + key.fingerprint());
  return std::move(found.stored);
}

std::optional<Store::Next> Store::next_after(const IndexKey& index) {
  const std::lock_guard hold(state_->view_mutex);
  if (!state_->view) return std::nullopt;
  const CacheState& newest = state_->view->state;
  const auto found =
      state_->view->file.next_after(newest.records, newest.snapshot.end, index.view());
  Next next;
  if (!found || found->first.size() != next.index.bytes.size()) return std::nullopt;
  std::copy(found->first.begin(), found->first.end(), next.index.bytes.begin());
  next.record = state_->desk_sealer.open(next.index, found->second);
  if (next.record) state_->ledger.freshen(seal_id(found->second), *next.record);
  return next;
}

std::optional<StoredRecord> Store::find_as_writer(const IndexKey& key) {
  return state_->open_record(state_->sealer, key).stored;
}

std::optional<StoredDataUser> Store::find_data_user_as_writer(const IndexKey& index) {
  return state_->open_data_user(state_->sealer, index).stored;
}

std::optional<StoredDataUser> Store::find_data_user(const IndexKey& index) {
  const std::lock_guard hold(state_->view_mutex);
  auto found = state_->open_data_user(state_->desk_sealer, index);
  if (found.stands && !found.stored) state_->say_unreadable("a Data User");
  return std::move(found.stored);
}

Status Store::put_data_user(const IndexKey& index, const StoredDataUser& data_user) {
  return state_->write(
      [&](Changes& changes) { return changes.put_data_user(index, data_user, kMaxDataUsers); });
}

Status Store::unbind(const IndexKey& key) {
  return state_->write([&](Changes& changes) { return changes.unbind(key); });
}

Status Store::put(std::span<const Entry> entries) {
  if (entries.empty()) return Done{};
  return state_->write([&](Changes& changes) { return state_->put(changes, entries); });
}

Status Store::put(std::span<const Entry> entries, const TimeMark& mark) {
  return state_->write([&](Changes& changes) {
    const int failure = state_->put(changes, entries);
    return failure != 0 ? failure : state_->put_mark(changes, mark);
  });
}

Status Store::erase(const IndexKey& key) {
  return state_->write([&](Changes& changes) { return changes.erase(key); });
}

Status Store::clear() {
  Status cleared = state_->write([](Changes& changes) { return changes.clear(); });
  if (cleared) state_->forget_confirmations();
  return cleared;
}

const Blocks& Store::blocks() const { return state_->blocks; }

Status Store::put_blocks(const Blocks& blocks) {
  return write_blocks(state_->settings.directory, blocks, state_->sealer);
}

bool Store::confirm(const Entry& entry) {
  if (!state_->view) return false;
  const LmdbValue value = state_->read(state_->view->state.records, entry.index.view());
  if (value.kind != LmdbValue::Kind::found) return false;
  const std::optional<StoredRecord> stands = state_->sealer.open(entry.index, value.bytes);
  if (!stands || !confirms(entry.record, *stands)) return false;
  const SealId seal = seal_id(value.bytes);
  if (const auto& said = entry.record.knowledge) {
    state_->confirm(seal, Ledger::Part::knowledge, said->as_of, said->transaction_id);
  }
  if (const auto& said = entry.record.binding) {
    state_->confirm(seal, Ledger::Part::binding, said->as_of, said->transaction_id);
  }
  return true;
}

bool Store::confirm_data_user(const IndexKey& index, const StoredDataUser& data_user) {
  if (!state_->view) return false;
  const LmdbValue value = state_->read(state_->view->state.snapshot.main, name_of_data_user(index));
  if (value.kind != LmdbValue::Kind::found) return false;
  const auto stands = state_->sealer.open_data_user(index, value.bytes);
  if (!stands || !confirms(data_user, *stands)) return false;
  const DataUserStanding& said = data_user.standing;
  state_->confirm(seal_id(value.bytes), Ledger::Part::data_user, said.as_of, said.transaction_id);
  return true;
}

Status Store::write_ledger() {
  if (!state_->ledger_differs || !state_->view) return Done{};
  std::vector<Ledger::Row> rows = state_->ledger.rows();
  Status written = akgate::write_ledger(state_->settings.directory, rows,
                                        state_->view->state.snapshot.transaction, state_->sealer);
  state_->ledger_differs = !written.ok();
  const std::lock_guard hold(state_->view_mutex);
  state_->ledger = Ledger(room_in_ledger(state_->settings), std::move(rows));
  return written;
}

std::optional<TimeMark> Store::time_mark() {
  if (!state_->view) return std::nullopt;
  const LmdbSnapshot& newest = state_->view->state.snapshot;
  const LmdbValue value = state_->view->file.find(newest.main, newest.end, Changes::kTimeMark);
  if (value.kind == LmdbValue::Kind::absent && size() == 0) return std::nullopt;
  std::optional<TimeMark> mark;
  if (value.kind == LmdbValue::Kind::found) mark = state_->sealer.open_mark(value.bytes);
  if (mark) return mark;
  state_->log.warning("the time mark in the cache in " + state_->settings.directory +
                      " is damaged or was altered: no grace until the register or a synchronised "
                      "clock has told the time");
  return TimeMark::lost();
}

Status Store::put_time_mark(const TimeMark& mark) {
  return state_->write([&](Changes& changes) { return state_->put_mark(changes, mark); });
}

std::optional<std::string> Store::audit_head() {
  if (!state_->view) return std::nullopt;
  const LmdbSnapshot& newest = state_->view->state.snapshot;
  const LmdbValue value = state_->view->file.find(newest.main, newest.end, Changes::kAuditHead);
  if (value.kind != LmdbValue::Kind::found) return std::nullopt;
  return state_->sealer.open_audit_head(value.bytes);
}

void Store::keep_audit_head(std::string head) { state_->audit_head = std::move(head); }

std::size_t Store::size() {
  const std::lock_guard hold(state_->view_mutex);
  return state_->view ? state_->view->state.records.entries : 0;
}

std::string lmdb_version() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  static_cast<void>(mdb_version(&major, &minor, &patch));
  return std::to_string(major) + "." + std::to_string(minor) + "." + std::to_string(patch);
}

}  // namespace akgate
