// SPDX-License-Identifier: Apache-2.0
#include "cache/codec.hpp"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "base/assert.hpp"
#include "base/wire.hpp"
#include "record/transaction_id.hpp"

namespace akgate {

namespace {

// What stands at place n of a table is written as the number n. So nothing may change its place:
// new ones go behind the last, and anything else is a new format version.
constexpr std::array kStates = {State::missing, State::active,     State::expired,
                                State::revoked, State::discovered, State::other};
constexpr std::array kLegalBases = {LegalBasis::missing,
                                    LegalBasis::uk_consent,
                                    LegalBasis::uk_explicit_consent,
                                    LegalBasis::uk_legitimate_interests,
                                    LegalBasis::uk_public_task,
                                    LegalBasis::uk_legal_obligation,
                                    LegalBasis::uk_contract,
                                    LegalBasis::other};
constexpr std::array kConsentTypes = {ConsentType::missing, ConsentType::expressed_consent,
                                      ConsentType::explicit_consent};
constexpr std::array kArrangements = {Arrangement::joint, Arrangement::sole, Arrangement::group};
constexpr std::array kExpiryKinds = {Expiry::Kind::missing, Expiry::Kind::never, Expiry::Kind::at};
constexpr std::array kBindingWords = {Binding::Word::by_operator, Binding::Word::listed,
                                      Binding::Word::not_listed};
constexpr std::array kDataUserStatuses = {DataUserStatus::active, DataUserStatus::suspended,
                                          DataUserStatus::terminated, DataUserStatus::unknown,
                                          DataUserStatus::other};

// Meter point, identity reference and transaction-id, each bounded where it is read.
constexpr std::size_t kMaxEncodedBinding = 192;

namespace flag {
constexpr unsigned kRecord = 1U << 0U;
constexpr unsigned kRevokedAtSet = 1U << 1U;
constexpr unsigned kComplete = 1U << 2U;
constexpr unsigned kLead = 1U << 3U;
constexpr unsigned kLiaReference = 1U << 4U;
constexpr unsigned kStatutoryReference = 1U << 5U;
constexpr unsigned kKnowledge = 1U << 6U;
constexpr unsigned kBinding = 1U << 7U;
}  // namespace flag

template <typename T, std::size_t N>
std::uint8_t number_of(const std::array<T, N>& table, T value) {
  const auto place = std::find(table.begin(), table.end(), value);
  AKGATE_ASSERT(place != table.end());
  return static_cast<std::uint8_t>(place - table.begin());
}

template <typename T, std::size_t N>
bool take(WireReader& in, const std::array<T, N>& table, T& value) {
  const std::uint8_t number = in.byte();
  if (number >= N) return false;
  value = table[number];
  return true;
}

unsigned flags_of(const StoredRecord& stored) {
  const unsigned parts =
      (stored.knowledge ? flag::kKnowledge : 0U) | (stored.binding ? flag::kBinding : 0U);
  if (!stored.knowledge || !stored.knowledge->record) return parts;
  const AccessRecord& record = *stored.knowledge->record;
  return parts | flag::kRecord | (record.revoked_at_set ? flag::kRevokedAtSet : 0U) |
         (record.complete ? flag::kComplete : 0U) | (record.lead ? flag::kLead : 0U) |
         (record.lead_has_lia_reference ? flag::kLiaReference : 0U) |
         (record.lead_has_statutory_reference ? flag::kStatutoryReference : 0U);
}

void put_data_types(WireWriter& out, const DataTypes& types) {
  out.byte(types.published());
  out.count(types.others().size());
  for (const std::string& type : types.others()) out.text(type);
}

bool take_data_types(WireReader& in, DataTypes& types) {
  types.add_published(in.byte());
  for (std::uint64_t left = in.count(); left > 0; --left) {
    if (!types.add(in.text())) return false;
  }
  return true;
}

void put_record(WireWriter& out, const AccessRecord& record) {
  out.byte(number_of(kStates, record.state));
  out.byte(number_of(kLegalBases, record.legal_basis));
  out.byte(number_of(kConsentTypes, record.consent_type));
  out.byte(number_of(kArrangements, record.arrangement));
  out.byte(number_of(kExpiryKinds, record.expiry.kind));
  if (record.expiry.kind == Expiry::Kind::at) out.milliseconds(record.expiry.at.time_since_epoch());
  put_data_types(out, record.data_types);
  out.count(record.controllers.size());
  for (const std::string& name : record.controllers) out.text(name);
  if (record.lead) out.count(*record.lead);
  out.text(record.identity_record_ref);
  out.text(record.duid);
}

bool take_record(WireReader& in, unsigned flags, AccessRecord& record) {
  record.revoked_at_set = (flags & flag::kRevokedAtSet) != 0;
  record.complete = (flags & flag::kComplete) != 0;
  record.lead_has_lia_reference = (flags & flag::kLiaReference) != 0;
  record.lead_has_statutory_reference = (flags & flag::kStatutoryReference) != 0;
  if (!take(in, kStates, record.state) || !take(in, kLegalBases, record.legal_basis) ||
      !take(in, kConsentTypes, record.consent_type) ||
      !take(in, kArrangements, record.arrangement) || !take(in, kExpiryKinds, record.expiry.kind)) {
    return false;
  }
  if (record.expiry.kind == Expiry::Kind::at) record.expiry.at = Timestamp(in.milliseconds());
  if (!take_data_types(in, record.data_types)) return false;
  for (std::uint64_t left = in.count(); left > 0 && in.ok(); --left) {
    record.controllers.emplace_back(in.text());
  }
  if ((flags & flag::kLead) != 0) {
    record.lead = static_cast<std::size_t>(in.count());
    if (*record.lead >= record.controllers.size()) return false;
  }
  record.identity_record_ref = in.text();
  record.duid = in.text();
  return true;
}

std::size_t encoded_size_bound(const AccessRecord& record) {
  constexpr std::size_t kNumbersAtMost = 64;
  constexpr std::size_t kLengthAtMost = 10;
  std::size_t size = kNumbersAtMost + record.identity_record_ref.size() + record.duid.size();
  for (const std::string& name : record.controllers) size += kLengthAtMost + name.size();
  for (const std::string& type : record.data_types.others()) size += kLengthAtMost + type.size();
  return size;
}

void put_binding(WireWriter& out, const Binding& binding) {
  out.byte(number_of(kBindingWords, binding.word));
  out.text(binding.mpxn.text());
  out.byte(binding.identity_record_ref ? 1 : 0);
  if (binding.identity_record_ref) out.text(*binding.identity_record_ref);
  out.milliseconds(binding.as_of.time_since_epoch());
  out.text(binding.transaction_id);
}

std::optional<Binding> take_binding(WireReader& in) {
  Binding::Word word{};
  if (!take(in, kBindingWords, word)) return std::nullopt;
  const std::optional<Mpxn> mpxn = Mpxn::parse(in.text());
  if (!mpxn) return std::nullopt;
  Binding binding{.mpxn = *mpxn, .word = word, .identity_record_ref = {}, .transaction_id = {}};
  if (in.byte() != 0) binding.identity_record_ref = in.text();
  binding.as_of = Timestamp(in.milliseconds());
  binding.transaction_id = in.text();
  return binding;
}

std::string write_record(const StoredRecord& stored) {
  AKGATE_ASSERT(stored.knowledge || stored.binding);
  WireWriter out(kMaxEncodedRecord);
  out.byte(kFormatVersion);
  const auto secret = stored.key.reveal_bytes();
  for (const std::uint8_t byte : secret) out.byte(byte);
  out.byte(static_cast<std::uint8_t>(flags_of(stored)));
  if (stored.knowledge) {
    out.milliseconds(stored.knowledge->as_of.time_since_epoch());
    out.text(stored.knowledge->transaction_id);
    if (stored.knowledge->record) put_record(out, *stored.knowledge->record);
  }
  if (stored.binding) put_binding(out, *stored.binding);
  AKGATE_ASSERT(out.size() <= kMaxEncodedRecord);
  return std::move(out).take();
}

/// What can be kept of a record that is too large.
Knowledge reduced(const Knowledge& knowledge) {
  Knowledge kept{.record = std::nullopt, .as_of = knowledge.as_of, .transaction_id = {}};
  if (!knowledge.record) return kept;
  kept.record.emplace();
  kept.record->state = knowledge.record->state;
  kept.record->revoked_at_set = knowledge.record->revoked_at_set;
  kept.record->expiry = knowledge.record->expiry;
  kept.record->legal_basis = knowledge.record->legal_basis;
  return kept;
}

bool fits(const Knowledge& knowledge) {
  constexpr std::size_t kRoom =
      kMaxEncodedRecord - kMaxTransactionId - kMaxEncodedBinding - AccessKey::kBytes - 64;
  return knowledge.transaction_id.size() <= kMaxTransactionId &&
         (!knowledge.record || encoded_size_bound(*knowledge.record) <= kRoom);
}

}  // namespace

Secret encode_record(const StoredRecord& record) {
  if (!record.knowledge || fits(*record.knowledge)) return Secret(write_record(record));
  StoredRecord kept = record;
  kept.knowledge = reduced(*record.knowledge);
  return Secret(write_record(kept));
}

std::optional<StoredRecord> decode_record(std::string_view bytes) {
  WireReader in(bytes);
  if (in.byte() != kFormatVersion) return std::nullopt;
  const std::string_view key = in.raw(AccessKey::kBytes);
  if (!in.ok()) return std::nullopt;
  const std::span<const std::uint8_t, AccessKey::kBytes> secret(
      reinterpret_cast<const std::uint8_t*>(key.data()), AccessKey::kBytes);
  StoredRecord record{.key = AccessKey::from_bytes(secret), .knowledge = {}, .binding = {}};
  const unsigned flags = in.byte();
  if ((flags & flag::kKnowledge) != 0) {
    Knowledge& knowledge = record.knowledge.emplace();
    knowledge.as_of = Timestamp(in.milliseconds());
    knowledge.transaction_id = in.text();
    if ((flags & flag::kRecord) != 0 && !take_record(in, flags, knowledge.record.emplace())) {
      return std::nullopt;
    }
  }
  if ((flags & flag::kBinding) != 0) {
    record.binding = take_binding(in);
    if (!record.binding) return std::nullopt;
  }
  if (!in.ok() || !in.at_end() || (!record.knowledge && !record.binding)) return std::nullopt;
  // One thing, one form: what does not come out again as it came in was not made by us.
  if (encode_record(record).reveal() != bytes) return std::nullopt;
  return record;
}

std::string encode_data_user(const StoredDataUser& data_user) {
  WireWriter out(256);
  out.byte(kFormatVersion);
  out.text(data_user.duid.text());
  out.byte(number_of(kDataUserStatuses, data_user.standing.status));
  out.milliseconds(data_user.standing.as_of.time_since_epoch());
  out.text(data_user.standing.transaction_id);
  return std::move(out).take();
}

std::optional<StoredDataUser> decode_data_user(std::string_view bytes) {
  WireReader in(bytes);
  if (in.byte() != kFormatVersion) return std::nullopt;
  const std::optional<Duid> duid = Duid::parse(in.text());
  if (!duid) return std::nullopt;
  StoredDataUser data_user{.duid = *duid, .standing = {}};
  if (!take(in, kDataUserStatuses, data_user.standing.status)) return std::nullopt;
  data_user.standing.as_of = Timestamp(in.milliseconds());
  data_user.standing.transaction_id = in.text();
  if (!in.ok() || !in.at_end() || encode_data_user(data_user) != bytes) return std::nullopt;
  return data_user;
}

std::string encode_time_mark(const TimeMark& mark) {
  WireWriter out(64);
  out.byte(kFormatVersion);
  out.milliseconds(mark.at.time_since_epoch());
  out.text(mark.boot_id);
  out.milliseconds(mark.boot_time);
  out.milliseconds(mark.unaccounted);
  out.milliseconds(mark.claimed);
  out.byte(mark.trusted ? 1 : 0);
  return std::move(out).take();
}

std::optional<TimeMark> decode_time_mark(std::string_view bytes) {
  WireReader in(bytes);
  if (in.byte() != kFormatVersion) return std::nullopt;
  TimeMark mark;
  mark.at = Timestamp(in.milliseconds());
  mark.boot_id = in.text();
  mark.boot_time = in.milliseconds();
  mark.unaccounted = in.milliseconds();
  mark.claimed = in.milliseconds();
  mark.trusted = in.byte() != 0;
  if (!in.ok() || !in.at_end() || encode_time_mark(mark) != bytes) return std::nullopt;
  return mark;
}

}  // namespace akgate
