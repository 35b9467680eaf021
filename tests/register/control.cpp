// SPDX-License-Identifier: Apache-2.0
// Everything below /sandbox/: how tests and demonstrations make the register misbehave, and what
// they count.
#include <chrono>
#include <optional>

#include "base/text.hpp"
#include "tests/register/answers.hpp"
#include "tests/register/operations.hpp"
#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::chrono::milliseconds kLongestRefusal = std::chrono::hours(1);

Response done(const Sandbox& sandbox, const Call& call) {
  return answer(200, envelope(sandbox, call.request.path).get());
}

/// The body's one setting, a duration.
std::optional<std::chrono::milliseconds> duration_in(const Request& request, const char* name,
                                                     bool negative = false) {
  return parse_duration(text_of(member(parse_json(request.body).get(), name)), negative);
}

}  // namespace

Response show_statistics(Sandbox& sandbox, const Call&) {
  return answer(200, sandbox.statistics.to_json().get());
}

Response reset_statistics(Sandbox& sandbox, const Call& call) {
  sandbox.statistics.reset();
  return done(sandbox, call);
}

Response set_faults(Sandbox& sandbox, const Call& call) {
  auto faults = read_faults(parse_json(call.request.body).get());
  if (!faults) {
    return invalid(sandbox, call.request, {faults.error().what()});
  }
  sandbox.faults.replace(std::move(faults).value());
  return done(sandbox, call);
}

Response clear_faults(Sandbox& sandbox, const Call& call) {
  sandbox.faults.replace({});
  return done(sandbox, call);
}

Response refuse_connections(Sandbox& sandbox, const Call& call) {
  const auto time = duration_in(call.request, "for");
  if (!time || *time == std::chrono::milliseconds(0) || *time > kLongestRefusal) {
    return invalid(sandbox, call.request, {"for must be a duration like \"5s\", at most \"1h\""});
  }
  auto response = done(sandbox, call);
  // Only when this answer is out: the door closes on the asker too.
  response.when_over.emplace_back([&sandbox, time = *time] { sandbox.refuse_connections(time); });
  return response;
}

Response set_time_offset(Sandbox& sandbox, const Call& call) {
  const auto offset = duration_in(call.request, "offset", true);
  if (!offset) {
    return invalid(sandbox, call.request, {"offset must be a duration like \"36h\" or \"-2d\""});
  }
  sandbox.clock.set_offset(*offset);
  return done(sandbox, call);
}

Response set_stub(Sandbox& sandbox, const Call& call) {
  const auto& request = call.request;
  Stub stub{.body = request.body, .raw = request.parameter("raw") != nullptr};
  if (const auto* type = request.header("content-type"); stub.raw && type != nullptr) {
    stub.content_type = *type;
  }
  if (const auto* status = request.parameter("status"); status != nullptr) {
    const auto number = parse_number(*status);
    if (!number || *number < 200 || *number > 599) {
      return invalid(sandbox, request, {"status must be a number between 200 and 599"});
    }
    stub.status = static_cast<int>(*number);
  }
  if (!stub.raw && !parse_json(request.body)) {
    return invalid(sandbox, request, {"the body must be JSON; with ?raw=1 it may be anything"});
  }
  sandbox.stubs.insert_or_assign(call.parameter, std::move(stub));
  return done(sandbox, call);
}

Response clear_stub(Sandbox& sandbox, const Call& call) {
  sandbox.stubs.erase(call.parameter);
  return done(sandbox, call);
}

Response set_data_user_status(Sandbox& sandbox, const Call& call) {
  Account* data_user = sandbox.accounts.data_user(call.parameter);
  if (data_user == nullptr) {
    return refusal(sandbox, call.request, {404, code::kNotFound, "no Data User has this duid"});
  }
  const auto json = parse_json(call.request.body);
  const auto status = text_of(member(json.get(), "status"));
  if (!is_account_status(status)) {
    return invalid(sandbox, call.request, {"status must be active, suspended or terminated"});
  }
  data_user->status = status;
  data_user->suspended_at = status == "suspended" ? format_timestamp(sandbox.clock.now()) : "";
  return done(sandbox, call);
}

Response forget_tokens(Sandbox& sandbox, const Call& call) {
  if (auto forgotten = sandbox.tokens.forget_all(); !forgotten) {
    return not_kept(sandbox, call.request, forgotten.error());
  }
  return done(sandbox, call);
}

}  // namespace akgate::sandbox
