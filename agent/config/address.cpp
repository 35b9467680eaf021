// SPDX-License-Identifier: Apache-2.0
#include "config/address.hpp"

#include <cstdint>
#include <optional>

#include "base/text.hpp"

namespace akgate {

namespace {

// `sun_path` has room for 108 bytes on Linux and 104 elsewhere, the NUL among them.
constexpr std::size_t kLongestSocketPath = 103;

bool is_loopback_host(std::string_view host) {
  if (host == "localhost" || host == "[::1]") return true;
  // Digits and dots alone: 127.example.org is somebody else's host.
  return host.starts_with("127.") &&
         host.find_first_not_of("0123456789.") == std::string_view::npos;
}

struct HostAndPort {
  std::string_view host;
  std::string_view port;  ///< Empty: none.
};

HostAndPort split(std::string_view authority) {
  const std::size_t colon = authority.rfind(':');
  const std::size_t bracket = authority.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  if (!has_port) return {.host = authority, .port = ""};
  return {.host = authority.substr(0, colon), .port = authority.substr(colon + 1)};
}

bool is_port(std::string_view text) {
  const std::optional<std::uint64_t> port = parse_number(text);
  return port && *port > 0 && *port <= 65535;
}

}  // namespace

bool is_register_url(std::string_view text) {
  const bool https = text.starts_with("https://");
  if (!https && !text.starts_with("http://")) return false;
  if (text.find_first_of("@?# \\") != std::string_view::npos) return false;
  std::string_view authority = text.substr(text.find("//") + 2);
  authority = authority.substr(0, authority.find('/'));
  const HostAndPort where = split(authority);
  if (where.host.empty()) return false;
  if (authority.size() != where.host.size() && !is_port(where.port)) return false;
  return https || is_loopback_host(where.host);
}

bool is_loopback_address(std::string_view text) {
  const HostAndPort where = split(text);
  return is_loopback_host(where.host) && is_port(where.port);
}

bool is_socket_path(std::string_view text) {
  return text.starts_with('/') && text.size() <= kLongestSocketPath;
}

}  // namespace akgate
