// SPDX-License-Identifier: Apache-2.0
#include "gate/http_head.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <variant>

namespace akgate {
namespace {

/// What a head was read as, in one line: `GET /check keep` and `+body` where one follows, or the
/// status of the refusal.
std::string reading(std::string_view bytes) {
  EXPECT_EQ(http_head_size(bytes), bytes.size());
  const auto parsed = parse_http_head(bytes);
  if (const auto* const fault = std::get_if<HttpFault>(&parsed)) {
    EXPECT_FALSE(fault->why.empty());
    return std::to_string(fault->status);
  }
  const auto& head = *std::get_if<HttpHead>(&parsed);
  return std::string(head.method) + " " + std::string(head.path) +
         (head.keep_alive ? " keep" : " close") + (head.has_body ? "+body" : "");
}

struct Row {
  std::string head;
  std::string read_as;
};

std::string get(const std::string& fields) {
  return "GET /check HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n";
}

class Heads : public testing::TestWithParam<Row> {};

TEST_P(Heads, are_read_as) { EXPECT_EQ(reading(GetParam().head), GetParam().read_as); }

INSTANTIATE_TEST_SUITE_P(
    FirstLine, Heads,
    testing::Values(Row{get(""), "GET /check keep"},
                    Row{"POST /check/a/../b?X-MPxN=1#f HTTP/1.1\r\nHost: x\r\n\r\n",
                        "POST /check/a/../b keep"},
                    Row{"PURGE /che%63k HTTP/1.1\r\nHost: x\r\n\r\n", "PURGE /che%63k keep"},
                    Row{"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", "OPTIONS * keep"},
                    Row{"GET http://x/check?a HTTP/1.1\r\nHost: x\r\n\r\n", "GET /check keep"},
                    Row{"GET http://x HTTP/1.1\r\nHost: x\r\n\r\n", "GET / keep"},
                    Row{"GET http://x?y/check HTTP/1.1\r\nHost: x\r\n\r\n", "GET / keep"},
                    Row{"GET /check HTTP/1.0\r\n\r\n", "GET /check close"},
                    Row{"GET /check HTTP/1.9\r\nHost: x\r\n\r\n", "GET /check keep"},
                    Row{"GET /check HTTP/2.0\r\nHost: x\r\n\r\n", "505"},
                    Row{"PRI * HTTP/2.0\r\n\r\n", "505"},  // what an HTTP/2 client begins with
                    Row{"GET /check HTTP/0.9\r\n\r\n", "505"}, Row{"GET /check\r\n\r\n", "400"},
                    Row{"GET /check HTTP/1\r\n\r\n", "400"},
                    Row{"GET /check HTTP/1.1 \r\nHost: x\r\n\r\n", "400"},
                    Row{"GET /check HTTP/1,1\r\nHost: x\r\n\r\n", "400"},
                    Row{"GET /check http/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"GET  /check HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"GET\t/check HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{" GET /check HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"G(T /check HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"GET /ch eck HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"GET /ch\x01"
                        "eck HTTP/1.1\r\nHost: x\r\n\r\n",
                        "400"},
                    Row{"GET check HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"GET https://x/check HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"CONNECT x:80 HTTP/1.1\r\nHost: x\r\n\r\n", "400"},
                    Row{"CONNECT /check HTTP/1.1\r\nHost: x\r\n\r\n", "400"}, Row{"\r\n", "400"},
                    Row{"rubbish\r\n\r\n", "400"}));

INSTANTIATE_TEST_SUITE_P(
    Fields, Heads,
    testing::Values(Row{get("X-A: b\r\nx-a:b\r\nX-Empty:\r\nX-Blank: \t \r\n"), "GET /check keep"},
                    Row{get("X-Obsolete: caf\xe9\r\nX-Tab: a\tb\r\n"), "GET /check keep"},
                    Row{get("X-A : b\r\n"), "400"},         // RFC 9112, section 5.1
                    Row{get(" X-A: b\r\n"), "400"},         // folded, section 5.2
                    Row{get("X-A: b\r\n\tc\r\n"), "400"},   // folded
                    Row{get("X-A: b\rX-B: c\r\n"), "400"},  // a bare CR, section 2.2
                    Row{get("X-A\r: b\r\n"), "400"},        //
                    Row{get("X-A: b\x0b\r\n"), "400"},      //
                    Row{get(std::string("X-A: \0\r\n", 8)), "400"}, Row{get("X-A\r\n"), "400"},
                    Row{get(": b\r\n"), "400"}, Row{get("X(A: b\r\n"), "400"},
                    Row{get("X A: b\r\n"), "400"},
                    Row{"GET /check HTTP/1.1\r\n\r\n", "400"},  // no Host, section 3.2
                    Row{get("host: y\r\n"), "400"}));

INSTANTIATE_TEST_SUITE_P(
    Connections, Heads,
    testing::Values(Row{get("Connection: close\r\n"), "GET /check close"},
                    Row{get("CONNECTION: x , Close\r\n"), "GET /check close"},
                    Row{get("Connection: x\r\nConnection: close\r\n"), "GET /check close"},
                    Row{get("Connection: closely\r\n"), "GET /check keep"},
                    Row{"GET /check HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n", "GET /check keep"},
                    Row{"GET /check HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n",
                        "GET /check close"}));

// What smuggles requests past a proxy that reads the same bytes in another way.
INSTANTIATE_TEST_SUITE_P(
    Bodies, Heads,
    testing::Values(
        Row{get("Content-Length: 0\r\n"), "GET /check keep"},
        Row{get("Content-Length: 7\r\n"), "GET /check keep+body"},
        Row{get("content-length:18446744073709551615\r\n"), "GET /check keep+body"},
        Row{get("Transfer-Encoding: Chunked\r\n"), "GET /check keep+body"},
        Row{get("Content-Length: 7\r\nContent-Length: 7\r\n"), "400"},
        Row{get("Content-Length: 7\r\nContent-Length: 0\r\n"), "400"},
        Row{get("Content-Length: 7, 7\r\n"), "400"}, Row{get("Content-Length: +7\r\n"), "400"},
        Row{get("Content-Length: -7\r\n"), "400"}, Row{get("Content-Length: 0x7\r\n"), "400"},
        Row{get("Content-Length: 7 7\r\n"), "400"}, Row{get("Content-Length:\r\n"), "400"},
        Row{get("Content-Length: 18446744073709551616\r\n"), "400"},
        Row{get("Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"), "400"},
        Row{get("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"), "400"},
        Row{get("Transfer-Encoding: gzip, chunked\r\n"), "400"},
        Row{get("Transfer-Encoding: chunked, identity\r\n"), "400"},
        Row{get("Transfer-Encoding: xchunked\r\n"), "400"},
        Row{get("Transfer-Encoding:\r\n"), "400"},
        Row{"POST /check HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", "400"}));

// Nothing behind a line that ends in the wrong way can mend it, so nobody waits for more.
INSTANTIATE_TEST_SUITE_P(LineEnds, Heads,
                         testing::Values(Row{"GET /check HTTP/1.1\n", "400"},
                                         Row{"GET /check HTTP/1.1\r\nHost: x\n", "400"},
                                         Row{"GET /check HTTP/1.1\r\nHost: x\r\n\n", "400"},
                                         Row{"\n", "400"}));

TEST(HttpHead, gives_its_fields_without_blanks_and_finds_them_in_any_case) {
  const std::string bytes = get("X-Access-Key: \t one \r\nx-MPXN:two\r\nX-mpxn: three\r\n");
  const auto parsed = parse_http_head(bytes);
  ASSERT_TRUE(std::holds_alternative<HttpHead>(parsed));
  const auto& head = std::get<HttpHead>(parsed);
  ASSERT_NE(head.find("x-access-key"), nullptr);
  EXPECT_EQ(head.find("x-access-key")->value, "one");
  EXPECT_EQ(head.find("X-MPxN")->value, "two");
  EXPECT_EQ(head.count("X-MPxN"), 2U);
  EXPECT_EQ(head.find("X-MPx"), nullptr);
  EXPECT_EQ(head.count("X-MPx"), 0U);
}

TEST(HttpHead, size_is_known_once_the_end_has_come) {
  const std::string bytes = get("X-A: b\r\n");
  for (std::size_t cut = 0; cut < bytes.size(); ++cut)
    EXPECT_EQ(http_head_size(std::string_view(bytes).substr(0, cut)), 0U) << cut;
  EXPECT_EQ(http_head_size(bytes), bytes.size());
  EXPECT_EQ(http_head_size(bytes + bytes), bytes.size());
}

TEST(HttpHead, I12_bounds_are_what_they_say) {
  const auto with_lines = [](std::size_t lines) {
    std::string fields;
    for (std::size_t i = 1; i < lines; ++i) fields += "X-A: b\r\n";  // Host is one
    return reading(get(fields));
  };
  EXPECT_EQ(with_lines(kMaxHttpFields), "GET /check keep");
  EXPECT_EQ(with_lines(kMaxHttpFields + 1), "431");

  const auto of_size = [](std::size_t size) {
    return reading(get("X-A: " + std::string(size - get("X-A: \r\n").size(), 'a') + "\r\n"));
  };
  EXPECT_EQ(of_size(kMaxHttpHeadBytes), "GET /check keep");
  EXPECT_EQ(of_size(kMaxHttpHeadBytes + 1), "431");
}

}  // namespace
}  // namespace akgate
