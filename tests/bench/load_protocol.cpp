// SPDX-License-Identifier: Apache-2.0
#include "tests/bench/load_protocol.hpp"

#include <array>
#include <charconv>

namespace akgate {

namespace {

constexpr std::size_t kWrong = LoadProtocol::kWrong;

/// As far as it came, does it begin like this?
bool may_begin(std::string_view received, std::string_view with) {
  return received.substr(0, with.size()) == with.substr(0, received.size());
}

std::size_t cut_line(std::string_view received, std::string_view start) {
  if (!may_begin(received, start)) return kWrong;
  const std::size_t end = received.find('\n');
  return end == std::string_view::npos ? 0 : end + 1;
}

std::size_t cut_allowed(std::string_view received) {
  return cut_line(received, "ALLOW reason=active ");
}
std::size_t cut_cached(std::string_view received) {
  return cut_line(received, "ALLOW reason=active source=cache ");
}
std::size_t cut_grace(std::string_view received) {
  return cut_line(received, "ALLOW reason=active source=grace ");
}

/// A header, the number at the end of it, so many bytes, and what ends them.
std::size_t cut_counted(std::string_view received, std::string_view start, char before_number,
                        std::string_view tail) {
  if (!may_begin(received, start)) return kWrong;
  const std::size_t end = received.find("\r\n");
  if (end == std::string_view::npos) return 0;
  const std::size_t number = received.rfind(before_number, end) + 1;
  std::size_t bytes = 0;
  // A negative one is Redis' word for a key that it does not have.
  if (std::from_chars(&received[number], &received[end], bytes).ptr != &received[end]) {
    return kWrong;
  }
  const std::size_t whole = end + 2 + bytes + tail.size();
  if (received.size() < whole) return 0;
  return received.substr(whole - tail.size(), tail.size()) == tail ? whole : kWrong;
}

std::size_t cut_redis(std::string_view received) { return cut_counted(received, "$", '$', "\r\n"); }
std::size_t cut_memcached(std::string_view received) {
  return cut_counted(received, "VALUE ak_", ' ', "\r\nEND\r\n");
}

/// A head that holds this line, and a body of the length that it says.
std::size_t cut_http(std::string_view received, std::string_view proof) {
  constexpr std::string_view kLength = "\r\nContent-Length: ";
  if (!may_begin(received, "HTTP/1.1 200 ")) return kWrong;
  const std::size_t end = received.find("\r\n\r\n");
  if (end == std::string_view::npos) return 0;
  const std::string_view head = received.substr(0, end + 2);
  const std::size_t length = head.find(kLength);
  if (length == std::string_view::npos || head.find(proof) == std::string_view::npos) return kWrong;
  std::size_t bytes = 0;
  std::from_chars(&head[length + kLength.size()], head.data() + head.size(), bytes);
  const std::size_t whole = end + 4 + bytes;
  return received.size() < whole ? 0 : whole;
}

std::size_t cut_nginx(std::string_view received) {
  return cut_http(received, "\r\nX-Cache: HIT\r\n");
}
std::size_t cut_front(std::string_view received) {
  return cut_http(received, "\r\nX-Akgate-Verdict: ALLOW\r\n");
}

constexpr std::string_view kCheck = "CHECK {} data-type=HH-CONSUMPTION\n";

constexpr std::array kProtocols = {
    LoadProtocol{"gate", kCheck, cut_cached},
    LoadProtocol{"gate-grace", kCheck, cut_grace},  // the register is silent
    LoadProtocol{"learn", "CHECK {} data-type=HH-CONSUMPTION timeout=60000\n", cut_allowed},
    LoadProtocol{"echo", kCheck, cut_cached},  // with akgate's own reply
    LoadProtocol{"redis", "*2\r\n$3\r\nGET\r\n$27\r\n{}\r\n", cut_redis},
    LoadProtocol{"memcached", "get {}\r\n", cut_memcached},
    LoadProtocol{"http",
                 "GET /check HTTP/1.1\r\nHost: bench\r\nX-Access-Key: {}\r\n"
                 "X-Data-Type: HH-CONSUMPTION\r\n\r\n",
                 cut_front},
    LoadProtocol{"nginx", "GET /{} HTTP/1.1\r\nHost: bench\r\n\r\n", cut_nginx},
};

}  // namespace

std::string LoadProtocol::ask_for(std::string_view key) const {
  std::string text(question);
  return text.replace(text.find("{}"), 2, key);
}

const LoadProtocol* find_load_protocol(std::string_view name) {
  for (const LoadProtocol& protocol : kProtocols) {
    if (protocol.name == name) return &protocol;
  }
  return nullptr;
}

std::string load_protocol_names() {
  std::string names;
  for (const LoadProtocol& protocol : kProtocols) {
    names += names.empty() ? "" : " | ";
    names += protocol.name;
  }
  return names;
}

}  // namespace akgate
