// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "cache/keys.hpp"
#include "record/access_key.hpp"
#include "record/duid.hpp"

namespace akgate {

/// The keyed hashes of the access keys that were asked about last, so that they need not be
/// computed at each question: one costs more than all the rest of an answer from memory. Bounded,
/// and small where few keys are in use. One thread.
class IndexMemo {
 public:
  /// Under which names a key's record and its meter point are known.
  struct Names {
    IndexKey record;
    IndexKey binding;
  };

  /// `keys` outlives the memo; `seed` is random, so that nobody can choose keys that stand in each
  /// other's way.
  IndexMemo(const DeviceKeys& keys, std::uint64_t seed) : keys_(keys), seed_(seed) {}

  /// Good until the next call.
  [[nodiscard]] const Names& of(const AccessKey& key);

  /// Keeps none of them any more.
  void clear();

  /// The same for Data Users, of which there are few.
  [[nodiscard]] IndexKey of(const Duid& duid);

 private:
  static constexpr std::size_t kFewest = 64;
  static constexpr std::size_t kMost = 8192;
  static constexpr std::size_t kNear = 16;  ///< How far from home a key may stand.
  static constexpr std::size_t kMostDataUsers = 16;

  struct Place {
    AccessKey key;
    Names names;
    bool taken = false;
  };

  [[nodiscard]] std::size_t home_of(const AccessKey& key) const;
  [[nodiscard]] Place& find(const AccessKey& key);
  void grow();

  const DeviceKeys& keys_;
  const std::uint64_t seed_;
  std::vector<Place> places_;
  std::size_t taken_ = 0;
  std::size_t victim_ = 0;
  std::vector<std::pair<Duid, IndexKey>> data_users_;
  std::size_t next_data_user_ = 0;  ///< Whose place the next one takes.
};

}  // namespace akgate
