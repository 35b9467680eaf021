// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>

#include "record/duid.hpp"
#include "record/mpxn.hpp"
#include "verdict/evidence.hpp"
#include "verdict/policy.hpp"
#include "verdict/question.hpp"
#include "verdict/verdict.hpp"

namespace akgate {

/// The rule: everything of the provider's checklist that question and policy call for (I1), at this
/// instant (I2), on evidence of this age (I3, I4). Pure: same arguments, same verdict; any thread.
///
/// Of all reasons that apply the first of `Reason` wins. Knowledge that denies needs no
/// completeness; knowledge that allows needs all.
///
/// Asked under `Standing::answers` about what is no longer fresh, it denies: `stale` (`not_cached`
/// where there is no knowledge). That is the reply for `mode=cached`; in any other mode ask the
/// register first, see what_to_ask(). A question of `mode=fresh` is allowed only if all that it
/// rests on stands under `answered_now` (but for the operator's own word); if the register could
/// not be asked, it is denied with `register_unreachable`, unless what is known denies anyway.
///
/// A record that is incomplete, or came without a transaction-id, denies by its state or its end,
/// else with `register_malformed`; what it covers is not looked at. A record must be known under
/// `answered_now`. Binding and Data User are looked at only where the record itself has nothing
/// against the question.
[[nodiscard]] Verdict judge(const Evidence& evidence, const Question& question,
                            const Policy& policy, const Present& present);

/// Whether the register must be asked before this knowledge may be used while it answers: there is
/// none, or it is past its freshness: `fresh-for` for what may allow, `denied-for` for final
/// states, `not-found-for` for "no such record"; also where an ACTIVE record's expiry has passed
/// (it may have been renewed), if it was not confirmed after that, or, at most once per
/// `fresh-for`, since. Knowledge dated after `now` is never fresh, nor is any while the clock is
/// not trusted.
[[nodiscard]] bool must_ask(const Knowledge* known, const Freshness& freshness,
                            const Present& present);

/// What the register has to be asked before the question may be answered. The record comes first
/// and alone: it may deny by itself, and the rest depends on it.
struct Inquiries {
  bool record = false;
  std::optional<Mpxn> meter_point;
  std::optional<Duid> data_user;

  [[nodiscard]] bool none() const { return !record && !meter_point && !data_user; }
};

/// Only what stands under `Standing::answers` is asked for: about the rest the register has just
/// spoken, or does not.
[[nodiscard]] Inquiries what_to_ask(const Evidence& evidence, const Question& question,
                                    const Policy& policy, const Present& present);

/// A verdict reached without any record: `malformed_key`, `timeout`, `overloaded`.
[[nodiscard]] Verdict local_verdict(Reason reason, const Present& present);

}  // namespace akgate
