// SPDX-License-Identifier: Apache-2.0
#include "record/knowledge.hpp"

#include <utility>

namespace akgate {

namespace {

// Whether this could have been an allowance for some question under some policy. Time is left out:
// a record that has expired counts too, which errs towards syncing once too often.
bool grants(const Knowledge& knowledge) {
  return knowledge.record && knowledge.record->complete &&
         knowledge.record->state == State::active && !knowledge.record->revoked_at_set;
}

bool ends_earlier(const Expiry& was, const Expiry& is) {
  if (is.kind != Expiry::Kind::at) return false;
  return was.kind == Expiry::Kind::never || is.at < was.at;
}

}  // namespace

bool is_revoked(const Knowledge& knowledge) {
  return knowledge.record &&
         (knowledge.record->state == State::revoked || knowledge.record->revoked_at_set);
}

Knowledge adopt(const Knowledge* known, Knowledge fresh) {
  if (known == nullptr || !is_revoked(*known) || is_revoked(fresh)) return fresh;
  Knowledge still_revoked = *known;
  still_revoked.as_of = fresh.as_of;
  return still_revoked;
}

bool takes_away(const Knowledge* known, const Knowledge& adopted) {
  if (known == nullptr || !grants(*known)) return false;
  if (!grants(adopted)) return true;
  // Everything but a later end counts, more data types too: where no type is asked for, one that
  // the policy wants explicit consent for turns an allowance into a denial.
  AccessRecord was = *known->record;
  if (ends_earlier(was.expiry, adopted.record->expiry)) return true;
  was.expiry = adopted.record->expiry;
  return !(was == *adopted.record);
}

}  // namespace akgate
