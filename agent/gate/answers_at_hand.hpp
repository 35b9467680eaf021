// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/secret.hpp"
#include "gate/protocol.hpp"
#include "platform/clock.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"
#include "refresh/line.hpp"

namespace akgate {

/// The replies to the questions that came last, ready to be given again: for concentrators that ask
/// the same thousands of times a second. What a question and its reply look like is their owner's
/// matter; the same text must always ask the same.
///
/// A reply has whole seconds in it, so it stays the same for up to one. Within that it is given
/// again, as long as all that its verdict rests on is as it was (Answers::still_holds()): then
/// judging anew would give the same, down to the letter, as a verdict says itself how long it holds
/// where nothing new is learnt (Verdict::steady_for). Each is counted like any other (I13).
///
/// Bounded, and small where few questions come again; no user pushes out another's. Questions hold
/// access keys: those not asked any more are wiped within seconds (I9). On the desk's loop.
class AnswersAtHand {
 public:
  /// What it works with outlives it. At most so many replies; 0: none.
  AnswersAtHand(Answers& answers, const Clock& clock, Loop& loop, std::size_t most)
      : answers_(answers), clock_(clock), loop_(loop), most_(most) {}
  AnswersAtHand(const AnswersAtHand&) = delete;
  AnswersAtHand& operator=(const AnswersAtHand&) = delete;
  ~AnswersAtHand() { loop_.cancel(timer_); }

  /// The reply to what this user asks; nothing where it is not at hand. To be given at once, and
  /// counted by this. Good until the next call.
  [[nodiscard]] std::optional<std::string_view> reply_to(std::string_view asked, Uid uid);

  /// Keeps the reply to what has just been answered, if it will hold for a while.
  void keep(std::string_view asked, Uid uid, const Question& question,
            const Answers::AtOnce& answer, std::string_view reply);

 private:
  static constexpr std::size_t kFewest = 64;
  static constexpr std::size_t kNear = 8;       ///< How far from home a question may stand.
  static constexpr std::size_t kLongest = 512;  ///< Of question and reply each, in bytes.

  struct Reply {
    Secret asked;
    Uid uid = 0;
    Question question;
    IndexKey key;
    Answers::Grounds grounds;
    Verdict verdict;
    std::uint64_t noted_as = 0;  ///< Answers::note_told_again()'s.
    std::string text;
    BootTime kept{};
    Timestamp from{};           ///< It is what would be written from then
    Timestamp until{};          ///< to just before then.
    bool clocks_agree = false;  ///< Whether it says until when, for people.
  };

  [[nodiscard]] Reply* find(std::string_view asked, Uid uid);
  [[nodiscard]] std::unique_ptr<Reply>* place_for(std::string_view asked, Uid uid);
  [[nodiscard]] bool is_old(const Reply& reply) const;
  void grow();
  void drop_old_in_time();

  Answers& answers_;
  const Clock& clock_;
  Loop& loop_;
  const std::size_t most_;
  std::vector<std::unique_ptr<Reply>> places_;
  std::size_t taken_ = 0;
  Loop::TimerId timer_ = 0;  ///< For dropping what is old; 0: there is nothing.
};

}  // namespace akgate
