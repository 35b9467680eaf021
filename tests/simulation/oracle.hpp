// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/simulation/conduct.hpp"
#include "tests/simulation/heard.hpp"
#include "tests/simulation/known_time.hpp"
#include "tests/simulation/operator_blocks.hpp"
#include "tests/simulation/operator_words.hpp"
#include "tests/simulation/rules.hpp"
#include "tests/simulation/story.hpp"
#include "tests/simulation/world.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// A question that somebody asked.
struct Asked {
  std::uint64_t number = 0;
  Question question;
  std::size_t key = 0;
  Timestamp at{};
  Timestamp deadline{};
};

/// Knows what the register really said to the agent, when, and what became of it in crashes; and
/// checks each reply against the invariants I1 to I8, I10 and I11, by rules of its own. An ALLOW
/// names the statements that it rests on by their transaction-ids. Of what cannot be known for sure
/// (the time after boots with an unvouched clock, what was being written at a crash) it takes what
/// DESIGN.md promises.
class Oracle final : public Listener {
 public:
  struct Setting {
    const Policy& policy;
    const TrueTime& time;
    KnownTime& known_time;
    Story& story;
    Conduct::Limits limits;
    bool ample_room = true;  ///< Nothing need be forgotten for want of room.
  };

  explicit Oracle(const Setting& setting) : setting_(setting), conduct_(setting.limits) {}

  /// The first thing that went wrong.
  [[nodiscard]] const std::optional<Violation>& found() const { return found_; }
  /// The key that it was about.
  [[nodiscard]] std::optional<std::size_t> about() const { return about_; }

  // What happens, in its order.
  void request_sent(std::uint64_t request, const Topic& topic) override;
  void request_ended(std::uint64_t request, const Ending& ending,
                     const std::optional<Statement>& statement) override;
  void system_clock(bool synchronised, Dice::Span error);
  void disk_works(bool works);
  void task_ended();
  void process_ended();
  void asked(const Asked& asked) { open_.emplace(asked.number, asked); }
  /// The desk has settled it: it is not to be settled again (I10).
  void settled(std::uint64_t number, bool gave_up);
  /// A reply left.
  void replied(const Asked& asked, const Verdict& verdict, bool had_to_know);
  void sleeps(Dice::Span how_long);
  OperatorWords operator_words;
  OperatorBlocks operator_blocks;
  /// The operator has a key forgotten, or all; gives a number for forgotten().
  std::size_t to_be_forgotten(std::optional<std::size_t> key);
  void forgotten(std::size_t order) { hearsay_.forgotten(order); }

  void report(std::string invariant, const std::string& what,
              std::optional<std::size_t> key = std::nullopt);

 private:
  /// Instants are whole milliseconds, rounded one way or the other.
  static constexpr std::chrono::milliseconds kRounding{5};

  struct Proof {
    const Heard* heard;
    std::chrono::milliseconds grace;
  };

  void check_blocks(const Asked& asked, const Verdict& verdict);
  void check_allowed(const Asked& asked, const Verdict& verdict);
  void check_record(const Asked& asked, const Heard& basis);
  void check_meter_point(const Asked& asked, const Heard& record, const Heard* listing,
                         std::chrono::milliseconds good_for);
  void check_data_user(const Asked& asked, const Heard& record, const Heard* data_user,
                       std::chrono::milliseconds good_for);
  void check_newest(const Asked& asked, const Heard& basis);
  [[nodiscard]] std::set<std::string> operator_identities(const OperatorWords::Word& word) const;
  void check_age(const Asked& asked, const Proof& proof, std::chrono::milliseconds good_for);
  [[nodiscard]] std::chrono::milliseconds age_of(const Heard& heard) const;
  void check_clock(const Asked& asked, const Heard& basis);
  void note_narrowing(const Statement& statement);
  [[nodiscard]] Timestamp now() const { return setting_.time.now(); }
  [[nodiscard]] std::vector<std::string> identities_known(std::size_t key) const;
  void check_overdue();

  const Setting setting_;
  Conduct conduct_;
  Hearsay hearsay_;
  std::map<std::uint64_t, Asked> open_;
  std::optional<Violation> found_;
  std::optional<std::size_t> about_;
  bool disk_works_ = true;
  bool disk_owes_ = false;  ///< Bad news could not be written: no grace until it is (I5).
  bool clock_disciplined_ = true;
  Dice::Span clock_error_{0};
};

}  // namespace akgate
