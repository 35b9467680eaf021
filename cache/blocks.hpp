// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <unordered_set>

#include "base/result.hpp"
#include "cache/keys.hpp"
#include "cache/sealing.hpp"
#include "platform/log.hpp"

namespace akgate {

/// What the operator has blocked: access keys and meter points, by their index. A value; any
/// thread.
class Blocks {
 public:
  static constexpr std::size_t kMost = 65'536;

  /// Nobody knows what was blocked, so everything is.
  [[nodiscard]] static Blocks lost();

  [[nodiscard]] bool is_lost() const { return is_lost_; }
  [[nodiscard]] bool empty() const { return !is_lost_ && indices_.empty(); }
  [[nodiscard]] std::size_t size() const { return indices_.size(); }
  [[nodiscard]] bool contains(const IndexKey& index) const {
    return is_lost_ || indices_.contains(index);
  }

  /// False where there is no room for another one.
  [[nodiscard]] bool add(const IndexKey& index);
  void remove(const IndexKey& index);

 private:
  friend Blocks read_blocks(const std::string&, Sealer&, const Log&);
  friend Status write_blocks(const std::string&, const Blocks&, Sealer&);

  std::unordered_set<IndexKey, IndexKeyHash> indices_;
  std::uint64_t version_ = 0;  ///< Grows with each change.
  bool is_lost_ = false;
};

/// Reads `<directory>/blocked.1` and `blocked.2`, which hold the same, each sealed as a whole: what
/// a court has ordered must outlast a flipped bit, and the cache beside it, which may be set aside
/// or forgotten. A file that does not open is said in the log and the other one counts; where none
/// opens, all is lost().
[[nodiscard]] Blocks read_blocks(const std::string& directory, Sealer& sealer, const Log& log);

/// Writes both. Durable when it returns; on error the older or the newer state may stand.
[[nodiscard]] Status write_blocks(const std::string& directory, const Blocks& blocks,
                                  Sealer& sealer);

}  // namespace akgate
