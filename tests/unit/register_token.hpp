// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "base/text.hpp"
#include "platform/clock.hpp"

namespace akgate {

/// A JWT with that payload, signed by nobody.
inline std::string jwt(std::string_view payload) {
  const auto encode = [](std::string_view text) {
    std::string encoded = base64_encode(text);
    for (char& c : encoded) c = c == '+' ? '-' : c == '/' ? '_' : c;
    encoded.erase(encoded.find_last_not_of('=') + 1);
    return encoded;
  };
  return encode(R"({"alg":"HS256"})") + "." + encode(payload) + ".c2ln";
}

/// The register's answer to a request for a token.
inline std::string token_body(std::string_view token, std::string_view expires = "7200") {
  return R"({"bearer-token": ")" + std::string(token) + R"(", "expires": )" + std::string(expires) +
         "}";
}

/// A clock that stands still until the test moves it.
class ManualClock final : public Clock {
 public:
  [[nodiscard]] ClockReading read() const override { return reading; }
  void pass(std::chrono::nanoseconds time) { reading.boot += time; }

  ClockReading reading{.wall = {}, .boot = BootTime(std::chrono::hours(1)), .synchronised = false};
};

}  // namespace akgate
