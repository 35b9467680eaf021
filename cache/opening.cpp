// SPDX-License-Identifier: Apache-2.0
#include "cache/opening.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <optional>
#include <utility>

#include "cache/damage.hpp"
#include "cache/lmdb_check.hpp"
#include "platform/clock.hpp"
#include "platform/file.hpp"

namespace akgate {

namespace {

constexpr const char* kHead = "head";
constexpr const char* kCacheName = "/cache";
constexpr std::uint32_t kOwnerOnly = 0700;

/// The map bounds the file. A usual record takes 300 bytes of it; this is for the largest.
std::size_t map_bytes(std::size_t max_records) {
  constexpr std::uint64_t kRecord = 4096;
  constexpr std::uint64_t kBase = 8ULL << 20U;
  // What a 32-bit process can be sure to find in one piece; else far more than any device has.
  constexpr std::uint64_t kMost = sizeof(void*) == 4 ? 256ULL << 20U : 1ULL << 35U;
  constexpr std::uint64_t kStep = kMaxPageSize;
  const std::uint64_t wanted =
      std::min(std::uint64_t{max_records}, kMost / kRecord) * kRecord + kBase;
  return static_cast<std::size_t>(std::min(wanted, kMost) / kStep * kStep);
}

/// Whether a state was written as the transaction that it claims to be.
bool is_what_it_claims(const LmdbFile& file, const LmdbSnapshot& snapshot, Sealer& sealer) {
  if (snapshot.transaction == 0) return snapshot.main.root == kNoPage;
  const LmdbValue head = file.find(snapshot.main, snapshot.end, kHead);
  return head.kind == LmdbValue::Kind::found &&
         sealer.open_transaction(head.bytes) == snapshot.transaction;
}

std::string data_file(const std::string& directory) {
  return directory + kCacheName + "/" + Environment::kFileName;
}

/// The cache's file; nothing where there is none, or one that was never written to.
Result<std::optional<RandomAccessFile>> existing_file(const std::string& path) {
  if (!file_exists(path)) return std::optional<RandomAccessFile>();
  Result<RandomAccessFile> file = RandomAccessFile::open(path);
  if (!file) return std::move(file).error();
  const Result<std::uint64_t> size = file->size();
  if (!size) return size.error();
  if (*size == 0) return std::optional<RandomAccessFile>();
  return std::optional<RandomAccessFile>(std::move(*file));
}

/// What stands in the file; nothing where it is the first state, which is empty; an error where it
/// is damaged.
Result<std::optional<View>> inspect(RandomAccessFile raw, Sealer& sealer,
                                    std::optional<std::size_t> committed) {
  Result<LmdbFile> file = LmdbFile::over(std::move(raw));
  if (!file) return std::move(file).error();
  const Result<LmdbFile::Snapshots> states = file->snapshots();
  if (!states) return states.error();
  const LmdbSnapshot& newest = states->newest;
  const Status sound = check_pages(*file, newest, Environment::kRecords, sizeof(IndexKey::bytes),
                                   Extent::inner_pages);
  if (!sound) return sound.error();
  // The state before must be what it claims too, or it might be the newest, dated back (I5). Unless
  // we remember which is the newest: where the disk has no room for a meta, LMDB leaves one behind
  // that is dated back.
  const bool remembered = committed == newest.transaction;
  if (!is_what_it_claims(*file, newest, sealer) ||
      (!remembered && states->before && !is_what_it_claims(*file, *states->before, sealer))) {
    return Error("its seal does not fit: altered, or made under another device key");
  }
  if (newest.transaction == 0) return std::optional<View>();
  const std::optional<LmdbTree> records = file->subtree(newest, Environment::kRecords);
  if (!records) return Error("it has no records' tree");
  return std::optional<View>(
      View{.file = std::move(*file), .state = {.snapshot = newest, .records = *records}});
}

/// What there is to go on from, nothing for an empty start: what is damaged has been set aside.
Result<std::optional<View>> sound_view(const std::string& directory, Sealer& sealer, const Log& log,
                                       std::optional<std::size_t> committed) {
  Status made = make_directories(directory + kCacheName, kOwnerOnly);
  if (!made) return std::move(made).error();
  Result<std::optional<RandomAccessFile>> file = existing_file(data_file(directory));
  if (!file) return std::move(file).error();
  if (!*file) return std::optional<View>();
  Result<std::optional<View>> found = inspect(std::move(**file), sealer, committed);
  if (found) return found;
  Status aside = set_aside(directory, found.error().what(), log);
  if (aside) aside = make_directories(directory + kCacheName, kOwnerOnly);
  if (!aside) return std::move(aside).error();
  return std::optional<View>();
}

/// Writes the first state, durable with its name, and reads it back. Gives 0 or the failure.
int make_first_state(Environment& environment, const std::string& directory, Sealer& sealer,
                     std::optional<View>& view) {
  const int failure = write_sealed(environment, sealer, [](const WriteTransaction&) { return 0; });
  if (failure != 0) return failure;
  if (!sync_directory(directory + kCacheName) || !sync_directory(directory)) return EIO;
  Result<RandomAccessFile> raw = RandomAccessFile::open(data_file(directory));
  if (!raw) return EIO;
  Result<LmdbFile> file = LmdbFile::over(std::move(*raw));
  if (!file) return EIO;
  const std::optional<CacheState> state = newest_state(*file);
  if (!state) return EIO;
  view = View{.file = std::move(*file), .state = *state};
  return 0;
}

}  // namespace

std::optional<CacheState> newest_state(const LmdbFile& file) {
  const Result<LmdbFile::Snapshots> states = file.snapshots();
  if (!states) return std::nullopt;
  const std::optional<LmdbTree> records = file.subtree(states->newest, Environment::kRecords);
  if (!records) return std::nullopt;
  return CacheState{.snapshot = states->newest, .records = *records};
}

Result<OpenCache> open_cache(const std::string& directory, std::size_t max_records, Sealer& sealer,
                             const Log& log, std::optional<std::size_t> committed) {
  constexpr int kAttempts = 3;
  int failure = 0;
  for (int attempt = 0; attempt < kAttempts; ++attempt) {
    Result<std::optional<View>> view = sound_view(directory, sealer, log, committed);
    if (!view) return std::move(view).error();
    const bool is_new = !*view;
    std::unique_ptr<Environment> environment =
        Environment::open(directory + kCacheName, map_bytes(max_records), failure);
    if (environment && is_new) {
      failure = make_first_state(*environment, directory, sealer, *view);
    }
    if (failure == 0 || (failure == EROFS && !is_new)) {
      return OpenCache{
          .environment = std::move(environment), .view = std::move(**view), .is_new = is_new};
    }
    environment.reset();
    if (means_damage(failure)) {
      Status aside = set_aside(directory, mdb_strerror(failure), log);
      if (!aside) return std::move(aside).error();
    } else if (failure == ENOSPC || failure == EDQUOT) {
      remove_caches_set_aside(directory);  // an empty cache is worth more
    } else {
      break;
    }
  }
  return opening_error(directory, failure);
}

Status set_aside(const std::string& directory, std::string_view why, const Log& log) {
  Result<std::string> name = set_cache_aside(directory, SystemClock().read().wall);
  if (!name) return std::move(name).error().within("the damaged cache cannot be set aside");
  log.warning("the cache in " + directory + " is damaged (" + std::string(why) +
              "); it was set aside as " + *name + ", and an empty one takes its place");
  return Done{};
}

int write_sealed(Environment& environment, Sealer& sealer,
                 const std::function<int(const WriteTransaction&)>& change) {
  return environment.write([&](const WriteTransaction& transaction) {
    const int failure = change(transaction);
    if (failure != 0) return failure;
    return transaction.put(transaction.main, kHead, sealer.seal_transaction(transaction.number()));
  });
}

Error opening_error(const std::string& directory, int failure) {
  switch (failure) {
    case EINVAL:
    case ENODEV:
    case EOPNOTSUPP:
      return Error("the cache in " + directory +
                   " cannot be opened: its file system cannot map a file that is written to; set "
                   "cache.directory to one that can, such as ext4, f2fs, UBIFS or tmpfs");
    default:
      return lmdb_error("the cache in " + directory + " cannot be opened", failure);
  }
}

}  // namespace akgate
