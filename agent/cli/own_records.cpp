// SPDX-License-Identifier: Apache-2.0
#include "cli/own_records.hpp"

#include <utility>
#include <vector>

#include "record/access_record.hpp"

namespace akgate {

namespace {

std::vector<ListFilter> each_state_and_basis(std::size_t limit) {
  std::vector<ListFilter> filters;
  for (const State state : {State::active, State::expired, State::revoked, State::discovered}) {
    filters.push_back({.state = std::string(to_string(state)), .legal_basis = "", .limit = limit});
  }
  for (const LegalBasis basis : {LegalBasis::uk_consent, LegalBasis::uk_explicit_consent,
                                 LegalBasis::uk_legitimate_interests, LegalBasis::uk_public_task,
                                 LegalBasis::uk_legal_obligation, LegalBasis::uk_contract}) {
    filters.push_back({.state = "", .legal_basis = std::string(to_string(basis)), .limit = limit});
  }
  return filters;
}

}  // namespace

Result<OwnRecords> gather_own_records(const ListFilter& wanted, const AskForRows& ask) {
  const std::size_t limit = wanted.limit.value_or(kMaxListLimit);
  Result<RegisterRows> all = ask({.state = "", .legal_basis = "", .limit = limit});
  if (!all) return std::move(all).error();
  OwnRecords own{.rows = std::move(*all), .complete = false};
  own.complete = own.rows.size() < limit;

  const bool filtered = !wanted.state.empty() || !wanted.legal_basis.empty();
  std::vector<ListFilter> more;
  if (!own.complete && filtered) {
    more = {{.state = wanted.state, .legal_basis = wanted.legal_basis, .limit = limit}};
  }
  if (!own.complete && !filtered && !wanted.limit) more = each_state_and_basis(limit);
  for (const ListFilter& filter : more) {
    Result<RegisterRows> found = ask(filter);
    if (!found) return std::move(found).error();
    own.rows.merge(std::move(*found));
  }
  own.rows.keep(wanted.state, wanted.legal_basis);
  if (wanted.limit) own.rows.cut(*wanted.limit);
  return own;
}

}  // namespace akgate
