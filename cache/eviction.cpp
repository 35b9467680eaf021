// SPDX-License-Identifier: Apache-2.0
#include "cache/eviction.hpp"

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <tuple>

#include "platform/crypto.hpp"

namespace akgate {

namespace {

constexpr int kSample = 16;

struct Close {
  void operator()(MDB_cursor* cursor) const { mdb_cursor_close(cursor); }
};

enum class Worth : std::uint8_t { unreadable, denial, active, bound };

struct Candidate {
  std::string key;
  SealId seal = 0;
  Worth worth = Worth::unreadable;
  Timestamp as_of{};
  [[nodiscard]] bool goes_before(const Candidate& other) const {
    return std::tie(worth, as_of) < std::tie(other.worth, other.as_of);
  }
};

Candidate appraise(std::string_view key, std::string_view sealed, Appraiser appraiser) {
  Candidate candidate{.key = std::string(key), .seal = seal_id(sealed)};
  IndexKey index;
  if (key.size() != index.bytes.size()) return candidate;
  std::copy(key.begin(), key.end(), index.bytes.begin());
  std::optional<StoredRecord> record = appraiser.sealer.open(index, sealed);
  if (!record) return candidate;
  appraiser.ledger.freshen(candidate.seal, *record);
  const bool active = newcomer(*record) == Newcomer::active;
  candidate.worth = is_bound(*record) ? Worth::bound : active ? Worth::active : Worth::denial;
  candidate.as_of = record->knowledge ? record->knowledge->as_of : record->binding->as_of;
  return candidate;
}

/// The one least worth keeping among those that follow a random key, round the end where need be.
int choose(const WriteTransaction& transaction, Appraiser appraiser,
           std::optional<Candidate>& victim) {
  MDB_cursor* handle = nullptr;
  if (const int failure = mdb_cursor_open(transaction.handle, transaction.records, &handle)) {
    return failure;
  }
  const std::unique_ptr<MDB_cursor, Close> cursor(handle);
  IndexKey start;
  fill_random(start.bytes);
  MDB_val key{.mv_size = start.bytes.size(), .mv_data = start.bytes.data()};
  MDB_val value{};
  MDB_cursor_op step = MDB_SET_RANGE;
  for (int seen = 0; seen < kSample; ++seen, step = MDB_NEXT) {
    int failure = mdb_cursor_get(cursor.get(), &key, &value, step);
    if (failure == MDB_NOTFOUND) failure = mdb_cursor_get(cursor.get(), &key, &value, MDB_FIRST);
    if (failure == MDB_NOTFOUND) return 0;  // nothing there at all
    if (failure != 0) return failure;
    Candidate candidate = appraise(view_of(key), view_of(value), appraiser);
    if (!victim || candidate.goes_before(*victim)) victim = std::move(candidate);
  }
  return 0;
}

}  // namespace

bool is_bound(const StoredRecord& record) {
  return record.binding && record.binding->word == Binding::Word::by_operator;
}

Newcomer newcomer(const StoredRecord& record) {
  const bool active = record.knowledge && record.knowledge->record &&
                      record.knowledge->record->state == State::active &&
                      !record.knowledge->record->revoked_at_set;
  return active || is_bound(record) ? Newcomer::active : Newcomer::not_active;
}

int evict_data_user(const WriteTransaction& transaction, std::string_view prefix,
                    std::vector<SealId>& gone) {
  MDB_cursor* handle = nullptr;
  if (const int failure = mdb_cursor_open(transaction.handle, transaction.main, &handle)) {
    return failure;
  }
  const std::unique_ptr<MDB_cursor, Close> cursor(handle);
  IndexKey random;
  fill_random(random.bytes);
  std::string start(prefix);
  start.append(reinterpret_cast<const char*>(random.bytes.data()), random.bytes.size());
  MDB_val key = lmdb_value(start);
  MDB_val value{};
  int failure = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  if (failure == MDB_NOTFOUND || (failure == 0 && !view_of(key).starts_with(prefix))) {
    key = lmdb_value(prefix);  // none behind it: the first of all
    failure = mdb_cursor_get(cursor.get(), &key, &value, MDB_SET_RANGE);
  }
  if (failure == MDB_NOTFOUND || (failure == 0 && !view_of(key).starts_with(prefix))) return 0;
  if (failure != 0) return failure;
  gone.push_back(seal_id(view_of(value)));
  return mdb_cursor_del(cursor.get(), 0);
}

int evict(const WriteTransaction& transaction, Appraiser appraiser, Newcomer newcomer,
          std::size_t count, std::vector<SealId>& gone) {
  for (std::size_t evicted = 0; evicted < count; ++evicted) {
    std::optional<Candidate> victim;
    if (const int failure = choose(transaction, appraiser, victim)) return failure;
    if (!victim) return 0;
    if (victim->worth == Worth::bound) return 0;
    if (victim->worth == Worth::active && newcomer != Newcomer::active) return 0;
    MDB_val key = lmdb_value(victim->key);
    const int failure = mdb_del(transaction.handle, transaction.records, &key, nullptr);
    if (failure != 0) return failure;
    gone.push_back(victim->seal);
  }
  return 0;
}

}  // namespace akgate
