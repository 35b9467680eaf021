// SPDX-License-Identifier: Apache-2.0
#include "tests/register/answers.hpp"

#include "tests/register/words.hpp"

namespace akgate::sandbox {
namespace {

void add_error(cJSON* errors, const char* code, std::string_view message) {
  auto error = new_object();
  put_text(error.get(), "error-code", code);
  put_text(error.get(), "message", message);
  append(errors, std::move(error));
}

}  // namespace

JsonPtr envelope(const Sandbox& sandbox, std::string_view resource) {
  auto response = new_object();
  put_text(response.get(), "resource", resource);
  put_text(response.get(), "timestamp", format_timestamp(sandbox.clock.now()));
  put_text(response.get(), "transaction-id", new_identifier("tid_"));
  auto whole = new_object();
  put(whole.get(), "response", std::move(response));
  return whole;
}

Response answer(int status, const cJSON* body) {
  return {
      .status = status, .headers = {{"Content-Type", "application/json"}}, .body = to_text(body)};
}

Response refusal(const Sandbox& sandbox, const Request& request, const Refusal& why) {
  auto errors = new_array();
  add_error(errors.get(), why.code, why.message);
  auto body = envelope(sandbox, request.path);
  put(body.get(), "errors", std::move(errors));
  auto response = answer(why.status, body.get());
  if (why.status == 401) {
    response.headers.emplace_back("WWW-Authenticate",
                                  why.code == code::kNoBearer || why.code == code::kBadBearer
                                      ? "Bearer"
                                      : "Basic realm=\"akregister\"");
  }
  return response;
}

Response invalid(const Sandbox& sandbox, const Request& request,
                 const std::vector<std::string>& faults) {
  auto errors = new_array();
  for (const auto& fault : faults) {
    add_error(errors.get(), code::kInvalid, fault);
  }
  auto body = envelope(sandbox, request.path);
  put(body.get(), "errors", std::move(errors));
  return answer(400, body.get());
}

Response not_kept(const Sandbox& sandbox, const Request& request, const Error& error) {
  return refusal(sandbox, request, {500, code::kFailed, error.what()});
}

}  // namespace akgate::sandbox
