// SPDX-License-Identifier: Apache-2.0
#include "refresh/fact.hpp"

#include <utility>

#include "base/assert.hpp"

namespace akgate {

Whose whose(const Subject& subject) {
  if (const auto* const record = std::get_if<AboutRecord>(&subject)) return record->key;
  if (const auto* const at = std::get_if<AboutMeterPoint>(&subject)) return at->key;
  return std::get_if<AboutDataUser>(&subject)->duid;
}

Timestamp date_of(const Fact& fact) {
  if (const auto* const knowledge = known_in<Knowledge>(fact)) return knowledge->as_of;
  if (const auto* const binding = known_in<Binding>(fact)) return binding->as_of;
  const auto* const data_user = known_in<DataUserStanding>(fact);
  AKGATE_ASSERT(data_user != nullptr);
  return data_user->as_of;
}

bool is_worth_keeping(const Fact& fact) {
  if (const auto* const knowledge = known_in<Knowledge>(fact)) {
    // The register once showed a whole record under this key.
    return knowledge->record && knowledge->record->complete;
  }
  if (const auto* const binding = known_in<Binding>(fact)) {
    return binding->word != Binding::Word::not_listed;
  }
  const auto* const data_user = known_in<DataUserStanding>(fact);
  return data_user != nullptr && data_user->status == DataUserStatus::active;
}

bool takes_away(const Fact& known, const Fact& adopted) {
  if (const auto* const knowledge = known_in<Knowledge>(adopted)) {
    return takes_away(known_in<Knowledge>(known), *knowledge);
  }
  if (const auto* const binding = known_in<Binding>(adopted)) {
    return takes_away(known_in<Binding>(known), *binding);
  }
  return is_worth_keeping(known) && !is_worth_keeping(adopted);
}

Binding pinned(Binding binding, const Fact& record) {
  const auto* const knowledge = known_in<Knowledge>(record);
  if (knowledge == nullptr || !knowledge->record) return binding;
  return pinned(std::move(binding), *knowledge->record);
}

bool say_the_same(const Fact& a, const Fact& b) {
  if (a.index() != b.index()) return false;
  if (const auto* const knowledge = known_in<Knowledge>(a)) {
    return knowledge->record == known_in<Knowledge>(b)->record;
  }
  if (const auto* const binding = known_in<Binding>(a)) {
    return !takes_away(binding, *known_in<Binding>(b)) &&
           binding->word == known_in<Binding>(b)->word;
  }
  return is_known(a) &&
         known_in<DataUserStanding>(a)->status == known_in<DataUserStanding>(b)->status;
}

}  // namespace akgate
