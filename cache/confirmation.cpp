// SPDX-License-Identifier: Apache-2.0
#include "cache/confirmation.hpp"

#include "cache/codec.hpp"
#include "cache/ledger_row.hpp"

namespace akgate {

namespace {

/// Whether what was said now may give its date to the same thing said before.
template <typename Known>
bool may_date(const Known& before, const Known& now) {
  return before.as_of <= now.as_of && LedgerRow::can_hold(now.as_of, now.transaction_id);
}

template <typename Known>
void set_date(Known& known, const Known& from) {
  known.as_of = from.as_of;
  known.transaction_id = from.transaction_id;
}

}  // namespace

bool confirms(StoredRecord said, StoredRecord stands) {
  if (!said.knowledge) stands.knowledge.reset();
  if (!said.binding) stands.binding.reset();
  if (said.knowledge) {
    if (!stands.knowledge || !may_date(*stands.knowledge, *said.knowledge)) return false;
    set_date(*said.knowledge, *stands.knowledge);
  }
  if (said.binding) {
    if (!stands.binding || !may_date(*stands.binding, *said.binding)) return false;
    set_date(*said.binding, *stands.binding);
  }
  return encode_record(said).reveal() == encode_record(stands).reveal();
}

bool confirms(const StoredDataUser& said, const StoredDataUser& stands) {
  return stands.standing.status == said.standing.status && may_date(stands.standing, said.standing);
}

}  // namespace akgate
