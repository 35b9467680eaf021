// SPDX-License-Identifier: Apache-2.0
//
// The body of an answer of the register, read as each of the answers that it may be. What allows is
// active, has not ended, and is complete (I1, I2); what is read comes out of the cache as it went
// in.

#include "cache/codec.hpp"
#include "fuzz.hpp"
#include "record/read_answer.hpp"
#include "record/read_data_user.hpp"
#include "record/read_listing.hpp"
#include "verdict/judge.hpp"

namespace akgate {

namespace {

constexpr std::string_view kKeyText = "ak_691df0c788ca043403b7fa90";
constexpr Timestamp kNow{std::chrono::seconds(1'795'341'600)};  // 2026-11-22T10:00:00Z

void look_at_verdict(const Knowledge& knowledge, const AccessKey& key) {
  Question question;
  question.key = key;
  AKGATE_ASSERT(question.data_types.add("HH-CONSUMPTION"));
  const Evidence evidence{.record = {.known = &knowledge, .standing = Standing::answered_now}};
  const Verdict verdict = judge(evidence, question, Policy(), {.now = kNow});
  AKGATE_ASSERT(!verdict.allows() || !denies_by_itself(*knowledge.record, kNow));
  if (!verdict.allows()) return;
  const AccessRecord& record = *knowledge.record;
  AKGATE_ASSERT(record.complete && record.state == State::active && !record.revoked_at_set);
  AKGATE_ASSERT(record.expiry.kind == Expiry::Kind::never || record.expiry.at > kNow);
  AKGATE_ASSERT(record.data_types.covers(question.data_types));
  AKGATE_ASSERT(record.legal_basis != LegalBasis::uk_legitimate_interests ||
                (record.lead && record.lead_has_lia_reference));
  AKGATE_ASSERT(!knowledge.transaction_id.empty());
}

void look_at(const VerifyAnswer& answer, const AccessKey& key) {
  const AccessRecord& record = answer.record;
  AKGATE_ASSERT(record.complete == answer.missing.empty());
  AKGATE_ASSERT(!record.lead || *record.lead < record.controllers.size());
  AKGATE_ASSERT(answer.envelope.transaction_id.size() <= 64);
  if (record.complete) {
    AKGATE_ASSERT(!answer.envelope.transaction_id.empty() && !record.controllers.empty());
    AKGATE_ASSERT(record.state != State::missing && record.expiry.kind != Expiry::Kind::missing);
  }
  const Knowledge knowledge{
      .record = record, .as_of = kNow, .transaction_id = answer.envelope.transaction_id};
  look_at_verdict(knowledge, key);

  const auto kept = decode_record(encode_record({.key = key, .knowledge = knowledge}).reveal());
  AKGATE_ASSERT(kept && kept->knowledge && kept->knowledge->record);
  const AccessRecord& back = *kept->knowledge->record;
  AKGATE_ASSERT(back.state == record.state && back.revoked_at_set == record.revoked_at_set);
  AKGATE_ASSERT(back.expiry == record.expiry);
  AKGATE_ASSERT(back == record || !back.complete);  // too large: it can still deny
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const AccessKey key = AccessKey::parse(kKeyText).value();
  static const Mpxn mpxn = Mpxn::parse("1234567890123").value();
  static const Duid duid = Duid::parse("duid_691df0c788ca043403b7fa90").value();
  const std::string_view body = as_text(data, size);
  if (const auto answer = read_verify_answer(body, key)) look_at(*answer, key);
  if (const auto none = read_not_found(body)) AKGATE_ASSERT(!none->transaction_id.empty());
  if (const auto listing = read_listing(body, key, mpxn); listing && listing->listed) {
    AKGATE_ASSERT(!listing->envelope.transaction_id.empty());
    AKGATE_ASSERT(body.find(kKeyText) != body.npos || body.find("\\u") != body.npos);
  }
  const auto data_user = read_data_user_answer(body, duid);
  if (data_user && data_user->status == DataUserStatus::active)
    AKGATE_ASSERT(!data_user->envelope.transaction_id.empty());
  return 0;
}

}  // namespace akgate
