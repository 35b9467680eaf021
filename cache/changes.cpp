// SPDX-License-Identifier: Apache-2.0
#include "cache/changes.hpp"

#include <lmdb.h>

#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "cache/eviction.hpp"

namespace akgate {

namespace {

constexpr std::string_view kDataUser = "data-user ";
// `head` and `records` are always there too; `time-mark` and `audit-head` take Data Users' places.
constexpr std::size_t kOtherNamesInMain = 2;

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

}  // namespace

std::string name_of_data_user(const IndexKey& index) {
  return std::string(kDataUser).append(index.view());
}

/// What stands there and is about to go, as fresh as it is.
std::optional<StoredRecord> Changes::open(const IndexKey& index, std::string_view sealed) {
  std::optional<StoredRecord> stood = parts_.sealer.open(index, sealed);
  if (stood) parts_.ledger.freshen(seal_id(sealed), *stood);
  return stood;
}

int Changes::put(const IndexKey& index, StoredRecord record, std::size_t max_records) {
  const WriteTransaction& transaction = parts_.transaction;
  MDB_val key = lmdb_value(index.view());
  MDB_val old{};
  const int found = mdb_get(transaction.handle, transaction.records, &key, &old);
  if (found == MDB_NOTFOUND) {
    bool has_room = true;
    const int failure = make_room_for(record, max_records, has_room);
    if (failure != 0) return failure;
    // A binding must not seem to be kept.
    if (!has_room) return is_bound(record) ? MDB_MAP_FULL : 0;
  } else if (found != 0) {
    return found;
  } else {
    if (auto stood = open(index, view_of(old)))
      record = merged(*std::move(stood), std::move(record));
    parts_.gone.push_back(seal_id(view_of(old)));
  }
  if (record.binding && record.knowledge && record.knowledge->record) {
    record.binding = pinned(*std::move(record.binding), *record.knowledge->record);
  }
  return transaction.put(transaction.records, index.view(), parts_.sealer.seal(index, record));
}

int Changes::make_room_for(const StoredRecord& record, std::size_t max_records, bool& has_room) {
  MDB_stat now{};
  const int failure = mdb_stat(parts_.transaction.handle, parts_.transaction.records, &now);
  if (failure != 0) return failure;
  if (now.ms_entries < max_records && !parts_.environment.is_crowded()) return 0;
  const std::size_t gone_before = parts_.gone.size();
  const int not_evicted =
      evict(parts_.transaction, {.sealer = parts_.sealer, .ledger = parts_.ledger},
            newcomer(record), 1, parts_.gone);
  has_room = parts_.gone.size() > gone_before;
  return not_evicted;
}

int Changes::make_room(std::size_t count) {
  return evict(parts_.transaction, {.sealer = parts_.sealer, .ledger = parts_.ledger},
               Newcomer::active, count, parts_.gone);
}

int Changes::erase(const IndexKey& index) {
  const WriteTransaction& transaction = parts_.transaction;
  MDB_val key = lmdb_value(index.view());
  MDB_val old{};
  const int failure = mdb_get(transaction.handle, transaction.records, &key, &old);
  if (failure != 0) return failure == MDB_NOTFOUND ? 0 : failure;
  parts_.gone.push_back(seal_id(view_of(old)));
  return mdb_del(transaction.handle, transaction.records, &key, nullptr);
}

int Changes::unbind(const IndexKey& index) {
  const WriteTransaction& transaction = parts_.transaction;
  MDB_val key = lmdb_value(index.view());
  MDB_val old{};
  const int failure = mdb_get(transaction.handle, transaction.records, &key, &old);
  if (failure != 0) return failure == MDB_NOTFOUND ? 0 : failure;
  std::optional<StoredRecord> stood = open(index, view_of(old));
  if (!stood || !stood->knowledge) return erase(index);
  parts_.gone.push_back(seal_id(view_of(old)));
  stood->binding.reset();
  return transaction.put(transaction.records, index.view(), parts_.sealer.seal(index, *stood));
}

// What goes is not noted one by one: the whole ledger goes with it.
int Changes::clear() {
  const WriteTransaction& transaction = parts_.transaction;
  if (const int failure = mdb_drop(transaction.handle, transaction.records, 0)) return failure;
  for (std::size_t before = SIZE_MAX; parts_.gone.size() != before;) {
    before = parts_.gone.size();
    if (const int failure = evict_data_user(transaction, kDataUser, parts_.gone)) return failure;
  }
  return 0;
}

int Changes::put_time_mark(const TimeMark& mark) {
  return parts_.transaction.put(parts_.transaction.main, kTimeMark, parts_.sealer.seal_mark(mark));
}

int Changes::put_audit_head(std::string_view head) {
  return parts_.transaction.put(parts_.transaction.main, kAuditHead,
                                parts_.sealer.seal_audit_head(head));
}

int Changes::put_data_user(const IndexKey& index, const StoredDataUser& data_user,
                           std::size_t max_data_users) {
  const WriteTransaction& transaction = parts_.transaction;
  const std::string name = name_of_data_user(index);
  MDB_val key = lmdb_value(name);
  MDB_val old{};
  int failure = mdb_get(transaction.handle, transaction.main, &key, &old);
  if (failure == 0) parts_.gone.push_back(seal_id(view_of(old)));
  if (failure == MDB_NOTFOUND) {
    MDB_stat now{};
    failure = mdb_stat(transaction.handle, transaction.main, &now);
    if (failure == 0 && now.ms_entries >= max_data_users + kOtherNamesInMain) {
      failure = evict_data_user(transaction, kDataUser, parts_.gone);
    }
  }
  if (failure != 0) return failure;
  return transaction.put(transaction.main, name, parts_.sealer.seal(index, data_user));
}

}  // namespace akgate
