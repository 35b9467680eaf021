// SPDX-License-Identifier: Apache-2.0
#include "record/binding.hpp"

namespace akgate {

namespace {

bool grants(const Binding& binding) { return binding.word != Binding::Word::not_listed; }

}  // namespace

Binding pinned(Binding binding, const AccessRecord& record) {
  if (!binding.identity_record_ref && record.complete) {
    binding.identity_record_ref = record.identity_record_ref;
  }
  return binding;
}

Binding adopt(const Binding* known, Binding fresh) {
  if (known == nullptr || fresh.word == Binding::Word::by_operator) return fresh;
  const bool same_identity = known->identity_record_ref == fresh.identity_record_ref;
  if (known->word == Binding::Word::by_operator && same_identity) return *known;
  const bool elsewhere = known->mpxn != fresh.mpxn && same_identity;
  if (fresh.word == Binding::Word::not_listed && grants(*known) && elsewhere) return *known;
  return fresh;
}

bool takes_away(const Binding* known, const Binding& adopted) {
  if (known == nullptr || !grants(*known)) return false;
  return !grants(adopted) || known->mpxn != adopted.mpxn ||
         known->identity_record_ref != adopted.identity_record_ref;
}

}  // namespace akgate
