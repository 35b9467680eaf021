// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "base/result.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// What UnixListener::accept() and TcpListener::accept() promise; `where` is for the error.
[[nodiscard]] Result<std::optional<Fd>> accept_connection(const Fd& listening,
                                                          const std::string& where);

}  // namespace akgate
