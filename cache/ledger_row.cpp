// SPDX-License-Identifier: Apache-2.0
#include "cache/ledger_row.hpp"

#include <chrono>
#include <cstring>

#include "base/text.hpp"

namespace akgate {

namespace {

constexpr Timestamp kEpoch = std::chrono::sys_days{std::chrono::year{2020} / 1 / 1};
constexpr std::string_view kIdStart = "tid_";

}  // namespace

SealId seal_id(std::string_view sealed) {
  SealId id = 0;
  if (sealed.size() >= sizeof(id)) std::memcpy(&id, sealed.data(), sizeof(id));
  return id;
}

std::optional<LedgerRow> LedgerRow::of(std::uint64_t key, Timestamp as_of,
                                       std::string_view transaction_id) {
  const std::int64_t when = std::chrono::floor<std::chrono::seconds>(as_of - kEpoch).count();
  if (when <= 0 || when > std::int64_t{UINT32_MAX} || !transaction_id.starts_with(kIdStart)) {
    return std::nullopt;
  }
  LedgerRow row{.key = key, .seconds = static_cast<std::uint32_t>(when)};
  if (!from_hex(transaction_id.substr(kIdStart.size()), row.id)) return std::nullopt;
  return row;
}

Timestamp LedgerRow::as_of() const { return kEpoch + std::chrono::seconds(seconds); }

std::string LedgerRow::transaction_id() const { return std::string(kIdStart).append(to_hex(id)); }

}  // namespace akgate
