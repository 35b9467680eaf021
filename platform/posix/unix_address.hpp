// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/un.h>

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace akgate {

/// The address of the socket file `path` + `suffix`. An error where that is too long for one, in
/// terms of `path`.
[[nodiscard]] Result<sockaddr_un> unix_address(const std::string& path,
                                               std::string_view suffix = {});

}  // namespace akgate
