// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "record/knowledge.hpp"
#include "verdict/policy.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// What is known about the present when a verdict is given.
struct Present {
  Timestamp now{};  ///< Trusted time.
  /// False: nothing is allowed but what the register answers now, and of that nothing that has an
  /// end (I8).
  bool clock_trusted = true;
  /// How much later it may really be: added to every age, and an expiry within it may have passed.
  std::chrono::milliseconds unaccounted{0};
};

/// How the register stands towards the key in question.
enum class Standing : std::uint8_t {
  answered_now,    ///< It answered this very question's request: the knowledge is that answer.
  answers,         ///< It answers in general: what is not fresh must be asked for first.
  silent,          ///< It does not answer: grace applies (I4).
  silent_for_key,  ///< It fails for this key while it answers others: no grace.
  refused,         ///< It refuses us (401, 403, another 4xx): no grace.
  malformed  ///< Its last answer about this key made no sense: no grace, and what is known is not
             ///< used.
};

/// The rule: everything of the provider's checklist that question and policy call for (I1), at this
/// instant (I2), on knowledge of this age (I3, I4). Pure: same arguments, same verdict; any thread.
///
/// `known` is what the register last said about the question's key, or null for nothing. Of all
/// reasons that apply the first of `Reason` wins. Knowledge that denies needs no completeness;
/// knowledge that allows needs all.
///
/// Asked under `Standing::answers` about knowledge that is no longer fresh, it denies: `stale`
/// (`not_cached` where there is none). That is the reply for `mode=cached`; in any other mode ask
/// the register first, see must_ask(). A question of `mode=fresh` is allowed under `answered_now`
/// alone; if the register could not be asked, it is denied with `register_unreachable`, unless what
/// is known denies anyway.
///
/// A record that is incomplete, or came without a transaction-id, denies by its state or its end,
/// else with `register_malformed`; what it covers is not looked at. `known` must not be null under
/// `answered_now`.
[[nodiscard]] Verdict judge(const Knowledge* known, const Question& question, const Policy& policy,
                            const Present& present, Standing standing);

/// Whether the register must be asked before this knowledge may be used while it answers: there is
/// none, or it is past its freshness: `fresh-for` for what may allow, `denied-for` for final
/// states, `not-found-for` for "no such record"; also where an ACTIVE record's expiry has passed
/// (it may have been renewed), if it was not confirmed after that, or, at most once per
/// `fresh-for`, since. Knowledge dated after `now` is never fresh, nor is any while the clock is
/// not trusted.
[[nodiscard]] bool must_ask(const Knowledge* known, const Freshness& freshness,
                            const Present& present);

/// A verdict reached without any record: `malformed_key`, `timeout`, `overloaded`.
[[nodiscard]] Verdict local_verdict(Reason reason, const Present& present);

}  // namespace akgate
