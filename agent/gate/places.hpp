// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <unordered_map>

#include "refresh/line.hpp"

namespace akgate {

/// Who holds how many of a socket's places (I12). A user may hold all that nobody else wants; once
/// they are all taken, whoever holds less than a fair share gets one of whoever holds most.
class Places {
 public:
  enum class Room : std::uint8_t {
    free,
    of_another,  ///< Once holder_of_most() has given up one.
    none
  };

  /// `most` is at least 1; `most_per_uid` is how many one user may hold even where there is room.
  Places(std::size_t most, std::optional<std::size_t> most_per_uid)
      : most_(most), most_per_uid_(most_per_uid.value_or(most)) {}

  [[nodiscard]] Room room_for(Uid uid) const;
  /// Not to be asked while nobody holds any.
  [[nodiscard]] Uid holder_of_most() const;

  void take(Uid uid);
  void leave(Uid uid);

 private:
  [[nodiscard]] std::size_t held_by(Uid uid) const;

  const std::size_t most_;
  const std::size_t most_per_uid_;
  std::size_t taken_ = 0;
  std::unordered_map<Uid, std::size_t> held_;  ///< None is zero.
};

}  // namespace akgate
