// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace akgate::sandbox {

enum class Role { data_user, data_provider, dcc, portal, admin };

[[nodiscard]] std::string_view name_of(Role role);
[[nodiscard]] std::optional<Role> role_named(std::string_view name);

/// Who may obtain a token; one of role data_user is also an entry of the directory of Data Users.
struct Account {
  std::string account_id;
  std::string secret_key;
  Role role = Role::data_user;
  std::string duid;
  std::string display_name;
  std::string status = "active";  ///< active, suspended or terminated
  std::string registered_at;
  std::string suspended_at;  ///< empty unless suspended
  std::string contact_url;
  std::vector<std::string> data_types;
};

class Accounts {
 public:
  /// Refuses an account whose id, or whose duid as a Data User, is taken already.
  [[nodiscard]] Status add(Account account);
  /// Reads accounts from JSON: {"accounts": [{"account-id", "secret-key", "role", "duid", …}]}.
  [[nodiscard]] Status add_from_json(std::string_view text);

  [[nodiscard]] const Account* find(std::string_view account_id) const;
  /// The account, where the secret key is the right one.
  [[nodiscard]] const Account* authenticate(std::string_view account_id,
                                            std::string_view secret_key) const;
  [[nodiscard]] Account* data_user(std::string_view duid);
  [[nodiscard]] bool empty() const { return accounts_.empty(); }

 private:
  std::map<std::string, Account, std::less<>> accounts_;
};

[[nodiscard]] bool is_account_status(std::string_view text);

}  // namespace akgate::sandbox
