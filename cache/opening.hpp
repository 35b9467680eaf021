// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "cache/environment.hpp"
#include "cache/lmdb_file.hpp"
#include "cache/sealing.hpp"
#include "platform/log.hpp"

namespace akgate {

/// A state of the cache, as a transaction left it.
struct CacheState {
  LmdbSnapshot snapshot;
  LmdbTree records;
};

/// What to read the cache by.
struct View {
  LmdbFile file;
  CacheState state;
};

/// The state that was committed last; nothing where it cannot be read.
[[nodiscard]] std::optional<CacheState> newest_state(const LmdbFile& file);

/// A cache ready for use.
struct OpenCache {
  std::unique_ptr<Environment> environment;  ///< Null: its file system is read-only.
  View view;
  bool is_new;  ///< Empty, made just now: there is nothing left to check.
};

/// Opens `<directory>/cache`. What is there is checked first, all but the leaves of the records'
/// tree; if it is damaged it is set aside, and an empty one made (I6). `committed` is the last
/// transaction that this process knows to be on disk, if it has had the cache open before.
[[nodiscard]] Result<OpenCache> open_cache(const std::string& directory, std::size_t max_records,
                                           Sealer& sealer, const Log& log,
                                           std::optional<std::size_t> committed);

/// Renames the cache aside and says so and why. No environment may be open on it.
[[nodiscard]] Status set_aside(const std::string& directory, std::string_view why, const Log& log);

/// Environment::write, with the seal by which open_cache() knows this state again.
[[nodiscard]] int write_sealed(Environment& environment, Sealer& sealer,
                               const std::function<int(const WriteTransaction&)>& change);

/// Why a cache could not be opened, for a person.
[[nodiscard]] Error opening_error(const std::string& directory, int failure);

}  // namespace akgate
