// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

namespace akgate {

/// Somebody else than the polite client, so that fair shares can be told.
inline constexpr unsigned kRudeUser = 65'533;

/// Never returns.
using Rude = void (*)(const std::string& socket, const std::string& question);

[[noreturn]] void flood_one(const std::string& socket, const std::string& question);
[[noreturn]] void flood_many(const std::string& socket, const std::string& question);
[[noreturn]] void trickle(const std::string& socket, const std::string& question);
[[noreturn]] void never_read(const std::string& socket, const std::string& question);
[[noreturn]] void churn(const std::string& socket, const std::string& question);

struct Rudeness {
  const char* name;
  Rude run;
};

inline constexpr std::array kRudenesses = {
    Rudeness{"flood", flood_one},    ///< Lines without end on one connection.
    Rudeness{"floods", flood_many},  ///< … on 32.
    Rudeness{"trickle", trickle},    ///< A byte now and then, on all connections it gets.
    Rudeness{"never-read",
             never_read},      ///< Asks as much as is taken and takes nothing, on all it gets.
    Rudeness{"churn", churn},  ///< Connects and goes, 10,000 times and more.
};

}  // namespace akgate
