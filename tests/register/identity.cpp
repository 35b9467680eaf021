// SPDX-License-Identifier: Apache-2.0
// Identity records, and customers who prove anew that they are at a meter point.
#include <algorithm>
#include <array>
#include <chrono>

#include "tests/register/answers.hpp"
#include "tests/register/operations.hpp"
#include "tests/register/reidentification.hpp"
#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::int64_t kTokenValidForSeconds = 3600;
constexpr std::array<std::string_view, 3> kMethods{"magic-link", "passkey-assert",
                                                   "passkey-register"};

std::int64_t seconds_of(Clock::Time time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

std::string timestamp_of(std::int64_t seconds) {
  return format_timestamp(Clock::Time(std::chrono::seconds(seconds)));
}

std::vector<std::string> check_identity_record(const cJSON* body) {
  std::vector<std::string> faults;
  const cJSON* principal = member(body, "pii-principal");
  if (!is_mpxn(text_of(member(principal, "mpxn")))) {
    faults.emplace_back("pii-principal.mpxn must be a meter point");
  }
  if (!is_date(text_of(member(principal, "move-in-date")))) {
    faults.emplace_back("pii-principal.move-in-date must be a day, YYYY-MM-DD");
  }
  const auto by = text_of(member(body, "expressed-by"));
  if (by != "data-subject" && by != "authorised-representative") {
    faults.emplace_back("expressed-by must be data-subject or authorised-representative");
  }
  return faults;
}

}  // namespace

std::string_view status_of(const Reidentification& token, const Clock& clock) {
  if (seconds_of(clock.now()) - token.issued_at >= kTokenValidForSeconds) {
    return "expired";
  }
  return token.confirmed_at != 0 ? "confirmed" : "pending";
}

std::optional<Refusal> why_unusable(const Sandbox& sandbox, std::string_view token_ref,
                                    const Account& caller) {
  const auto* token = sandbox.store.reidentification(token_ref);
  if (token == nullptr) {
    return Refusal{404, code::kNotFound, "the register knows no such reidentification-token"};
  }
  if (token->duid != caller.duid) {
    return Refusal{403, code::kForbidden,
                   "the reidentification-token was given to another account"};
  }
  if (token->used) {
    return Refusal{409, code::kConflict, "the reidentification-token has been used"};
  }
  const auto status = status_of(*token, sandbox.clock);
  if (status == "expired") {
    return Refusal{422, code::kInvalidState,
                   "the reidentification-token has expired after one hour"};
  }
  if (status == "pending") {
    return Refusal{422, code::kInvalidState,
                   "the customer has not confirmed the reidentification-token yet"};
  }
  return std::nullopt;
}

Response create_identity_record(Sandbox& sandbox, const Call& call) {
  const auto json = parse_json(call.request.body);
  if (const auto faults = check_identity_record(json.get()); !faults.empty()) {
    return invalid(sandbox, call.request, faults);
  }
  IdentityRecord record{
      .ir = new_identifier("ir_"),
      .duid = call.caller->duid,
      .mpxn = std::string(text_of(member(member(json.get(), "pii-principal"), "mpxn"))),
      .document = to_text(json.get())};
  const auto ir = record.ir;
  if (auto saved = sandbox.store.save(std::move(record)); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  const auto resource = "/v1/identity-records/" + ir;
  auto body = envelope(sandbox, resource);
  put_text(body.get(), "ir", ir);
  auto response = answer(201, body.get());
  response.headers.emplace_back("Location", resource);
  return response;
}

Response start_reidentification(Sandbox& sandbox, const Call& call) {
  const auto json = parse_json(call.request.body);
  const std::string mpxn(text_of(member(json.get(), "mpxn")));
  const std::string method(text_of(member(json.get(), "method")));
  std::vector<std::string> faults;
  if (!is_mpxn(mpxn)) {
    faults.emplace_back("mpxn must be a meter point");
  }
  if (std::find(kMethods.begin(), kMethods.end(), method) == kMethods.end()) {
    faults.emplace_back("method must be magic-link, passkey-assert or passkey-register");
  }
  if (!faults.empty()) {
    return invalid(sandbox, call.request, faults);
  }
  if (sandbox.store.newest_identity_record(mpxn) == nullptr) {
    return refusal(sandbox, call.request,
                   {404, code::kNotFound, "there is no identity record for this meter point"});
  }
  Reidentification token{.token_ref = new_identifier("rt_"),
                         .duid = call.caller->duid,
                         .mpxn = mpxn,
                         .method = method,
                         .issued_at = seconds_of(sandbox.clock.now())};
  auto body = envelope(sandbox, call.request.path);
  put_text(body.get(), "method", method);
  put_text(body.get(), "token-ref", token.token_ref);
  put_text(body.get(), "status", "pending");
  put_text(body.get(), "expires-at", timestamp_of(token.issued_at + kTokenValidForSeconds));
  if (auto saved = sandbox.store.save(std::move(token)); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  return answer(200, body.get());
}

Response poll_reidentification(Sandbox& sandbox, const Call& call) {
  const auto* token = sandbox.store.reidentification(call.parameter);
  if (token == nullptr) {
    return refusal(sandbox, call.request,
                   {404, code::kNotFound, "the register knows no such token-ref"});
  }
  if (token->duid != call.caller->duid) {
    return refusal(sandbox, call.request,
                   {403, code::kForbidden, "the token-ref was given to another account"});
  }
  auto body = envelope(sandbox, call.request.path);
  put_text(body.get(), "method", token->method);
  put_text(body.get(), "status", status_of(*token, sandbox.clock));
  put_text_or_null(body.get(), "confirmed-at",
                   token->confirmed_at != 0 ? timestamp_of(token->confirmed_at) : "");
  return answer(200, body.get());
}

Response confirm_reidentification(Sandbox& sandbox, const Call& call) {
  const auto json = parse_json(call.request.body);
  const auto* known = sandbox.store.reidentification(text_of(member(json.get(), "token-ref")));
  if (known == nullptr) {
    return refusal(sandbox, call.request,
                   {404, code::kNotFound, "the register knows no such token-ref"});
  }
  Reidentification token = *known;
  token.confirmed_at = seconds_of(sandbox.clock.now());
  if (auto saved = sandbox.store.save(std::move(token)); !saved) {
    return not_kept(sandbox, call.request, saved.error());
  }
  return answer(200, envelope(sandbox, call.request.path).get());
}

}  // namespace akgate::sandbox
