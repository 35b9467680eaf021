// SPDX-License-Identifier: Apache-2.0
#include "daemon/given_sockets.hpp"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "base/text.hpp"

namespace akgate {

namespace {

/// What a socket can be for.
struct Place {
  std::string_view name;
  std::string path;
  Fd& socket;
};

Place* find(std::span<Place> places, const InheritedSocket& socket) {
  for (Place& place : places) {
    if (place.name == socket.name) return &place;
  }
  for (Place& place : places) {
    if (!socket.path.empty() && place.path == socket.path) return &place;
  }
  return nullptr;
}

std::string path_in(std::string_view listen) {
  constexpr std::string_view kUnix = "unix:";
  return std::string(listen.starts_with(kUnix) ? listen.substr(kUnix.size()) : "");
}

}  // namespace

Result<GivenSockets> tell_apart(std::vector<InheritedSocket> sockets, const Config& config) {
  GivenSockets given;
  std::array places = {
      Place{.name = "gate", .path = config.gate.socket, .socket = given.gate},
      Place{.name = "control", .path = config.control.socket, .socket = given.control},
      Place{.name = "http", .path = path_in(config.http.listen), .socket = given.http},
  };
  for (InheritedSocket& socket : sockets) {
    const std::string what = "the service manager hands over the socket \"" +
                             percent_encode(socket.name) + "\" (" +
                             (socket.path.empty() ? "loopback" : percent_encode(socket.path)) + ")";
    Place* const place = find(places, socket);
    if (place == nullptr) {
      return Error(what +
                   ", and it is not clear what for: set FileDescriptorName=gate, control or http "
                   "in its unit");
    }
    const std::string purpose(place->name);
    if (place->socket.valid()) return Error(what + ", a second one for " + purpose + ": leave one");
    if (socket.path.empty() && &place->socket != &given.http) {
      return Error(what + " for " + purpose + ", which needs a Unix socket: let it have a path");
    }
    if (socket.path.empty() && !config.http.allow_any_local_user) {
      return Error(what +
                   ", which is open to every local user: let it have a path, or set "
                   "http.allow-any-local-user to true");
    }
    place->socket = std::move(socket.socket);
  }
  return given;
}

}  // namespace akgate
