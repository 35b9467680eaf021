// SPDX-License-Identifier: Apache-2.0
// Who may ask, and who stands behind a key: tokens and the directory of Data Users.
#include <optional>
#include <utility>

#include "tests/register/answers.hpp"
#include "tests/register/operations.hpp"

namespace akgate::sandbox {
namespace {

/// account_id and secret_key of an Authorization header (RFC 7617).
std::optional<std::pair<std::string, std::string>> basic_credentials(const std::string* header) {
  constexpr std::string_view kScheme = "Basic ";
  if (header == nullptr || !header->starts_with(kScheme)) {
    return std::nullopt;
  }
  const auto decoded = base64_decode(std::string_view(*header).substr(kScheme.size()));
  const auto colon = decoded ? decoded->find(':') : std::string::npos;
  if (colon == std::string::npos) {
    return std::nullopt;
  }
  return std::pair(decoded->substr(0, colon), decoded->substr(colon + 1));
}

}  // namespace

Response obtain_token(Sandbox& sandbox, const Call& call) {
  const auto credentials = basic_credentials(call.request.header("authorization"));
  if (!credentials) {
    return refusal(sandbox, call.request,
                   {401, code::kOutOfScope, "send Basic credentials: account_id:secret_key"});
  }
  const Account* account = sandbox.accounts.authenticate(credentials->first, credentials->second);
  if (account == nullptr) {
    return refusal(sandbox, call.request,
                   {401, code::kBadCredentials, "no account has this id and secret key"});
  }
  auto body = envelope(sandbox, "/v1/auth/token");
  put_text(body.get(), "bearer-token", sandbox.tokens.issue(*account, sandbox.clock.now()));
  put_number(body.get(), "expires", static_cast<double>(sandbox.tokens.lifetime().count()));
  return answer(200, body.get());
}

Response look_up_data_user(Sandbox& sandbox, const Call& call) {
  const Account* found = sandbox.accounts.data_user(call.parameter);
  if (found == nullptr) {
    return refusal(sandbox, call.request, {404, code::kNotFound, "no Data User has this duid"});
  }
  auto types = new_array();
  for (const auto& type : found->data_types) {
    append(types.get(), JsonPtr(cJSON_CreateString(type.c_str())));
  }
  auto data_user = new_object();
  put_text(data_user.get(), "duid", found->duid);
  put_text(data_user.get(), "display-name", found->display_name);
  put_text(data_user.get(), "status", found->status);
  put_text_or_null(data_user.get(), "registered-at", found->registered_at);
  put_text_or_null(data_user.get(), "suspended-at", found->suspended_at);
  put_text_or_null(data_user.get(), "contact-url", found->contact_url);
  put(data_user.get(), "data-types-supported", std::move(types));
  auto body = envelope(sandbox, call.request.path);
  put(body.get(), "data-user", std::move(data_user));
  return answer(200, body.get());
}

}  // namespace akgate::sandbox
