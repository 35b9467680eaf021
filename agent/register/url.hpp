// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// Whether `url` can be the register's base URL: https, or http to a loopback host (127.0.0.0/8,
/// [::1], localhost); a host, perhaps a port and a path; no user, password, query or fragment. The
/// error says what is wrong and what would be right, never the URL, which may hold a password.
[[nodiscard]] Status check_register_url(std::string_view url);

}  // namespace akgate
