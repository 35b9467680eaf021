// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cache/keys.hpp"
#include "platform/clock.hpp"
#include "refresh/fact.hpp"
#include "refresh/load.hpp"
#include "refresh/usage.hpp"
#include "verdict/judge.hpp"

namespace akgate {

/// What the desk remembers about one subject: a key's record, its meter point, a Data User.
struct Remembered {
  Fact known;
  /// Counts what is said of it, trouble included: whoever changes what an answer rests on counts.
  std::uint64_t changes = 0;
  /// `refused` or `malformed`: how the register's last answer about it went wrong. What is known is
  /// not used until a proper answer comes.
  std::optional<Standing> trouble;
  BootTime trouble_since{};
  int failures_in_a_row = 0;
  BootTime failed_at{};  ///< The last of these.
  int failures_while_others_succeed = 0;
  std::uint64_t failed_at_success =
      0;  ///< How many answers the register had given when this key last failed.
  /// A denial or a narrowing that is not on disk yet: must not be forgotten, else the disk's wider
  /// word came back (I5).
  bool owed_to_disk = false;
  bool in_flight = false;
  Whose whose;
  Usage usage;
  bool asked_since_planned = false;
  BootTime refresh_not_before{};  ///< After a request that failed.
  BootTime refresh_due = kNever;  ///< When to ask ahead of need,
  BootTime planned = kNever;      ///< and its entry in the schedule, which may be earlier.
  Load::Share load;               ///< While it is planned.

  static constexpr BootTime kNever = BootTime::max();
};

/// Whether what is known may be used. What is in trouble is not, so it is asked for however fresh
/// it is; about the operator's word the register is not asked.
[[nodiscard]] bool is_used(const Remembered& remembered, Standing standing);

/// The desk's memory: bounded, and forgetting what was least recently asked for first. What is
/// worth keeping and what is not live in rooms of their own, so that a flood of guessed keys pushes
/// out nothing but guesses (I12).
class KnowledgeTable {
 public:
  struct Rooms {
    std::size_t active = 200'000;  ///< Of each key its record and its meter point.
    std::size_t others = 4'096;
  };

  explicit KnowledgeTable(Rooms rooms) : rooms_(rooms) {}

  /// Null where nothing is remembered. Counts as use. The pointer is good until the next
  /// remember().
  [[nodiscard]] Remembered* find(const IndexKey& index);
  /// The same, but does not count as use.
  [[nodiscard]] Remembered* peek(const IndexKey& index);
  /// Finds or makes. Null where every place is taken by what must not be forgotten.
  [[nodiscard]] Remembered* remember(const IndexKey& index);
  /// Sets what is known, and moves the subject to the room where it now belongs.
  void learn(const IndexKey& index, Fact known);
  /// From now on nothing is known of it, whatever the disk says; where it is remembered at all.
  void unlearn(const IndexKey& index);
  void unlearn_all();
  /// This must not be forgotten until the disk has caught up (I5).
  void owe_to_disk(const IndexKey& index);
  /// Everything that was owed to the disk has got there.
  void disk_has_caught_up();

  [[nodiscard]] std::size_t size() const { return by_index_.size(); }
  /// How often something was pushed out: what points here may be gone.
  [[nodiscard]] std::uint64_t removals() const { return removals_; }

 private:
  using Order = std::list<IndexKey>;
  struct Place {
    Remembered remembered;
    bool in_active_room = false;
    Order::iterator position;
  };

  [[nodiscard]] Order& room(bool active) { return active ? active_ : others_; }
  [[nodiscard]] bool make_room(bool active);

  const Rooms rooms_;
  std::unordered_map<IndexKey, Place, IndexKeyHash> by_index_;
  Order active_;  ///< Most recently used first.
  Order others_;
  std::vector<IndexKey> owed_;
  std::uint64_t removals_ = 0;
};

}  // namespace akgate
