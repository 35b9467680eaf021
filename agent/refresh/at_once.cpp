// SPDX-License-Identifier: Apache-2.0
// The answer to most questions: what is known is in memory and fresh, or all there is to be had.
// Of a key in use nothing here computes a keyed hash, opens a seal, reads the disk or takes memory,
// but to see whether its meter point is blocked, where anything is. Whatever is out of the ordinary
// is left to ask() and verdict(), which say the same of all that is answered here.
#include "refresh/desk.hpp"
#include "verdict/proofs.hpp"

namespace akgate {

template <typename Known>
bool Desk::take_from_memory(Part<Known>& part, const Remembered* remembered, const BootTime* paused,
                            Mode mode) {
  if (remembered == nullptr) return false;
  part.standing = standing_before_asking(remembered, paused, mode, BootTime::max());
  if (part.standing == Standing::refused || part.standing == Standing::malformed ||
      !is_used(*remembered, part.standing)) {
    return false;
  }
  part.known = known_in<Known>(remembered->known);
  return part.known != nullptr;
}

std::optional<Desk::InMemory> Desk::find_in_memory(const Question& question,
                                                   const IndexMemo::Names& names) {
  InMemory found;
  found.record = table_.find(names.record);
  if (!take_from_memory(found.evidence.record, found.record, nullptr, question.mode)) {
    return std::nullopt;
  }
  const auto& known = found.evidence.record.known->record;
  if (!known) return found;
  if (meter_point_in_question(question, settings_.policy)) {
    found.binding = table_.find(names.binding);
    if (!take_from_memory(found.evidence.binding, found.binding, &no_meter_points_before_,
                          question.mode)) {
      return std::nullopt;
    }
  }
  if (const auto duid = data_user_in_question(*known, question, settings_.policy)) {
    found.duid = memo_.of(*duid);
    found.data_user = table_.find(found.duid);
    if (!take_from_memory(found.evidence.data_user, found.data_user, &no_data_users_before_,
                          question.mode)) {
      return std::nullopt;
    }
  }
  return found;
}

Answers::Grounds Desk::grounds_of(const InMemory& found, const Present& at) const {
  Grounds grounds{.common = changes_,
                  .facts = {},
                  .then = {},
                  .register_silent = breaker_.silent(),
                  .unaccounted = at.unaccounted};
  const std::array<const Remembered*, 3> facts = {found.record, found.binding, found.data_user};
  for (std::size_t i = 0; i < facts.size(); ++i) {
    if (facts[i] == nullptr) continue;
    grounds.facts[i] = &facts[i]->stamp;
    grounds.then[i] = facts[i]->stamp;
  }
  return grounds;
}

std::optional<Answers::AtOnce> Desk::verdict_at_once(const Question& question) {
  if (!question.key || question.mode == Mode::fresh) return std::nullopt;
  const IndexMemo::Names names = memo_.of(*question.key);
  const Present at = present();
  if (is_blocked(question)) {
    return AtOnce{
        .verdict = local_verdict(Reason::blocked, at), .key = names.record, .grounds = {}};
  }
  const auto found = find_in_memory(question, names);
  if (!found) return std::nullopt;
  if (question.mode != Mode::cached &&
      !what_to_ask(found->evidence, question, settings_.policy, at).none()) {
    return std::nullopt;
  }
  note_use(names.record, *found->record);
  if (found->binding != nullptr) note_use(names.binding, *found->binding);
  if (found->data_user != nullptr) note_use(found->duid, *found->data_user);
  AtOnce answer{.verdict = judge(found->evidence, question, settings_.policy, at),
                .key = names.record,
                .grounds = grounds_of(*found, at)};
  // While the register answers, grace is a proof's own, and ends with its back-off.
  if (answer.verdict.source == Source::grace && !breaker_.silent()) {
    answer.verdict.steady_for = std::chrono::milliseconds::zero();
  }
  return answer;
}

std::optional<Timestamp> Desk::still_holds(const Grounds& grounds) {
  if (grounds.common != changes_ || grounds.register_silent != breaker_.silent()) {
    return std::nullopt;
  }
  for (std::size_t i = 0; i < grounds.facts.size(); ++i) {
    const std::uint64_t* const fact = grounds.facts[i];
    if (fact != nullptr && *fact != grounds.then[i]) return std::nullopt;
  }
  const Present at = present();
  if (!at.clock_trusted || at.unaccounted != grounds.unaccounted) return std::nullopt;
  return at.now;
}

}  // namespace akgate
