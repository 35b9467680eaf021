// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace akgate {

/// Whether the text looks like the URL of a register: https, or http for a loopback host, a host,
/// and neither credentials nor query nor fragment. The part that uses it reads it in full.
[[nodiscard]] bool is_register_url(std::string_view text);

/// Whether the text is a loopback host and a port: `127.0.0.1:8080`, `[::1]:8080`,
/// `localhost:8080`.
[[nodiscard]] bool is_loopback_address(std::string_view text);

/// Whether the text is an absolute path short enough to name a Unix socket.
[[nodiscard]] bool is_socket_path(std::string_view text);

}  // namespace akgate
