// SPDX-License-Identifier: Apache-2.0
#include "register/url.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <memory>
#include <string>

#include "base/text.hpp"
#include "register/curl_library.hpp"

namespace akgate {

namespace {

struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

// The text of one part of the URL; empty where it has none.
std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) return {};
  std::string copy(text);
  curl_free(text);
  return copy;
}

// Whether the host is an address of 127.0.0.0/8. curl has written all forms of an IPv4 address as
// four decimal numbers; what only looks like one, 127.0.0.999, is a name to it, which may lead
// anywhere.
bool is_loopback_ipv4(std::string_view host) {
  if (!host.starts_with("127.")) return false;
  for (int number = 0; number < 4; ++number) {
    const std::size_t dot = host.find('.');
    if ((dot == std::string_view::npos) != (number == 3)) return false;
    if (parse_number(host.substr(0, dot)).value_or(256) > 255) return false;
    host.remove_prefix(number == 3 ? host.size() : dot + 1);
  }
  return true;
}

bool is_loopback(std::string_view host) {
  return host == "localhost" || host == "[::1]" || is_loopback_ipv4(host);
}

// Everything that has no place in a base URL can be told by a character: '@' ends a user's name,
// '?' and
// '#' begin query and fragment, and the rest are read differently by different parsers.
bool has_stray_character(std::string_view url) {
  return std::any_of(url.begin(), url.end(), [](char c) {
    return c <= ' ' || c > '~' ||
           std::string_view("@?#%\\\"<>^`{|}").find(c) != std::string_view::npos;
  });
}

}  // namespace

Status check_register_url(std::string_view url) {
  if (has_stray_character(url)) {
    return Error(
        "the register's URL must be made of scheme, host, port and path only: no user or password, "
        "no query, no fragment, no blanks, no percent-encoding");
  }
  // Curl would also take `https:/host` and `https:///host`: who writes so has left something out.
  const std::size_t slashes = url.find("://");
  if (slashes == std::string_view::npos || url.substr(slashes + 3).starts_with('/')) {
    return Error(
        "the register's URL lacks scheme or host; write it like https://api.central.consent/v1");
  }
  // curl's own parser, so that what is checked here is what is connected to later.
  const CurlLibrary library;
  const std::unique_ptr<CURLU, FreeUrl> parsed(curl_url());
  AKGATE_ASSERT(parsed != nullptr);
  const CURLUcode code =
      curl_url_set(parsed.get(), CURLUPART_URL, std::string(url).c_str(), CURLU_NON_SUPPORT_SCHEME);
  if (code != CURLUE_OK) {
    return Error(std::string("the register's URL cannot be understood (") +
                 curl_url_strerror(code) + "); write it like https://api.central.consent/v1");
  }
  if (part_of(parsed.get(), CURLUPART_PORT) == "0") {
    return Error("the register's URL has port 0; ports are 1 to 65535");
  }
  const std::string scheme = part_of(parsed.get(), CURLUPART_SCHEME);
  const bool loopback = is_loopback(part_of(parsed.get(), CURLUPART_HOST));
  if (scheme == "https" || (scheme == "http" && loopback)) return Done{};
  return Error(
      "the register's URL must begin with https://; http:// is taken for a loopback host only "
      "(127.0.0.1, [::1], localhost)");
}

}  // namespace akgate
