// SPDX-License-Identifier: Apache-2.0
#include "cli/reasons.hpp"

#include <algorithm>
#include <array>

namespace akgate {

namespace {

struct Explanation {
  std::string_view reason;
  std::string_view meaning;
};

constexpr std::array kExplanations = {
    Explanation{"active", "the record is active and covers the question"},
    Explanation{"blocked", "the operator has blocked this key or meter point"},
    Explanation{"malformed-key", "this is no access key: ak_ and 24 lower-case hex digits"},
    Explanation{"not-found", "the register has no such record"},
    Explanation{"revoked", "the access has been revoked"},
    Explanation{"expired", "the access has expired"},
    Explanation{"discovered", "the access was found by others and never registered"},
    Explanation{"not-active", "the register does not call the record active"},
    Explanation{"data-type-required", "the question must name the data (--data-type)"},
    Explanation{"data-type-not-covered", "the record does not cover all the data asked for"},
    Explanation{"controller-not-accepted", "the record names no controller that may have the data"},
    Explanation{"legal-basis-not-accepted",
                "the record's legal basis is not one that is accepted here"},
    Explanation{"legal-basis-incomplete", "the record lacks what its legal basis calls for"},
    Explanation{"explicit-consent-required", "these data are released on explicit consent only"},
    Explanation{"mpxn-malformed", "the meter point given is no MPAN or MPRN"},
    Explanation{"mpxn-mismatch", "the record belongs to another meter point"},
    Explanation{"mpxn-unverified", "nothing proves that the record belongs to this meter point"},
    Explanation{"data-user-mismatch", "the record belongs to another Data User"},
    Explanation{"data-user-suspended", "the Data User is suspended"},
    Explanation{"data-user-terminated", "the Data User is no longer registered"},
    Explanation{"data-user-unknown", "the register knows no such Data User"},
    Explanation{"data-user-unverified", "the Data User's standing cannot be learnt"},
    Explanation{"register-unreachable",
                "the register does not answer, and nothing is known that may be used"},
    Explanation{"register-refused",
                "the register refuses the agent's requests: see the agent's log"},
    Explanation{"register-malformed", "the register's answer makes no sense: see the agent's log"},
    Explanation{"stale", "what is known is too old to rely on: see akgate status"},
    Explanation{"clock-untrusted", "the device's clock cannot be trusted"},
    Explanation{"timeout", "the register's answer did not come in time: ask again"},
    Explanation{
        "overloaded",
        "the agent has too much to do, or cannot record what it answers: ask again later; akgate "
        "status tells which"},
    Explanation{"not-cached", "nothing is known about this key yet"},
    Explanation{"bad-request", "the agent does not understand the question"},
    Explanation{"line-too-long", "the question is too long"},
    Explanation{"forbidden", "the agent does not answer this user"},
};

}  // namespace

std::string_view explain_reason(std::string_view reason) {
  const auto* const found =
      std::find_if(kExplanations.begin(), kExplanations.end(),
                   [&](const Explanation& row) { return row.reason == reason; });
  return found == kExplanations.end() ? "" : found->meaning;
}

}  // namespace akgate
