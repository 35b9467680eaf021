// SPDX-License-Identifier: Apache-2.0
#include "register/account.hpp"

#include <utility>

#include "base/text.hpp"
#include "platform/file.hpp"

namespace akgate {

Result<Account> read_account(const std::string& id, const std::string& key_file) {
  constexpr MaxBytes kMaxKey{4096};
  if (id.empty()) return Account{};
  if (id.find(':') != std::string::npos || has_control_character(id)) {
    return Error("register.account-id must not hold a colon or a control character");
  }
  Result<Secret> key = read_secret_file(key_file, kMaxKey);
  if (!key) return std::move(key).error().within("register.secret-key-file");
  if (has_control_character(key->reveal())) {
    return Error("register.secret-key-file: " + key_file +
                 " must hold the secret key on one line, and nothing else");
  }
  return Account{.id = id, .key = *std::move(key)};
}

}  // namespace akgate
