// SPDX-License-Identifier: Apache-2.0
#include "cache/store.hpp"

#include <algorithm>
#include <mutex>
#include <utility>
#include <vector>

#include "cache/changes.hpp"
#include "cache/confirmation.hpp"
#include "cache/store_state.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr std::uint32_t kOwnerOnly = 0700;

}  // namespace

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
    state->unread = LedgerFile::open(settings.directory, State::room_in_ledger(settings),
                                     state->view->state.snapshot.transaction, log);
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
  if (!next.record) return next;
  state_->freshen(state_->desk_sealer, seal_id(found->second), *next.record);
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
  state_->ledger = Ledger(State::room_in_ledger(state_->settings), std::move(rows));
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
