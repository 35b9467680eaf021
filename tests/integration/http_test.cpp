// SPDX-License-Identifier: Apache-2.0
// The HTTP front of the real agent, asked with curl, and behind real nginx with the example that
// users start from.
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <csignal>
#include <filesystem>

#include "tests/integration/stage.hpp"

namespace akgate {
namespace {

using std::chrono::seconds;

const std::string kHome = "1234567890123";
const std::string kElsewhere = "2000012345678";
const std::string kType = "X-Data-Type: HH-CONSUMPTION";

/// A port that was free a moment ago.
std::string free_port() {
  const Fd socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  EXPECT_EQ(::bind(socket.get(), reinterpret_cast<const sockaddr*>(&address), size), 0);
  EXPECT_EQ(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size), 0);
  return std::to_string(ntohs(address.sin_port));
}

using Headers = std::vector<std::string>;

class Http : public ::testing::Test {
 protected:
  void SetUp() override {
    stage.start_register();
    key = stage.registered_record();
    serve("unix:" + http_socket);
  }

  /// Configures the front; `more` is of its section.
  void serve(const std::string& listen, const std::string& more = "",
             const std::string& of_gate = "") {
    stage.more_configuration = R"("gate": { "socket": ")" + stage.socket + "\"" + of_gate +
                               R"( }, "http": { "listen": ")" + listen + "\"" + more + " }";
  }

  /// What curl says: status, and the verdict in the headers, `403 DENY revoked`, or else the body.
  static std::string fetch(std::vector<std::string> arguments, const Headers& headers = {}) {
    arguments.insert(arguments.begin(),
                     {"curl", "-sS", "--max-time", "10", "-w",
                      "\n%{http_code} %header{x-akgate-verdict} %header{x-akgate-reason}"});
    for (const std::string& header : headers) arguments.insert(arguments.end(), {"-H", header});
    const Ended ended = run_to_end(arguments);
    EXPECT_EQ(ended.status, 0) << ended.output;
    const std::string body = ended.output.substr(0, ended.output.find('\n'));
    const std::string facts = ended.output.substr(ended.output.rfind('\n') + 1);
    return body.empty() ? facts : facts.substr(0, 4) + body;
  }

  std::string ask(const Headers& headers, std::vector<std::string> more = {}) {
    more.insert(more.end(), {"--unix-socket", http_socket, "http://localhost/check"});
    return fetch(more, headers);
  }
  std::string get(const std::string& path) {
    return fetch({"--unix-socket", http_socket, "http://localhost" + path});
  }

  Stage stage;
  std::string key;
  std::string http_socket = stage.directory / "http.sock";
};

TEST_F(Http, questions_with_curl) {
  stage.start_agent();
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType}), "200 ALLOW active");
  EXPECT_EQ(ask({"X-Access-Key: " + key, "X-Data-Type: HH-CONSUMPTION, HH-EXPORT"}),
            "403 DENY data-type-not-covered");
  EXPECT_EQ(ask({"X-Access-Key: " + key}), "403 DENY data-type-required");
  EXPECT_EQ(ask({kType}), "403 DENY malformed-key");
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType, "X-MPxN: " + kHome, "x-mpxn: " + kHome}),
            "400 X-MPxN stands twice");
  stage.revoke(key);
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType}), "200 ALLOW active") << "fresh enough";
  EXPECT_EQ(verdict_in(stage.ask(key, "mode=fresh")), "DENY revoked");
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType}), "403 DENY revoked");
}

TEST_F(Http, I9_no_key_in_the_log_at_debug_level_nor_in_any_reply) {
  stage.start_agent();
  for (const Headers& headers : std::vector<Headers>{{"X-Access-Key: " + key, kType},
                                                     {key + ": " + key},
                                                     {"X-MPxN: " + key, "X-MPxN: " + key},
                                                     {"Content-Length: " + key},
                                                     {"X-DUID: " + key + "\xff"}}) {
    EXPECT_EQ(ask(headers, {"-i"}).find(key.substr(3)), std::string::npos);
  }
  EXPECT_EQ(get("/" + key).find(key.substr(3)), std::string::npos);
  EXPECT_EQ(stage.agent_log().find(key.substr(3)), std::string::npos);
}

TEST_F(Http, curl_may_post_and_keep_the_connection) {
  stage.start_agent();
  write_whole_file(stage.directory / "body", std::string(3'000'000, 'b'));
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType}, {"--data-binary", "@" + stage.directory / "body"}),
            "200 ALLOW active")
      << "curl asks first whether it may send so much (Expect: 100-continue)";
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType, "Expect:", "Transfer-Encoding: chunked"},
                {"--data-binary", "@" + stage.directory / "body"}),
            "200 ALLOW active");
  const std::string url = "http://localhost/check";
  const Ended ended = run_to_end({"curl", "-sS", "-v", "--unix-socket", http_socket, url, url, url,
                                  "-H", "X-Access-Key: " + key, "-H", kType});
  std::size_t reused = 0;
  for (std::size_t at = 0; (at = ended.output.find("Re-using", at)) != std::string::npos; ++at)
    ++reused;
  EXPECT_EQ(reused, 2U) << ended.output;
}

TEST_F(Http, health_readiness_and_metrics) {
  stage.start_agent();
  EXPECT_EQ(get("/healthz"), "200 alive");
  EXPECT_EQ(get("/readyz"), "200 ready");
  EXPECT_EQ(get("/metrics").substr(0, 3), "200");
  EXPECT_EQ(get("/").substr(0, 3), "404");
}

TEST_F(Http, a_question_without_a_required_header_is_none) {
  serve("unix:" + http_socket, R"(, "required-headers": ["X-Data-Type", "X-MPxN"])");
  stage.start_agent();
  EXPECT_EQ(ask({"X-Access-Key: " + key, kType}),
            "400 X-MPxN is missing, which http.required-headers asks for");
}

TEST_F(Http, the_socket_is_for_the_gates_users) {
  stage.start_agent();
  struct stat facts {};
  ASSERT_EQ(::stat(http_socket.c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 07777U, 0660U);
}

TEST_F(Http, on_a_loopback_address_where_every_local_user_may_ask) {
  const std::string address = "127.0.0.1:" + free_port();
  serve(address, R"(, "allow-any-local-user": true)");
  stage.start_agent();
  EXPECT_EQ(fetch({"http://" + address + "/check"}, {"X-Access-Key: " + key, kType}),
            "200 ALLOW active");
  const Ended second = run_to_end({Stage::kAgent, "--config", stage.config});
  EXPECT_EQ(second.status, 2);
}

TEST_F(Http, sigterm_answers_what_was_asked) {
  stage.register_fault(R"("delay": "700ms")");
  stage.start_agent();
  const std::string output = stage.directory / "curl.out";
  Process curl({.arguments = {"curl", "-sSi", "--unix-socket", http_socket,
                              "http://localhost/check", "-H", "X-Access-Key: " + key, "-H", kType},
                .output = output,
                .environment = {}});
  ASSERT_TRUE(comes_true([&] { return stage.verify_calls() == 1; }));
  stage.agent().signal(SIGTERM);
  EXPECT_EQ(curl.wait(kPatience), 0);
  EXPECT_NE(read_whole_file(output).find("X-Akgate-Verdict: ALLOW"), std::string::npos);
  EXPECT_EQ(stage.agent().wait(kPatience), 0);
  EXPECT_FALSE(std::filesystem::exists(http_socket));
}

// --- nginx ---------------------------------------------------------------------------------------

void replace_all(std::string& text, const std::string& what, const std::string& with) {
  ASSERT_NE(text.find(what), std::string::npos) << "the example no longer says: " << what;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size())
    text.replace(at, what.size(), with);
}

// Not in everybody's PATH.
const std::string kNginx = std::filesystem::exists("/usr/sbin/nginx") ? "/usr/sbin/nginx" : "nginx";

class Nginx : public Http {
 protected:
  void SetUp() override {
    if (run_to_end({kNginx, "-v"}).status != 0)
      GTEST_SKIP() << "there is no nginx here (Debian's package: nginx)";
    Http::SetUp();
    serve("unix:" + http_socket, R"(, "required-headers": ["X-Data-Type", "X-MPxN"])");
    stage.start_agent();
    ASSERT_EQ(
        run_to_end({Stage::kCli, "bind", key, kHome, "--control-socket", stage.control_socket})
            .status,
        0);
    start_nginx();
  }

  /// The example, moved into the test's directory.
  void start_nginx() {
    std::string example = read_whole_file(AKGATE_SOURCE_DIR "/agent/gate/examples/nginx.conf");
    replace_all(example, "/run/akgate/http.sock", http_socket);
    replace_all(example, "127.0.0.1:8088", "127.0.0.1:" + port);
    replace_all(example, "127.0.0.1:8081", "127.0.0.1:" + free_port());
    replace_all(example, "/run/nginx-akgate.pid", stage.directory / "nginx.pid");
    replace_all(example, "/dev/stdout", stage.directory / "access.log");
    std::string directories = "http {\n";
    for (const std::string name : {"client_body", "proxy", "fastcgi", "uwsgi", "scgi"})
      directories += name + "_temp_path " + stage.directory / ("nginx-" + name) + ";\n";
    replace_all(example, "http {\n", directories);
    const std::string file = stage.directory / "nginx.conf";
    write_whole_file(file, example);
    // One process, of our own user: the directory is nobody else's to look into.
    nginx.emplace(Process::Run{.arguments = {kNginx, "-p", stage.directory.path(), "-c", file, "-g",
                                             "daemon off; master_process off;"},
                               .output = stage.directory / "nginx.log",
                               .environment = {}});
    ASSERT_TRUE(comes_true([&] {
      return run_to_end({"curl", "-s", "-o", "/dev/null", "http://127.0.0.1:" + port}).status == 0;
    })) << read_whole_file(stage.directory / "nginx.log");
  }

  std::string release(const std::string& path, const Headers& headers) {
    return fetch({"--path-as-is", "http://127.0.0.1:" + port + path}, headers).substr(0, 3);
  }

  std::string port = free_port();
  std::optional<Process> nginx;
};

TEST_F(Nginx, releases_what_akgate_allows_and_nothing_else) {
  const std::string bearer = "Authorization: Bearer " + key;
  EXPECT_EQ(fetch({"http://127.0.0.1:" + port + "/consumption/" + kHome}, {bearer}),
            "200 the data of /consumption/" + kHome);
  EXPECT_EQ(release("/consumption/" + kElsewhere, {bearer}), "403");
  EXPECT_EQ(release("/export/" + kHome, {bearer}), "403");
  EXPECT_EQ(release("/consumption/" + kHome, {}), "403");
  EXPECT_EQ(release("/consumption/" + kHome, {"Authorization: Bearer " + key + "0"}), "403");
  EXPECT_EQ(release("/consumption/" + kHome, {"X-Access-Key: " + key}), "403");
  EXPECT_EQ(release("/akgate", {bearer}), "404");
  EXPECT_EQ(release("/check", {bearer}), "404");
  EXPECT_EQ(fetch({"-d", "body", "http://127.0.0.1:" + port + "/consumption/" + kHome}, {bearer}),
            "200 the data of /consumption/" + kHome);

  const std::string log = read_whole_file(stage.directory / "access.log");
  EXPECT_NE(log.find("200 HH-CONSUMPTION ALLOW active tid_"), std::string::npos) << log;
  EXPECT_NE(log.find("403 HH-CONSUMPTION DENY mpxn-mismatch"), std::string::npos) << log;
  EXPECT_EQ(log.find(key.substr(3)), std::string::npos) << log;
  EXPECT_EQ(log.find(kHome), std::string::npos) << log;
}

TEST_F(Nginx, a_question_header_from_outside_is_overwritten) {
  const std::string bearer = "Authorization: Bearer " + key;
  for (const std::string name : {"X-MPxN", "x-mpxn", "X_MPxN", "X-MP-xN"}) {
    EXPECT_EQ(release("/consumption/" + kElsewhere, {bearer, name + ": " + kHome}), "403") << name;
    EXPECT_EQ(release("/consumption/" + kHome, {bearer, name + ": " + kElsewhere}), "200") << name;
  }
  EXPECT_EQ(release("/export/" + kHome, {bearer, kType, kType}), "403");
  EXPECT_EQ(release("/consumption/" + kHome, {bearer, "X-Access-Key: x", "X-DUID: duid_1",
                                              "X-Controller: Mallory", "Content-Length: 0"}),
            "200");
}

TEST_F(Nginx, what_is_released_is_what_was_checked) {
  const std::string bearer = "Authorization: Bearer " + key;
  const auto data_of = [&](const std::string& path) {
    return fetch({"--path-as-is", "http://127.0.0.1:" + port + path}, {bearer});
  };
  const std::string home = "200 the data of /consumption/" + kHome;
  EXPECT_EQ(data_of("/consumption/" + kElsewhere + "/../" + kHome), home);
  EXPECT_EQ(data_of("/consumption//" + kHome + "?mpxn=" + kElsewhere), home);
  EXPECT_EQ(data_of("/consumption/" + kHome + "%2f..%2f" + kElsewhere).substr(0, 3), "403");
}

TEST_F(Nginx, nothing_is_released_while_the_agent_is_gone) {
  const std::string bearer = "Authorization: Bearer " + key;
  EXPECT_EQ(release("/consumption/" + kHome, {bearer}), "200");
  stage.kill_agent();
  EXPECT_EQ(release("/consumption/" + kHome, {bearer}), "500");
  stage.start_agent();
  EXPECT_TRUE(comes_true([&] { return release("/consumption/" + kHome, {bearer}) == "200"; }));
}

TEST_F(Nginx, keeps_its_connection_to_the_agent) {
  const std::string bearer = "Authorization: Bearer " + key;
  stage.kill_agent();
  serve("unix:" + http_socket, "", R"(, "max-connections": 1)");
  stage.start_agent();
  for (int i = 0; i < 10; ++i) {
    EXPECT_EQ(release("/consumption/" + kHome, {bearer}), "200");
    EXPECT_EQ(release("/consumption/" + kElsewhere, {bearer}), "403");
  }
  EXPECT_EQ(Asker(http_socket).line(), "HTTP/1.1 503 Service Unavailable\r")
      << "nginx has the only one, and keeps it";
}

}  // namespace
}  // namespace akgate
