// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/stage.hpp"

#include <gtest/gtest.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include <regex>

#include "platform/unix_socket.hpp"

namespace akgate {

const std::string Stage::kAgent = AKGATE_BIN_DIR "/akgated";
const std::string Stage::kCli = AKGATE_BIN_DIR "/akgate";
const std::string Stage::kRegister = AKGATE_BIN_DIR "/akregister";

namespace {

// A CA that the agent knows, one that it does not, and three certificates.
constexpr const char* kMakeCertificates = R"(set -e
new_key='-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes'
for ca in ca other-ca; do
  openssl req -x509 $new_key -days 2 -subj "/CN=$ca" -keyout $ca.key -out $ca.pem
done
sign() {  # NAME CA HOST
  openssl req $new_key -subj "/CN=$3" -keyout $1.key -out $1.csr
  printf "subjectAltName=DNS:$3\nbasicConstraints=CA:FALSE\n" >$1.ext
  openssl x509 -req -in $1.csr -CA $2.pem -CAkey $2.key -CAcreateserial -days 2 -extfile $1.ext -out $1.pem
}
sign good ca localhost
sign other-host ca elsewhere.example
sign other-ca-signed other-ca localhost
)";

constexpr const char* kRecord = R"({"record-metadata": {"schema-version": "1.0",
  "controller-arrangement": {"arrangement-type": "sole", "controllers": [{
    "name": "Bright Energy Ltd", "role": "sole", "contact-url": "https://bright-energy.example/contact",
    "address": {"addressLine1": "10 Canary Wharf", "townCity": "London", "postcode": "E14 5AB"},
    "privacy-rights-url": "https://bright-energy.example/your-rights"}]},
  "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"},
 "notice": null,
 "processing": {"legal-basis": "uk-contract", "purpose": "Billing", "data-types": ["HH-CONSUMPTION"]},
 "access-event": {"state": "ACTIVE", "registered-at": "2024-01-15T09:30:00Z", "expiry": null,
   "controller-reference": "REF-00123", "consent": null}})";

std::string first_match(const std::string& text, const std::string& pattern) {
  std::smatch match;
  return std::regex_search(text, match, std::regex(pattern)) ? match[match.size() - 1].str() : "";
}

}  // namespace

Asker::Asker(const std::string& socket) {
  auto connected = connect_unix(socket);
  if (connected) socket_ = *std::move(connected);
}

void Asker::send(const std::string& text) const {
  std::string_view left = text;
  while (!left.empty()) {
    const ssize_t sent = ::send(socket_.get(), left.data(), left.size(), MSG_NOSIGNAL);
    if (sent <= 0) return;
    left.remove_prefix(static_cast<std::size_t>(sent));
  }
}

void Asker::end_sending() const { ::shutdown(socket_.get(), SHUT_WR); }

std::string Asker::line(std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (unread_.find('\n') == std::string::npos) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    pollfd wanted{.fd = socket_.get(), .events = POLLIN, .revents = 0};
    if (left.count() <= 0 || ::poll(&wanted, 1, static_cast<int>(left.count())) <= 0) {
      return "(nothing)";
    }
    char chunk[4096];
    const ssize_t got = ::recv(socket_.get(), chunk, sizeof chunk, 0);
    if (got <= 0) return "(end)";
    unread_.append(chunk, static_cast<std::size_t>(got));
  }
  const std::size_t end = unread_.find('\n');
  std::string line = unread_.substr(0, end);
  unread_.erase(0, end + 1);
  return line;
}

std::string Asker::ask(const std::string& text) {
  send(text + "\n");
  return line();
}

Stage::Stage() {
  write_whole_file(directory / "certificates.sh", kMakeCertificates);
  const Ended made =
      run_to_end({"sh", "-c", "cd " + directory.path() + " && sh ./certificates.sh"});
  if (made.status != 0) throw std::runtime_error("openssl made no certificates: " + made.output);
}

void Stage::start_register(const std::string& certificate) {
  const std::string log = directory / "register.log";
  write_whole_file(log, "");
  register_.emplace(Process::Run{
      .arguments = {kRegister, "--listen", "localhost:" + port_, "--data", directory / "register",
                    "--seed-demo", "--tls-cert", directory / (certificate + ".pem"), "--tls-key",
                    directory / (certificate + ".key")},
      .output = log,
      .environment = register_environment});
  ASSERT_TRUE(comes_true([&] {
    return read_whole_file(log).find("listening on ") != std::string::npos;
  })) << read_whole_file(log);
  port_ = first_match(read_whole_file(log), "https://[^ ]*:([0-9]+)/v1");
  url = "https://localhost:" + port_ + "/v1";
}

std::string Stage::root_url() const { return "https://localhost:" + port_; }

std::string Stage::call(const std::string& method, const std::string& path, const std::string& body,
                        const std::string& bearer) const {
  std::vector<std::string> arguments = {"curl", "-sS", "--insecure", "-X", method};
  if (!body.empty()) {
    arguments.insert(arguments.end(), {"-H", "Content-Type: application/json", "--data", body});
  }
  if (!bearer.empty()) arguments.insert(arguments.end(), {"-H", "Authorization: " + bearer});
  arguments.push_back(root_url() + path);
  const Ended ended = run_to_end(arguments);
  EXPECT_EQ(ended.status, 0) << ended.output;
  return ended.output;
}

void Stage::register_fault(const std::string& members) const {
  const std::string answer =
      call("PUT", "/sandbox/faults",
           R"({"path": "/v1/access-records", "method": "GET", )" + members + "}");
  EXPECT_EQ(answer.find("errors"), std::string::npos) << answer;
}

void Stage::register_behaves() const { call("DELETE", "/sandbox/faults"); }

int Stage::statistic(const std::string& name) const {
  const std::string found = first_match(call("GET", "/sandbox/statistics"), name);
  return found.empty() ? 0 : std::stoi(found);
}

int Stage::verify_calls() const {
  return statistic(R"re("verify"[^}]*?"requests"\s*:\s*([0-9]+))re");
}

int Stage::verify_calls_with_credentials() const {
  return statistic(R"re("verify"[^}]*?"with-credentials"\s*:\s*([0-9]+))re");
}

int Stage::connections() const { return statistic(R"re("connections"\s*:\s*([0-9]+))re"); }

std::string Stage::registered_record(const std::string& expiry) const {
  const std::string basic = "Basic YnJpZ2h0LWVuZXJneTpicmlnaHQtZW5lcmd5LWRlbW8ta2V5";
  const std::string token = first_match(call("GET", "/v1/auth/token", "", basic),
                                        R"re("bearer-token"\s*:\s*"([^"]+)")re");
  std::string record = kRecord;
  constexpr std::string_view kNoExpiry = R"("expiry": null)";
  record.replace(record.find(kNoExpiry), kNoExpiry.size(), R"("expiry": )" + expiry);
  const std::string answer = call("POST", "/v1/access-records", record, "Bearer " + token);
  std::string key = first_match(answer, R"re("key"\s*:\s*"(ak_[0-9a-f]{24})")re");
  EXPECT_FALSE(key.empty()) << answer;
  return key;
}

void Stage::revoke(const std::string& key) const {
  const std::string basic = "Basic YnJpZ2h0LWVuZXJneTpicmlnaHQtZW5lcmd5LWRlbW8ta2V5";
  const std::string token = first_match(call("GET", "/v1/auth/token", "", basic),
                                        R"re("bearer-token"\s*:\s*"([^"]+)")re");
  call("DELETE", "/v1/access-records/" + key, "", "Bearer " + token);
}

void Stage::write_configuration() const {
  std::string credentials;
  if (!account.empty()) {
    const std::string file = directory / "secret-key";
    write_whole_file(file, secret_key + "\n");
    EXPECT_EQ(::chmod(file.c_str(), 0600), 0);
    credentials = R"(", "account-id": ")" + account + R"(", "secret-key-file": ")" + file;
  }
  write_whole_file(config,
                   R"({ "register": { "url": ")" + url + R"(", "ca-file": ")" + (directory / ca) +
                       credentials + "\"" + more_register_configuration +
                       R"( }, "cache": { "directory": ")" + (directory / "cache") +
                       R"(", "device-key-file": ")" + (directory / "cache/device.key") +
                       R"(" }, "control": { "socket": ")" + control_socket +
                       R"(" }, "audit": { "directory": ")" + (directory / "audit") +
                       R"(" }, "log": { "level": "debug" }, )" +
                       (more_configuration.empty() ? R"("gate": { "socket": ")" + socket + "\" }"
                                                   : more_configuration) +
                       "}");
}

void Stage::start_agent() {
  write_configuration();
  agent_.emplace(Process::Run{.arguments = {kAgent, "--config", config},
                              .output = directory / "agent.log",
                              .environment = agent_environment});
  ASSERT_TRUE(comes_true([&] { return Asker(socket).connected(); })) << agent_log();
}

std::string Stage::ask(const std::string& key, const std::string& more) const {
  return asker().ask("CHECK " + key + " data-type=HH-CONSUMPTION" +
                     (more.empty() ? "" : " " + more));
}

// Not by a std::regex: making one is no matter for several threads.
std::string verdict_in(const std::string& reply) {
  constexpr std::string_view kReason = " reason=";
  const std::size_t reason = reply.find(kReason);
  if (reason == std::string::npos) return reply;
  const std::size_t begin = reason + kReason.size();
  return reply.substr(0, reason) + " " + reply.substr(begin, reply.find(' ', begin) - begin);
}

}  // namespace akgate
