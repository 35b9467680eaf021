// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "base/result.hpp"
#include "cache/blocks.hpp"
#include "cache/keys.hpp"
#include "cache/stored_record.hpp"
#include "platform/log.hpp"
#include "record/time_mark.hpp"

namespace akgate {

/// Knowledge at rest: one LMDB environment in `<directory>/cache`, sealed values under keyed-hash
/// keys (I7, I9). It survives being killed at any instruction (I6). One process at a time (a lock
/// file); never across fork.
///
/// On disk: the tree `records` has index key → sealed record, the main tree `data-user` and an
/// index key → sealed Data User, `time-mark`, `audit-head`, and `head`, the sealed number of the
/// transaction that wrote this state. LMDB trusts its file blindly, we do not: open() checks all
/// but the leaves of `records` and that the last two states are what their heads say, so that no
/// older state can pass for the newest (I5); find() reads by LmdbFile, which trusts nothing; and
/// the first write checks the rest before LMDB may touch it.
///
/// What is known changes rarely, how fresh it is all the time. So confirm() writes no record: what
/// it says is held in memory, and kept in a ledger beside the cache by write_ledger()
/// (ledger_file.hpp).
///
/// Threads: find(), find_data_user(), next_after() and size() may be called from one thread (the
/// desk) while one other thread (the clerk) calls everything; the desk never waits for a sync.
class Store {
 public:
  struct Settings {
    std::string directory;  ///< Made with mode 0700 where missing.
    std::size_t max_records = 100'000;
  };

  /// Opens the cache, in bounded time. A damaged one, or one sealed under another device key, is
  /// renamed aside (`cache.damaged-<UTC time>`, the newest two are kept), said in the log, and an
  /// empty one opened in its place (I6). An error only where there is no working without it:
  /// directory not writable, in use by another agent, on a file system that cannot map files, or no
  /// room for an empty cache. One whose file system has become read-only is read, which the log is
  /// told.
  [[nodiscard]] static Result<std::unique_ptr<Store>> open(const Settings& settings,
                                                           const DeviceKeys& keys, const Log& log);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  /// What stands under this key, with the dates of its last confirmations; nothing where nothing
  /// does, or where what does cannot be opened: altered, cut, swapped from another key, of another
  /// schema (I7). The first such is said in the log.
  [[nodiscard]] std::optional<StoredRecord> find(const IndexKey& key);

  /// The record whose index comes first behind this one; nothing at the end. For walking over all
  /// of them, a few at a time.
  struct Next {
    IndexKey index;
    std::optional<StoredRecord> record;  ///< As find() has it: nothing where it cannot be opened.
  };
  [[nodiscard]] std::optional<Next> next_after(const IndexKey& index);

  struct Entry {
    IndexKey index;
    StoredRecord record;
  };
  /// Writes all entries in one transaction and returns when they are durable. What an entry has of
  /// knowledge replaces what stood there, of binding as adopt() has it; what it has not is left as
  /// it stands. An operator's binding made before the record was known is pinned() to it. Nothing
  /// of it is there on error. Makes room by eviction when full; where only active records are left,
  /// a new one that is not active is not kept.
  [[nodiscard]] Status put(std::span<const Entry> entries);
  /// The same, and the time mark with it, at no further cost.
  [[nodiscard]] Status put(std::span<const Entry> entries, const TimeMark& mark);
  [[nodiscard]] Status erase(const IndexKey& key);
  /// As find(), for the thread that writes.
  [[nodiscard]] std::optional<StoredRecord> find_as_writer(const IndexKey& key);

  /// Notes that the register said again what stands there, whatever parts the entry has: from now
  /// on they have the entry's dates and transaction-ids. It writes nothing, and lasts through a
  /// restart once write_ledger() has kept it. False, and nothing noted, where something else stands
  /// there, or nothing, or a later date: that is for put().
  [[nodiscard]] bool confirm(const Entry& entry);
  [[nodiscard]] bool confirm_data_user(const IndexKey& index, const StoredDataUser& data_user);

  /// Makes what was confirmed durable, if anything was since the last time, in some 25 bytes each.
  /// A time mark is to be durable before, else what is confirmed may lie in the future after a
  /// crash. An error costs freshness after a restart and nothing else.
  [[nodiscard]] Status write_ledger();
  /// Forgets what ties the key to a meter point. Durable when it returns.
  [[nodiscard]] Status unbind(const IndexKey& key);

  /// What stands of a Data User, and writing it: as with records. There is room for
  /// kMaxDataUsers at most; a further one takes any other's place.
  [[nodiscard]] std::optional<StoredDataUser> find_data_user(const IndexKey& index);
  [[nodiscard]] std::optional<StoredDataUser> find_data_user_as_writer(const IndexKey& index);
  [[nodiscard]] Status put_data_user(const IndexKey& index, const StoredDataUser& data_user);
  static constexpr std::size_t kMaxDataUsers = 256;

  /// Forgets all records and Data Users, as if nothing had ever been known. Durable when it
  /// returns.
  [[nodiscard]] Status clear();

  /// What the operator has blocked, as it was when the store was opened; and keeping it, durably.
  /// Neither forgetting nor damage of the records touches it (blocks.hpp).
  [[nodiscard]] const Blocks& blocks() const;
  [[nodiscard]] Status put_blocks(const Blocks& blocks);

  /// Nothing where there is none yet; TimeMark::lost() where it is damaged, or missing beside
  /// records (I8).
  [[nodiscard]] std::optional<TimeMark> time_mark();
  [[nodiscard]] Status put_time_mark(const TimeMark& mark);

  /// How far the trail of decisions had come, as the last time mark found it; and what the next
  /// time mark is to take along, at no further cost. A text of the trail's own.
  [[nodiscard]] std::optional<std::string> audit_head();
  void keep_audit_head(std::string head);

  /// How many records there are.
  [[nodiscard]] std::size_t size();

 private:
  struct State;
  explicit Store(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// "0.9.31", for --version.
[[nodiscard]] std::string lmdb_version();

}  // namespace akgate
