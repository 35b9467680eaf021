// SPDX-License-Identifier: Apache-2.0
// How the cache is opened, and how it is written to.
#include "cache/store_state.hpp"

#include <lmdb.h>

#include <cerrno>
#include <utility>

#include "base/assert.hpp"
#include "cache/changes.hpp"
#include "cache/lmdb_check.hpp"

namespace akgate {

namespace {

constexpr std::size_t kEvictedWhenMapIsFull = 32;

}  // namespace

Status Store::State::reopen() {
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

Status Store::State::check_all() {
  const Status sound = check_pages(view->file, view->state.snapshot, Environment::kRecords,
                                   sizeof(IndexKey::bytes), Extent::all_pages);
  all_checked = sound.ok();
  if (sound) return Done{};
  show(std::nullopt);
  environment.reset();
  Status aside = set_aside(settings.directory, sound.error().what(), log);
  return aside ? reopen() : std::move(aside);
}

Status Store::State::make_ready() {
  if (!environment) {
    Status opened = reopen();
    if (!opened) return opened;
  }
  return all_checked ? Status(Done{}) : check_all();
}

int Store::State::attempt(const Change& change) {
  gone.clear();
  const int failure = write_sealed(*environment, sealer, [&](const WriteTransaction& transaction) {
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

int Store::State::make_room() {
  const int failure =
      attempt([](Changes& changes) { return changes.make_room(kEvictedWhenMapIsFull); });
  if (failure != 0) return failure;
  // LMDB reuses what a transaction freed in the next but one.
  return attempt([](Changes&) { return 0; });
}

Status Store::State::write(const Change& change) {
  read_ledger();
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

Opened<StoredRecord> Store::State::open_record(Sealer& with, const IndexKey& index) const {
  if (!view) return {};
  const LmdbValue value = read(view->state.records, index.view());
  Opened<StoredRecord> opened{.stands = value.kind != LmdbValue::Kind::absent, .stored = {}};
  if (value.kind == LmdbValue::Kind::found) opened.stored = with.open(index, value.bytes);
  if (opened.stored) freshen(with, seal_id(value.bytes), *opened.stored);
  return opened;
}

Opened<StoredDataUser> Store::State::open_data_user(Sealer& with, const IndexKey& index) const {
  if (!view) return {};
  const LmdbValue value = read(view->state.snapshot.main, name_of_data_user(index));
  Opened<StoredDataUser> opened{.stands = value.kind != LmdbValue::Kind::absent, .stored = {}};
  if (value.kind == LmdbValue::Kind::found) opened.stored = with.open_data_user(index, value.bytes);
  if (opened.stored) freshen(with, seal_id(value.bytes), *opened.stored);
  return opened;
}

void Store::State::read_ledger() {
  if (!unread) return;
  Ledger whole(room_in_ledger(settings), unread->read(sealer, log));
  const std::lock_guard hold(view_mutex);
  ledger = std::move(whole);
  unread.reset();
}

void Store::State::confirm(SealId seal, Ledger::Part part, Timestamp as_of, const std::string& id) {
  const auto row = Ledger::Row::of(Ledger::Row::key_of(seal, part), as_of, id);
  AKGATE_ASSERT(row.has_value());
  read_ledger();
  const std::lock_guard hold(view_mutex);
  ledger.confirm(*row);
  ledger_differs = true;
}

void Store::State::say_unreadable(const std::string& what) {
  if (std::exchange(said_unreadable, true)) return;
  log.warning(what + " in the cache in " + settings.directory +
              " is damaged or was altered; it counts as unknown (said once)");
}

int Store::State::put_mark(Changes& changes, const TimeMark& mark) const {
  const int failure = changes.put_time_mark(mark);
  if (failure != 0 || audit_head.empty()) return failure;
  return changes.put_audit_head(audit_head);
}

int Store::State::put(Changes& changes, std::span<const Entry> entries) const {
  for (const Entry& entry : entries) {
    if (const int failure = changes.put(entry.index, entry.record, settings.max_records)) {
      return failure;
    }
  }
  return 0;
}

}  // namespace akgate
