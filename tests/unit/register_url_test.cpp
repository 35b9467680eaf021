// SPDX-License-Identifier: Apache-2.0
#include "register/url.hpp"

#include <gtest/gtest.h>

#include <string>

namespace akgate {
namespace {

TEST(RegisterUrl, takes_https_and_loopback_http) {
  for (const char* url :
       {"https://api.central.consent/v1", "https://api.central.consent",
        "https://api.central.consent/", "https://api.central.consent:8443/v1/",
        "https://10.0.0.7/v1", "https://[2001:db8::1]:443/v1", "HTTPS://api.central.consent/v1",
        "http://127.0.0.1:8080/v1", "http://127.8.9.10", "http://127.1/v1", "http://[::1]:8080/v1",
        "http://localhost:65535/v1"}) {
    const Status status = check_register_url(url);
    EXPECT_TRUE(status.ok()) << url << ": " << status.error().what();
  }
}

TEST(RegisterUrl, refuses_what_is_no_base_url_and_never_repeats_it) {
  struct Case {
    const char* url;
    const char* fault;  ///< Part of the sentence.
  };
  for (const Case& c : {
           Case{"", "lacks scheme or host"},
           Case{"api.central.consent/v1", "lacks scheme or host"},
           Case{"https://", "cannot be understood"},
           Case{"https:///v1", "lacks scheme or host"},
           Case{"https:/v1", "lacks scheme or host"},
           Case{"https://host:99999/v1", "cannot be understood"},
           Case{"https://host:0/v1", "port 0"},
           Case{"https://host:x/v1", "cannot be understood"},
           Case{"ftp://host/v1", "must begin with https://"},
           Case{"file:///etc/passwd", "lacks scheme or host"},
           Case{"http://api.central.consent/v1", "loopback host only"},
           Case{"http://10.0.0.7/v1", "loopback host only"},
           Case{"http://128.0.0.1/v1", "loopback host only"},
           Case{"http://127.0.0.1.example.org/v1", "loopback host only"},
           Case{"http://127.0.0.999/v1", "loopback host only"},
           Case{"http://localhost.example.org/v1", "loopback host only"},
           Case{"http://[2001:db8::1]/v1", "loopback host only"},
           Case{"http://0.0.0.0/v1", "loopback host only"},
           Case{"https://user:hunter2@host/v1", "no user or password"},
           Case{"http://127.0.0.1@evil.example/v1", "no user or password"},
           Case{"https://host/v1?key=hunter2", "no query"},
           Case{"https://host/v1?", "no query"},
           Case{"https://host/v1#x", "no fragment"},
           Case{"https://host/v1\r\nX: y", "no blanks"},
           Case{"https://host /v1", "no blanks"},
           Case{"https://host/%2e%2e", "no percent-encoding"},
           Case{"https://host\\@evil.example/", "made of"},
           Case{"https://h\xc3\xb6st/v1", "made of"},
       }) {
    const Status status = check_register_url(c.url);
    ASSERT_FALSE(status.ok()) << c.url;
    EXPECT_NE(status.error().what().find(c.fault), std::string::npos)
        << c.url << ": " << status.error().what();
    EXPECT_EQ(status.error().what().find("hunter2"), std::string::npos);
  }
}

}  // namespace
}  // namespace akgate
