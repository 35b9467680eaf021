// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <unordered_map>
#include <vector>

#include "cache/keys.hpp"
#include "platform/clock.hpp"
#include "refresh/clerk.hpp"
#include "refresh/fact.hpp"
#include "refresh/load.hpp"
#include "refresh/pieces.hpp"
#include "refresh/tick.hpp"
#include "refresh/usage.hpp"
#include "verdict/judge.hpp"

namespace akgate {

/// How a subject is used, and when to ask about it ahead of need. There are hundreds of thousands
/// of these, so each byte counts.
struct Habit {
  IndexKey index;
  std::optional<AccessKey> key;  ///< Whose it is, unless it is a Data User's.
  bool asked_since_planned = false;
  Usage usage;
  Tick refresh_due = kNever;  ///< When to ask ahead of need,
  Tick planned = kNever;      ///< and its entry in the schedule, which may be earlier.
  Load::Share load;           ///< While it is planned.
};

/// How asking about a subject went wrong, of late.
struct Mishaps {
  /// `refused` or `malformed`: how the register's last answer about it went wrong. What is known is
  /// not used until a proper answer comes.
  std::optional<Standing> trouble;
  BootTime trouble_since{};
  int failures_in_a_row = 0;
  BootTime failed_at{};  ///< The last of these.
  int failures_while_others_succeed = 0;
  std::uint64_t failed_at_success =
      0;  ///< How many answers the register had given when this key last failed.
  BootTime refresh_not_before{};  ///< After a request that failed.

  [[nodiscard]] bool any() const {
    return trouble || failures_in_a_row > 0 || failures_while_others_succeed > 0 ||
           refresh_not_before > BootTime();
  }
};

/// What is at hand about one subject: a key's record, its meter point, a Data User.
struct Remembered {
  Fact known;
  /// Another one whenever something is said of it, trouble included (note_change()), and never one
  /// that anything here had before: by it who rests on this sees that it is as it was.
  std::uint64_t stamp = 0;
  Mishaps mishaps;
  OnDisk on_disk = OnDisk::up_to_date;
  bool in_flight = false;
  std::unique_ptr<const Duid> data_user;  ///< Whose it is, where it is a Data User's.
  Habit* habit = nullptr;                 ///< Never null for who finds this,
  Number number = kNone;                  ///< and its number.

  void set(const Whose& whose);
};

/// Whether what is known may be used. What is in trouble is not, so it is asked for however fresh
/// it is; about the operator's word the register is not asked.
[[nodiscard]] bool is_used(const Remembered& remembered, Standing standing);

/// The desk's memory: bounded, and forgetting what was least recently asked for first. What is
/// worth keeping and what is not live in rooms of their own, so that a flood of guessed keys pushes
/// out nothing but guesses (I12).
///
/// Of what is worth keeping only so much is at hand. All else is put away: what the register said
/// of it is on disk, and only its habit is remembered. Who looks for it does not find it here, just
/// as what has not been read from disk yet.
class KnowledgeTable {
 public:
  struct Rooms {
    std::size_t active = 200'000;  ///< Of each key its record and its meter point.
    std::size_t at_hand = 2'048;   ///< Of these.
    std::size_t others = 4'096;
  };

  /// `load` outlives the table.
  KnowledgeTable(Rooms rooms, Load& load);

  /// Null where nothing is at hand. Counts as use. The pointer is good until the next remember() or
  /// learn().
  [[nodiscard]] Remembered* find(const IndexKey& index);
  /// The same, but does not count as use.
  [[nodiscard]] Remembered* peek(const IndexKey& index);
  /// Finds or makes, or takes up again what was put away: without what is known of it, which is for
  /// who reads the disk to say. Null where every place is taken by what must not be forgotten.
  [[nodiscard]] Remembered* remember(const IndexKey& index);
  /// Sets what is known, and moves the subject to the room where it now belongs.
  void learn(const IndexKey& index, Fact known);
  /// From now on nothing is known of it, whatever the disk says; where it is at hand.
  void unlearn(const IndexKey& index);
  void unlearn_all();
  void note_change(Remembered& remembered) { remembered.stamp = ++last_stamp_; }
  /// What the disk lacks stays at hand, else its older word came back: good news as long as there
  /// is room for anything else, bad news whatever comes (I5).
  void note_disk(const IndexKey& index, OnDisk on_disk);
  /// It is up to date with everything. What took more than its room is put away.
  void disk_has_caught_up();

  /// What is, or was, remembered under that number: it may be another subject's now, or nobody's.
  [[nodiscard]] Habit& habit(Number number) { return rows_[number].habit; }
  /// Null where it is put away.
  [[nodiscard]] Remembered* at_hand(Number number);

 private:
  struct Row {
    Habit habit;
    Number hand = kNone;  ///< Where it is at hand.
    Number next = kNone;  ///< In its chain.
  };
  static_assert(sizeof(Row) <= 68);

  struct Hand {
    Remembered remembered;
    bool active = false;   ///< Its room.
    Number newer = kNone;  ///< In that.
    Number older = kNone;
  };
  /// What is at hand in a room, by last use.
  struct Order {
    Number newest = kNone;
    Number oldest = kNone;
    std::size_t size = 0;
  };

  [[nodiscard]] Number& chain_of(const IndexKey& index);
  [[nodiscard]] Number row_of(const IndexKey& index);
  void grow_chains();
  void drop_row(Number row);
  [[nodiscard]] bool is_put_away(Number row) {
    return rows_[row].hand == kNone && rows_[row].habit.key.has_value();
  }

  [[nodiscard]] Order& room(bool active) { return active ? active_ : others_; }
  void leave_room(Number hand);
  void enter_room(Number hand, bool active);
  Remembered& take_up(Number row, bool active);
  void let_go(Number hand);
  void put_away(Number hand);

  [[nodiscard]] Number victim_in(const Order& room, OnDisk most_lacking);
  [[nodiscard]] bool make_room_among_others();
  [[nodiscard]] bool make_room_at_hand();
  void make_room_for_habit();
  void empty(Remembered& remembered);

  const Rooms rooms_;
  Load& load_;
  Pieces<Row> rows_;
  std::vector<Number> chains_;  ///< Their first rows, by hash: a power of two of them, or none.
  std::size_t put_away_ = 0;    ///< How many rows are.
  Number swept_ = 0;            ///< How far make_room_for_habit() has come.
  std::unordered_map<Number, Mishaps> mishaps_;  ///< Of what is put away, where there are any.
  Pieces<Hand> hands_;
  Order active_;
  Order others_;
  std::vector<IndexKey> ahead_of_disk_;
  std::uint64_t last_stamp_ = 0;
};

}  // namespace akgate
