// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <lmdb.h>

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// LMDB's view of bytes, which it does not change, and back.
[[nodiscard]] MDB_val lmdb_value(std::string_view bytes);
[[nodiscard]] std::string_view view_of(const MDB_val& value);

/// A failure of LMDB for a person: "<what>: <why>; <remedy>".
[[nodiscard]] Error lmdb_error(std::string_view what, int failure);

/// Whether LMDB says that the file, or what it holds of it in memory, can no longer be relied on.
[[nodiscard]] bool means_damage(int failure);

/// What a change is made with, while it is being made.
struct WriteTransaction {
  MDB_txn* handle;
  MDB_dbi main;     ///< The main tree.
  MDB_dbi records;  ///< The records' tree.

  [[nodiscard]] std::size_t number() const { return mdb_txn_id(handle); }
  /// 0 or LMDB's failure.
  [[nodiscard]] int put(MDB_dbi tree, std::string_view key, std::string_view value) const;
};

/// The writing side: LMDB over a file that has been checked. LMDB takes no locks of its own and
/// keeps no table of readers (MDB_NOLOCK): a lock file sees to it that there is one process, all
/// writing is done by one thread, and reading by LmdbFile. So a crash leaves no lock behind, and
/// nothing is written by way of a mapping, where a full disk would be a signal. One thread.
class Environment {
 public:
  static constexpr const char* kRecords = "records";
  static constexpr const char* kFileName = "data.mdb";

  /// Opens the file in that directory, made where missing. `failure` becomes 0 or LMDB's.
  [[nodiscard]] static std::unique_ptr<Environment> open(const std::string& directory,
                                                         std::size_t map_bytes, int& failure);
  ~Environment();
  Environment(const Environment&) = delete;
  Environment& operator=(const Environment&) = delete;

  /// Runs `change` in a transaction and, if it gives 0, makes it durable. Gives 0, or the failure
  /// of either, and then nothing has changed. The first change makes the trees.
  [[nodiscard]] int write(const std::function<int(const WriteTransaction&)>& change);

  /// Whether so little of the map is left unused that a transaction might not fit.
  [[nodiscard]] bool is_crowded() const;

 private:
  Environment() = default;
  [[nodiscard]] int open_trees();

  MDB_env* handle_ = nullptr;
  MDB_dbi main_ = 0;
  MDB_dbi records_ = 0;
  bool has_records_ = false;
};

}  // namespace akgate
