// SPDX-License-Identifier: Apache-2.0
#include "cli/register_reply.hpp"

#include "cli/console.hpp"
#include "record/json.hpp"
#include "record/read_envelope.hpp"

namespace akgate {

namespace {

constexpr int kMostErrors = 20;  // As many are told; a record may have many faults.

// The register's own words, a line each: `CON001: only an ACTIVE record can be replaced`.
std::string errors_in(std::string_view body) {
  const Result<JsonDocument> document = parse_answer(body);
  if (!document) return {};
  std::string lines;
  int told = 0;
  const JsonView errors = document->root()["errors"];
  for (JsonView error = errors.first_child(); !error.missing(); error = error.next()) {
    if (told++ == kMostErrors) return lines + "\n…";
    const std::string_view code = error["error-code"].string().value_or("(no code)");
    const std::string_view message = error["message"].string().value_or("(no message)");
    lines += '\n' + presentable(code) + ": " + presentable(message);
  }
  return lines;
}

std::string status_of(const HttpReply& reply) { return "status " + std::to_string(reply.status); }

std::string wait_of(const HttpReply& reply) {
  if (!reply.retry_after) return {};
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(*reply.retry_after);
  return ", and wants to be left alone for " + std::to_string(seconds.count()) + " s";
}

}  // namespace

RegisterRefusal read_refusal(const AuthorizedTransport::Reply& reply, const Explain& explain) {
  const HttpReply& http = reply.http;
  if (!reply.authorized || http.status == 0 || http.garbled) return {.text = http.problem};
  const std::string errors = errors_in(http.body);
  if (http.status == 408 || http.status == 429 || http.status >= 500) {
    return {.text =
                "the register cannot answer (" + status_of(http) + ")" + wait_of(http) + errors};
  }
  if (http.status == 401) {
    return {.text = "the register does not take our token (" + status_of(http) +
                    "): check register.account-id and register.secret-key-file" + errors};
  }
  if (http.status < 400) {
    return {.text = "the register's answer makes no sense (" + status_of(http) +
                    "); check register.url, and whether something in between redirects"};
  }
  // Only the register can say no: a gateway's 404 says nothing about what was asked.
  if (!read_not_found(http.body)) {
    return {.text = "something answered that is not the register (" + status_of(http) +
                    "); check register.url, and what lies in between"};
  }
  const std::string_view explanation = explain(http.status);
  return {.exit = ExitCode::finding,
          .text = "the register refuses (" + status_of(http) + ")" +
                  (explanation.empty() ? "" : ": " + std::string(explanation)) + errors};
}

ExitCode refuse(const AuthorizedTransport::Reply& reply, const Explain& explain,
                bool for_programs) {
  const RegisterRefusal refusal = read_refusal(reply, explain);
  complain(Error(refusal.text));
  if (!for_programs || refusal.exit != ExitCode::finding) return refusal.exit;
  const Result<JsonDocument> document = parse_answer(reply.http.body);
  if (!document) return complain(document.error());
  const Status printed = print(json_text(document->root()) + "\n");
  return printed ? refusal.exit : complain(printed.error());
}

std::string only_for_data_users(const TokenClaims& claims) {
  if (claims.role.empty() || claims.role == "data_user") return {};
  return "only a Data User may do this, and our account's role is " + presentable(claims.role);
}

ExitCode conclude_change(const AuthorizedTransport::Reply& reply, const Options& options,
                         const ChangeWords& words) {
  const bool for_programs = options.has("json");
  if (!reply.authorized || (reply.http.status != 200 && reply.http.status != 204)) {
    const std::string by_role = only_for_data_users(reply.claims);
    const auto explain = [&](int status) -> std::string_view {
      if (status == 403) return by_role;
      if (status == 404) return words.not_found;
      return status == 409 ? words.conflict : "";
    };
    return refuse(reply, explain, for_programs);
  }
  std::string text(words.done);
  if (for_programs) {
    // The status says that it is done; there may be no answer beside it.
    const Result<JsonDocument> document = parse_answer(reply.http.body);
    text = document ? json_text(document->root()) : "{}";
  }
  const Status printed = print(text + "\n");
  return printed ? ExitCode::done : complain(printed.error());
}

}  // namespace akgate
