// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "base/result.hpp"
#include "base/secret.hpp"

namespace akgate {

/// What the register gives a bearer token for.
struct Account {
  std::string id;  ///< `register.account-id`; empty: none, and nothing that needs a token works.
  Secret key;
};

/// Reads the secret key from its file; the error names the file and says what to do. Without an id
/// there is no account, and no file is read. An id must not hold a colon (RFC 7617, section 2).
[[nodiscard]] Result<Account> read_account(const std::string& id, const std::string& key_file);

}  // namespace akgate
