// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cache/blocks.hpp"
#include "cache/environment.hpp"
#include "cache/ledger.hpp"
#include "cache/ledger_file.hpp"
#include "cache/opening.hpp"
#include "cache/sealing.hpp"
#include "cache/store.hpp"
#include "platform/fd.hpp"
#include "platform/log.hpp"

namespace akgate {

class Changes;

/// What stands under a key, as old as the ledger has it.
template <typename Stored>
struct Opened {
  bool stands = false;           ///< There is something,
  std::optional<Stored> stored;  ///< and this is what it says, if it can be read.
};

/// What a store is made of.
struct Store::State {
  using Change = std::function<int(Changes&)>;

  /// Enough for whatever may stand in the cache.
  static std::size_t room_in_ledger(const Settings& settings) {
    return 2 * settings.max_records + kMaxDataUsers;
  }

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
  // alone. Only the clerk changes these, so it reads them without.
  std::mutex view_mutex;
  std::optional<View> view;
  std::optional<LedgerFile> unread;  ///< The ledger as it was found, until all of it is read.
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
  Status reopen();
  /// Before LMDB writes for the first time: it must not meet a page that would lead it astray.
  Status check_all();
  Status make_ready();

  /// Makes a change durable, then visible. Gives 0 or LMDB's failure.
  int attempt(const Change& change);
  int make_room();
  Status write(const Change& change);

  // To be part of a change.
  int put_mark(Changes& changes, const TimeMark& mark) const;
  int put(Changes& changes, std::span<const Entry> entries) const;

  void forget_confirmations() {
    const std::lock_guard hold(view_mutex);
    ledger = Ledger(room_in_ledger(settings));
    unread.reset();
  }

  /// Before anything in it changes.
  void read_ledger();
  /// What a row can hold.
  void confirm(SealId seal, Ledger::Part part, Timestamp as_of, const std::string& id);
  /// With the mutex, where this is the desk's.
  template <typename Stored>
  void freshen(Sealer& with, SealId seal, Stored& stored) const {
    akgate::freshen(seal, stored, [&](std::uint64_t key) {
      return unread ? unread->find(key, with) : ledger.find(key);
    });
  }

  LmdbValue read(const LmdbTree& tree, std::string_view key) const {
    return view->file.find(tree, view->state.snapshot.end, key);
  }

  Opened<StoredRecord> open_record(Sealer& with, const IndexKey& index) const;
  Opened<StoredDataUser> open_data_user(Sealer& with, const IndexKey& index) const;
  void say_unreadable(const std::string& what);
};

}  // namespace akgate
