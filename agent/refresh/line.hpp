// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <list>
#include <map>
#include <optional>
#include <vector>

#include "cache/keys.hpp"

namespace akgate {

/// Whose question a flight is for: a local user's number; the agent's own is nobody's.
using Uid = std::uint32_t;
inline constexpr Uid kNobody = UINT32_MAX;
inline constexpr Uid kOperator = UINT32_MAX - 1;  ///< Who speaks through the control socket.
inline constexpr Uid kUnknown = UINT32_MAX - 2;   ///< An asker of whom the system does not tell.

/// Flights that wait for their turn. Records that are known to be worth keeping, others, guesses
/// among them, and proofs (meter points, Data Users) wait apart, so that who sends them can keep a
/// share for each (I12). Within each the users take turns, so that one who asks for thousands does
/// not hold up another who asks for one.
class Line {
 public:
  enum class Rank : std::uint8_t { known, other, proof };

  void join(const IndexKey& index, Rank rank, Uid uid) {
    queues_[place(rank)][uid].push_back(index);
    ++size_;
  }
  void leave(const IndexKey& index);
  /// The next whose turn it is; nothing where none waits.
  [[nodiscard]] std::optional<IndexKey> take(Rank rank);

  [[nodiscard]] bool has(Rank rank) const { return !queues_[place(rank)].empty(); }
  [[nodiscard]] std::size_t waiting_for(Uid uid) const;
  [[nodiscard]] bool empty() const { return size_ == 0; }
  [[nodiscard]] std::vector<IndexKey> all() const;

 private:
  /// By user; none is empty.
  using Queues = std::map<Uid, std::list<IndexKey>>;
  static std::size_t place(Rank rank) { return static_cast<std::size_t>(rank); }

  std::array<Queues, 3> queues_;
  std::array<Uid, 3> last_{};  ///< Whose turn it was.
  std::size_t size_ = 0;
};

}  // namespace akgate
