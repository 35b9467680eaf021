// SPDX-License-Identifier: Apache-2.0
//
// What a transport makes of a register, or something in its place, that misbehaves.

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <string>
#include <string_view>

#include "record/json.hpp"
#include "register_transport_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;

// A certificate that nobody has the key to.
constexpr std::string_view kSomeRoot =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBjTCCATOgAwIBAgIUYJiuQkmHjbb7xtqe8U0/YIKDE74wCgYIKoZIzj0EAwIw\n"
    "GzEZMBcGA1UEAwwQYWtnYXRlIHRlc3Qgcm9vdDAgFw0yNjExMjIxMjQ4MThaGA8y\n"
    "MTI2MTAyOTEyNDgxOFowGzEZMBcGA1UEAwwQYWtnYXRlIHRlc3Qgcm9vdDBZMBMG\n"
    "ByqGSM49AgEGCCqGSM49AwEHA0IABBjAZm1AlHYWt1Pr92gZS11P0w/N/n+ghaAn\n"
    "PbV6jxmftmgvvs4noK4yB+BSKAR6DiMB4oNiC+VeHIIYjN57KNyjUzBRMB0GA1Ud\n"
    "DgQWBBSz+LhD6VMJpU3O7CJJvN4rxhXE9DAfBgNVHSMEGDAWgBSz+LhD6VMJpU3O\n"
    "7CJJvN4rxhXE9DAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCICf8\n"
    "fHmbu7iOIr/lJ+WdImW4Dvq6Hgpyt9JJVex7ZiVqAiEAx3YOk9hbdMDEQyuM0QKd\n"
    "Fp2IYBajk74DO3bI4ovN/Mg=\n"
    "-----END CERTIFICATE-----\n";

TEST_F(TransportTest, a_body_is_bounded_whatever_is_said_of_its_length) {
  const std::string whole(JsonDocument::kMaxBytes, 'x');
  EXPECT_TRUE(reply_to(http(200, "", whole)).body == whole);
  EXPECT_TRUE(reply_to("HTTP/1.1 200 OK\r\n\r\n" + whole).body == whole)
      << "by the end of the connection";
  for (const std::string& bytes : {
           http(200, "", whole + "x"),
           "HTTP/1.1 200 OK\r\n\r\n" + whole + "x",
           "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n40001\r\n" + whole +
               "x\r\n0\r\n\r\n",
           std::string("HTTP/1.1 200 OK\r\nContent-Length: 1000000000000\r\n\r\n{}"),
       }) {
    const HttpReply reply = reply_to(bytes);
    EXPECT_TRUE(reply.garbled) << reply.problem;
    EXPECT_EQ(reply.status, 200);
    EXPECT_EQ(reply.body, "");
    EXPECT_NE(reply.problem.find("too large"), std::string::npos) << reply.problem;
  }
}

TEST_F(TransportTest, the_bound_of_a_body_is_the_requests) {
  ScriptedServer server(*loop_, always(http(200, "", std::string(400'000, 'x'))));
  connect(settings(server.url()));
  HttpRequest request = get("/x");
  request.max_body = 400'000;
  EXPECT_EQ(ask(request).body.size(), 400'000U);
  request.max_body = 399'999;
  EXPECT_TRUE(ask(request).garbled);
}

TEST_F(TransportTest, headers_are_bounded) {
  const std::string line = "X-Filler: " + std::string(1000, 'x') + "\r\n";
  std::string many;
  for (int i = 0; i < 40; ++i) many += line;
  EXPECT_TRUE(reply_to(http(200, many, "{}")).garbled);
  EXPECT_TRUE(reply_to("HTTP/1.1 200 OK\r\nX-Filler: " + std::string(200'000, 'x')).garbled);
  std::string informational;
  for (int i = 0; i < 2000; ++i) informational += "HTTP/1.1 103 Early Hints\r\n\r\n";
  EXPECT_TRUE(reply_to(informational + http(200, "", "{}")).garbled);
}

TEST_F(TransportTest, what_is_no_HTTP_is_garbled) {
  for (const char* bytes :
       {"hello\r\n", "SSH-2.0-OpenSSH_9.2\r\n", "\x15\x03\x01\x00\x02\x02\x0a",
        "HTTP/1.1 abc\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n{}", "<html>no headers at all</html>",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n{}", "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}",
        "HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n{}"}) {
    const HttpReply reply = reply_to(bytes);
    EXPECT_TRUE(reply.garbled) << bytes << " gave status " << reply.status << ", " << reply.problem;
    EXPECT_EQ(reply.body, "") << bytes;
  }
}

TEST_F(TransportTest, an_answer_that_breaks_off_is_none) {
  for (const char* bytes :
       {"", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nContent-Le",
        "HTTP/1.1 200 OK\r\nContent-Length: 20\r\n\r\n{\"half\"",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"half\""}) {
    const HttpReply reply = reply_to(bytes);
    EXPECT_EQ(reply.status, 0) << bytes;
    EXPECT_FALSE(reply.garbled) << bytes;
    EXPECT_TRUE(reply.sent) << bytes;
    EXPECT_EQ(reply.body, "") << bytes;
    EXPECT_NE(reply.problem.find("broke off"), std::string::npos) << reply.problem;
  }
}

TEST_F(TransportTest, nobody_there_is_no_answer_and_nothing_was_sent) {
  connect(settings("http://" + dead_address()));
  const HttpReply reply = ask(get("/access-records/ak_691df0c788ca043403b7fa90"));
  EXPECT_EQ(reply.status, 0);
  EXPECT_FALSE(reply.sent);
  EXPECT_TRUE(reply.problem.starts_with("no connection to the register (")) << reply.problem;
  EXPECT_EQ(reply.problem.find("ak_"), std::string::npos) << "I9";
}

TEST_F(TransportTest, a_hanging_register_is_given_up_after_the_time_out) {
  ScriptedServer server(*loop_, hang());
  RegisterSettings impatient = settings(server.url());
  impatient.timeout = milliseconds(100);
  connect(impatient);
  const BootTime start = loop_->now();
  const HttpReply reply = ask();
  EXPECT_GE(loop_->now() - start, milliseconds(95));
  EXPECT_EQ(reply.status, 0);
  EXPECT_TRUE(reply.sent);
  EXPECT_EQ(reply.problem, "the register did not answer within 100 ms");
}

TEST_F(TransportTest, an_answer_without_end_is_given_up_after_the_time_out) {
  bool asked = false;
  ScriptedServer server(*loop_, [&](auto, int) {
    asked = true;
    return ScriptedServer::Answer{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"};
  });
  std::function<void()> drip = [&] {
    if (asked && server.closed_by_peer == 0) server.answer(1, {"1\r\nx\r\n"});
    loop_->at(loop_->now() + milliseconds(10), drip);
  };
  drip();
  RegisterSettings impatient = settings(server.url());
  impatient.timeout = milliseconds(200);
  connect(impatient);
  EXPECT_EQ(ask().problem, "the register did not answer within 200 ms");
}

// As after a link that was down: the server's side of the old connections is gone, and nobody told
// us.
TEST_F(TransportTest, after_a_time_out_older_connections_are_not_used_again) {
  int dead_up_to = 0;
  ScriptedServer server(*loop_, [&](auto, int connection) {
    return connection <= dead_up_to ? ScriptedServer::Answer{}
                                    : ScriptedServer::Answer{http(200, "", "{}")};
  });
  RegisterSettings impatient = settings(server.url());
  impatient.timeout = milliseconds(1000);
  connect(impatient);
  send(get("/x"));
  send(get("/x"));
  run_until([&] { return replies_.size() == 2; });
  ASSERT_EQ(server.connections, 2);

  dead_up_to = 2;
  bool old_enough = false;  // Curl counts the ages of connections in whole seconds.
  loop_->at(loop_->now() + milliseconds(2050), [&] {
    old_enough = true;
    loop_->stop();
  });
  run_until([&] { return old_enough; });
  EXPECT_EQ(ask().status, 0);
  EXPECT_EQ(ask().status, 200) << replies_.back().problem;
}

class TlsTroubleTest : public TransportTest {
 protected:
  /// The reply to a request over TLS to a server that sends these bytes to who connects.
  HttpReply ask_over_tls(const ScriptedServer& server, std::string_view roots,
                         milliseconds connect_timeout = milliseconds(5000)) {
    std::ofstream(directory_ / "roots.pem") << roots;
    RegisterSettings over_tls = settings("https://" + server.address());
    over_tls.ca_file = directory_ / "roots.pem";
    over_tls.connect_timeout = connect_timeout;
    connect(over_tls);
    HttpReply reply = ask();
    EXPECT_EQ(reply.status, 0);
    EXPECT_FALSE(reply.sent);
    EXPECT_FALSE(reply.garbled);
    return reply;
  }

  TemporaryDirectory directory_;
};

TEST_F(TlsTroubleTest, a_handshake_that_never_ends_is_given_up_after_the_connect_time_out) {
  ScriptedServer server(*loop_, hang());
  EXPECT_EQ(ask_over_tls(server, kSomeRoot, milliseconds(200)).problem,
            "no connection to the register within 200 ms");
}

TEST_F(TlsTroubleTest, a_server_without_TLS_is_said_to_be_one) {
  ScriptedServer server(*loop_, hang());
  server.greeting = http(400, "", "this is the plain port");
  const HttpReply reply = ask_over_tls(server, kSomeRoot);
  EXPECT_TRUE(reply.problem.starts_with("no TLS connection to the register (")) << reply.problem;
}

TEST_F(TlsTroubleTest, roots_that_cannot_be_read_are_said_to_be_ours) {
  ScriptedServer server(*loop_, hang());
  const HttpReply reply = ask_over_tls(
      server, "-----BEGIN CERTIFICATE-----\nMIIBjTCCATOgAwIBAgIU\n-----END CERTIFICATE-----\n");
  EXPECT_TRUE(reply.problem.starts_with("a certificate or key of ours is unusable ("))
      << reply.problem;
}

}  // namespace
}  // namespace akgate
