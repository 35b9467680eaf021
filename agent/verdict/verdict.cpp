// SPDX-License-Identifier: Apache-2.0
#include "verdict/verdict.hpp"

#include <array>

namespace akgate {

namespace {

// In the order of the enumerators.
constexpr auto kReasons = std::to_array<std::string_view>({
    "active",
    "blocked",
    "malformed-key",
    "not-found",
    "revoked",
    "expired",
    "discovered",
    "not-active",
    "data-type-required",
    "data-type-not-covered",
    "controller-not-accepted",
    "legal-basis-not-accepted",
    "legal-basis-incomplete",
    "explicit-consent-required",
    "mpxn-malformed",
    "mpxn-mismatch",
    "mpxn-unverified",
    "data-user-mismatch",
    "data-user-suspended",
    "data-user-terminated",
    "data-user-unknown",
    "data-user-unverified",
    "register-unreachable",
    "register-refused",
    "register-malformed",
    "stale",
    "clock-untrusted",
    "timeout",
    "overloaded",
    "not-cached",
});
static_assert(kReasons.size() == static_cast<std::size_t>(Reason::not_cached) + 1);

constexpr auto kSources = std::to_array<std::string_view>({"local", "cache", "grace", "register"});
static_assert(kSources.size() == static_cast<std::size_t>(Source::register_) + 1);

}  // namespace

std::string_view to_string(Reason reason) { return kReasons[static_cast<std::size_t>(reason)]; }

std::string_view to_string(Source source) { return kSources[static_cast<std::size_t>(source)]; }

}  // namespace akgate
