// SPDX-License-Identifier: Apache-2.0
#include "tests/register/clock.hpp"

#include <array>
#include <ctime>

namespace akgate::sandbox {
namespace {

std::string format(Clock::Time time, const char* pattern) {
  const std::time_t seconds =
      std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
  std::tm broken_down{};
  gmtime_r(&seconds, &broken_down);
  std::array<char, 64> text{};
  const auto length = std::strftime(text.data(), text.size(), pattern, &broken_down);
  return {text.data(), length};
}

}  // namespace

Clock::Time Clock::now() const {
  return std::chrono::floor<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
         std::chrono::milliseconds(offset_ms_);
}

std::string format_timestamp(Clock::Time time) { return format(time, "%Y-%m-%dT%H:%M:%SZ"); }

std::string format_http_date(Clock::Time time) { return format(time, "%a, %d %b %Y %H:%M:%S GMT"); }

}  // namespace akgate::sandbox
