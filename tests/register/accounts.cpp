// SPDX-License-Identifier: Apache-2.0
#include "tests/register/accounts.hpp"

#include <gnutls/gnutls.h>

#include <algorithm>
#include <array>
#include <utility>

#include "tests/register/json.hpp"

namespace akgate::sandbox {
namespace {

constexpr std::array<std::pair<Role, std::string_view>, 5> kRoles{
    {{Role::data_user, "data_user"},
     {Role::data_provider, "data_provider"},
     {Role::dcc, "dcc"},
     {Role::portal, "portal"},
     {Role::admin, "admin"}}};

Result<Account> read_account(const cJSON* json) {
  Account account;
  account.account_id = text_of(member(json, "account-id"));
  account.secret_key = text_of(member(json, "secret-key"));
  if (account.account_id.empty() || account.account_id.find(':') != std::string::npos) {
    return Error("an account's \"account-id\" must be a string without a colon");
  }
  const auto role = role_named(text_of(member(json, "role")));
  if (account.secret_key.empty() || !role) {
    return Error(
        "account \"" + account.account_id +
        "\" needs a \"secret-key\" and a \"role\": data_user, data_provider, dcc, portal or admin");
  }
  account.role = *role;
  account.duid = text_of(member(json, "duid"));
  if (!account.duid.starts_with("duid_")) {
    return Error("account \"" + account.account_id + "\" needs a \"duid\" that begins with duid_");
  }
  account.display_name = text_of(member(json, "display-name"));
  if (const cJSON* status = member(json, "status"); status != nullptr) {
    account.status = text_of(status);
  }
  if (!is_account_status(account.status)) {
    return Error("account \"" + account.account_id +
                 "\": \"status\" must be active, suspended or terminated");
  }
  account.registered_at = text_of(member(json, "registered-at"));
  account.suspended_at = text_of(member(json, "suspended-at"));
  account.contact_url = text_of(member(json, "contact-url"));
  const cJSON* type = nullptr;
  cJSON_ArrayForEach(type, member(json, "data-types-supported")) {
    account.data_types.emplace_back(text_of(type));
  }
  return account;
}

bool same_secret(std::string_view a, std::string_view b) {
  return a.size() == b.size() && gnutls_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace

std::string_view name_of(Role role) {
  return std::find_if(kRoles.begin(), kRoles.end(), [&](auto& row) { return row.first == role; })
      ->second;
}

std::optional<Role> role_named(std::string_view name) {
  const auto row =
      std::find_if(kRoles.begin(), kRoles.end(), [&](auto& each) { return each.second == name; });
  return row != kRoles.end() ? std::optional(row->first) : std::nullopt;
}

bool is_account_status(std::string_view text) {
  return text == "active" || text == "suspended" || text == "terminated";
}

Status Accounts::add(Account account) {
  if (account.role == Role::data_user && data_user(account.duid) != nullptr) {
    return Error("two Data Users have the duid " + account.duid);
  }
  std::string id = account.account_id;
  if (!accounts_.emplace(id, std::move(account)).second) {
    return Error("two accounts have the id \"" + id + "\"");
  }
  return Done{};
}

Status Accounts::add_from_json(std::string_view text) {
  const auto tree = parse_json(text);
  const cJSON* list = member(tree.get(), "accounts");
  if (cJSON_IsArray(list) == 0) {
    return Error("this must be a JSON object with a list named \"accounts\"");
  }
  const cJSON* json = nullptr;
  cJSON_ArrayForEach(json, list) {
    auto account = read_account(json);
    if (!account) {
      return std::move(account).error();
    }
    if (auto added = add(std::move(account).value()); !added) {
      return std::move(added).error();
    }
  }
  return Done{};
}

const Account* Accounts::find(std::string_view account_id) const {
  const auto found = accounts_.find(account_id);
  return found != accounts_.end() ? &found->second : nullptr;
}

const Account* Accounts::authenticate(std::string_view account_id,
                                      std::string_view secret_key) const {
  const Account* account = find(account_id);
  return account != nullptr && same_secret(account->secret_key, secret_key) ? account : nullptr;
}

Account* Accounts::data_user(std::string_view duid) {
  for (auto& [id, account] : accounts_) {
    if (account.role == Role::data_user && account.duid == duid) {
      return &account;
    }
  }
  return nullptr;
}

}  // namespace akgate::sandbox
