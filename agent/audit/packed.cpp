// SPDX-License-Identifier: Apache-2.0
#include "audit/packed.hpp"

#include <algorithm>
#include <array>
#include <span>

#include "base/assert.hpp"
#include "base/text.hpp"

namespace akgate {

namespace {

// What stands at place n is written as the number n. So nothing may change its place: new ones go
// behind the last.
constexpr auto kReasons = std::to_array<Reason>({
    Reason::active,
    Reason::blocked,
    Reason::malformed_key,
    Reason::not_found,
    Reason::revoked,
    Reason::expired,
    Reason::discovered,
    Reason::not_active,
    Reason::data_type_required,
    Reason::data_type_not_covered,
    Reason::controller_not_accepted,
    Reason::legal_basis_not_accepted,
    Reason::legal_basis_incomplete,
    Reason::explicit_consent_required,
    Reason::mpxn_malformed,
    Reason::mpxn_mismatch,
    Reason::mpxn_unverified,
    Reason::data_user_mismatch,
    Reason::data_user_suspended,
    Reason::data_user_terminated,
    Reason::data_user_unknown,
    Reason::data_user_unverified,
    Reason::register_unreachable,
    Reason::register_refused,
    Reason::register_malformed,
    Reason::stale,
    Reason::clock_untrusted,
    Reason::timeout,
    Reason::overloaded,
    Reason::not_cached,
});
static_assert(kReasons.size() == static_cast<std::size_t>(Reason::not_cached) + 1);

constexpr std::size_t kMaxOtherTypes = 12;
constexpr std::string_view kMore = "…";
constexpr std::string_view kIdStart = "tid_";

}  // namespace

std::uint8_t number_of(Reason reason) {
  const auto* const place = std::find(kReasons.begin(), kReasons.end(), reason);
  AKGATE_ASSERT(place != kReasons.end());
  return static_cast<std::uint8_t>(place - kReasons.begin());
}

std::optional<Reason> reason_of(std::uint8_t number) {
  if (number >= kReasons.size()) return std::nullopt;
  return kReasons[number];
}

PackedTypes pack_data_types(const DataTypes& types) {
  PackedTypes packed;
  packed.known = types.published();
  for (const std::string& type : types.others()) {
    if (packed.others.size() < kMaxOtherTypes) {
      packed.others.push_back(type);
    } else {
      packed.others.back() = kMore;
    }
  }
  return packed;
}

bool unpack_data_types(const PackedTypes& packed, DataTypes& types) {
  types.add_published(packed.known);
  return std::all_of(packed.others.begin(), packed.others.end(),
                     [&](const std::string& type) { return types.add(type); });
}

std::optional<std::string> pack_transaction_id(std::string_view id) {
  std::array<std::uint8_t, kPackedIdBytes> bytes{};
  if (!id.starts_with(kIdStart) || !from_hex(id.substr(kIdStart.size()), bytes)) {
    return std::nullopt;
  }
  return std::string(bytes.begin(), bytes.end());
}

std::string unpack_transaction_id(std::string_view packed) {
  const std::span bytes(reinterpret_cast<const std::uint8_t*>(packed.data()), packed.size());
  return std::string(kIdStart).append(to_hex(bytes));
}

std::string shortened(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return std::string(text);
  std::size_t end = max_bytes - kMore.size();
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0U) == 0x80U) --end;
  return std::string(text.substr(0, end)).append(kMore);
}

}  // namespace akgate
