// SPDX-License-Identifier: Apache-2.0
#include "audit/audit_keys.hpp"

#include <algorithm>
#include <span>

namespace akgate {

namespace {

template <std::size_t N>
std::array<std::uint8_t, N> cut_hmac(const Key256& key, std::string_view message) {
  const auto whole =
      hmac_sha256(key, {reinterpret_cast<const std::uint8_t*>(message.data()), message.size()});
  std::array<std::uint8_t, N> first{};
  std::copy_n(whole.begin(), N, first.begin());
  return first;
}

}  // namespace

AuditKeys AuditKeys::derive(const Key256& audit_key) {
  return {derive_key(audit_key, "akgate audit chain 1"),
          derive_key(audit_key, "akgate audit meter point 1")};
}

AuditMac AuditKeys::mac(std::string_view message) const {
  return cut_hmac<AuditMac().size()>(chain_, message);
}

MeterPointHash AuditKeys::meter_point(std::string_view mpxn) const {
  return cut_hmac<MeterPointHash().size()>(names_, mpxn);
}

}  // namespace akgate
