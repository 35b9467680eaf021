// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace akgate::sandbox {

/// What the command line of akregister asks for.
struct Settings {
  std::string host = "127.0.0.1";
  std::uint16_t port = 8443;
  std::string data;  ///< directory; empty keeps everything in memory
  std::string tls_cert;
  std::string tls_key;
  std::string accounts;
  bool seed_demo = false;
  std::chrono::seconds token_lifetime{7200};
  std::chrono::milliseconds time_offset{0};
  bool verbose = false;
  bool help = false;
  bool version = false;
};

/// `arguments` without the program's name.
[[nodiscard]] Result<Settings> read_settings(const std::vector<std::string_view>& arguments);

[[nodiscard]] std::string help_text();

}  // namespace akgate::sandbox
