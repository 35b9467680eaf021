// SPDX-License-Identifier: Apache-2.0
#include "cache/environment.hpp"

#include <cerrno>
#include <utility>

namespace akgate {

namespace {

constexpr mdb_mode_t kOwnerOnly = 0600;

// NORDAHEAD: look-ups jump about, and the memory of small devices is not for their neighbourhoods.
constexpr unsigned kFlags = MDB_NOLOCK | MDB_NORDAHEAD;

struct Abort {
  void operator()(MDB_txn* transaction) const { mdb_txn_abort(transaction); }
};
using TransactionHandle = std::unique_ptr<MDB_txn, Abort>;

int begin(MDB_env* environment, unsigned flags, TransactionHandle& transaction) {
  MDB_txn* handle = nullptr;
  const int failure = mdb_txn_begin(environment, nullptr, flags, &handle);
  transaction.reset(handle);
  return failure;
}

int commit(TransactionHandle& transaction) { return mdb_txn_commit(transaction.release()); }

}  // namespace

MDB_val lmdb_value(std::string_view bytes) {
  return {
      .mv_size = bytes.size(),
      .mv_data = const_cast<char*>(bytes.data())};  // NOLINT(cppcoreguidelines-pro-type-const-cast)
}

std::string_view view_of(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

bool means_damage(int failure) {
  switch (failure) {
    case MDB_PAGE_NOTFOUND:
    case MDB_CORRUPTED:
    case MDB_PANIC:
    case MDB_VERSION_MISMATCH:
    case MDB_INVALID:
    case MDB_INCOMPATIBLE:
    case MDB_CURSOR_FULL:
    case MDB_PAGE_FULL:
    case MDB_MAP_RESIZED:
    case MDB_BAD_TXN:
      return true;
    default:
      return false;
  }
}

Error lmdb_error(std::string_view what, int failure) {
  const std::string start = std::string(what) + ": ";
  switch (failure) {
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
    case EIO:  // LMDB's word for a write that was cut short, too
      return Error(start + "the disk is full or failing; make room, or replace it");
    case EROFS:
      return Error(start + "the file system is read-only; remount it writable, or choose another");
    case EACCES:
    case EPERM:
      return Error(start + "permission denied; give the files to the user that the agent runs as");
    case ENOMEM:
      return Error(start + "not enough memory or address space; lower cache.max-records");
    case MDB_MAP_FULL:
      return Error(start + "the records outgrow the room for them; raise cache.max-records");
    default:
      return Error(start + mdb_strerror(failure));
  }
}

int WriteTransaction::put(MDB_dbi tree, std::string_view key, std::string_view value) const {
  MDB_val lmdb_key = lmdb_value(key);
  MDB_val lmdb_data = lmdb_value(value);
  return mdb_put(handle, tree, &lmdb_key, &lmdb_data, 0);
}

std::unique_ptr<Environment> Environment::open(const std::string& directory, std::size_t map_bytes,
                                               int& failure) {
  std::unique_ptr<Environment> made(new Environment);
  failure = mdb_env_create(&made->handle_);
  if (failure == 0) failure = mdb_env_set_mapsize(made->handle_, map_bytes);
  if (failure == 0) failure = mdb_env_set_maxdbs(made->handle_, 1);
  if (failure == 0) failure = mdb_env_open(made->handle_, directory.c_str(), kFlags, kOwnerOnly);
  if (failure == 0) failure = made->open_trees();
  if (failure != 0) made.reset();
  return made;
}

Environment::~Environment() { mdb_env_close(handle_); }

int Environment::open_trees() {
  TransactionHandle transaction;
  if (const int failure = begin(handle_, MDB_RDONLY, transaction)) return failure;
  if (const int failure = mdb_dbi_open(transaction.get(), nullptr, 0, &main_)) return failure;
  const int failure = mdb_dbi_open(transaction.get(), kRecords, 0, &records_);
  if (failure != 0 && failure != MDB_NOTFOUND) return failure;
  has_records_ = failure == 0;
  return commit(transaction);
}

int Environment::write(const std::function<int(const WriteTransaction&)>& change) {
  TransactionHandle transaction;
  if (const int failure = begin(handle_, 0, transaction)) return failure;
  if (!has_records_) {
    const int failure = mdb_dbi_open(transaction.get(), kRecords, MDB_CREATE, &records_);
    if (failure != 0) return failure;
  }
  const int unchanged = change({.handle = transaction.get(), .main = main_, .records = records_});
  if (unchanged != 0) return unchanged;
  const int failure = commit(transaction);
  has_records_ = has_records_ || failure == 0;
  return failure;
}

bool Environment::is_crowded() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  if (mdb_env_info(handle_, &info) != 0 || mdb_env_stat(handle_, &stat) != 0) return false;
  const std::size_t pages = info.me_mapsize / stat.ms_psize;
  return info.me_last_pgno + 1 > pages - pages / 8;
}

}  // namespace akgate
