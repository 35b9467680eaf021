// SPDX-License-Identifier: Apache-2.0
//
// An instant: what reads as one is the instant that the C library has for the same numbers, and is
// written in a form that reads as the same again, cut to the second.

#include "record/timestamp.hpp"

#include <time.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "fuzz.hpp"

namespace akgate {

namespace {

using std::chrono::seconds;

/// The C library's word on a text that has the right form.
seconds by_c_library(const std::string& text) {
  tm parts{};
  int read = 0;
  std::sscanf(text.c_str(), "%4d-%2d-%2d%*1[Tt]%2d:%2d:%2d%n", &parts.tm_year, &parts.tm_mon,
              &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &read);
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  parts.tm_sec = std::min(parts.tm_sec, 59);  // a leap second is the second before
  const std::size_t offset = text.find_first_of("+-Zz", static_cast<std::size_t>(read));
  int hours = 0;
  int minutes = 0;
  std::sscanf(text.c_str() + offset + 1, "%2d:%2d", &hours, &minutes);
  const seconds ahead(hours * 3600 + minutes * 60);
  return seconds(timegm(&parts)) - (text[offset] == '-' ? -ahead : ahead);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = as_text(data, size);
  const std::optional<Timestamp> read = parse_timestamp(text);
  if (!read) return 0;
  AKGATE_ASSERT(text.find('\0') == text.npos);
  AKGATE_ASSERT(std::chrono::floor<seconds>(read->time_since_epoch()) ==
                by_c_library(std::string(text)));
  // An offset may lead out of the years that can be written.
  constexpr Timestamp kFirst{seconds(-62'167'219'200)};  // 0000-01-01T00:00:00Z
  constexpr Timestamp kLast{seconds(253'402'300'799)};   // 9999-12-31T23:59:59Z
  const Timestamp written =
      std::clamp<Timestamp>(std::chrono::floor<seconds>(*read), kFirst, kLast);
  AKGATE_ASSERT(parse_timestamp(format_timestamp(*read)) == written);
  return 0;
}

}  // namespace akgate
