// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "register_transport_fixture.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {
namespace {

using std::chrono::milliseconds;

struct Refusal {
  const char* why;
  std::function<void(RegisterSettings&)> change;
  const char* fault;  ///< Part of the sentence.
};

class TransportSettings : public TransportTest {
 protected:
  std::string file(const char* name, std::string_view content, mode_t mode = 0600) const {
    std::ofstream(directory_ / name) << content;
    ::chmod((directory_ / name).c_str(), mode);
    return directory_ / name;
  }
  TemporaryDirectory directory_;
};

constexpr std::string_view kSomeCertificate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIBeTCCAR+gAwIBAgIULJ0000000000000000000000000wCgYIKoZIzj0EAwIw\n"
    "-----END CERTIFICATE-----\n";
constexpr std::string_view kSomeKey =
    "-----BEGIN PRIVATE KEY-----\nMIGH\n-----END PRIVATE KEY-----\n";

TEST_F(TransportSettings, what_cannot_work_is_said_at_the_start) {
  const std::string roots = file("roots.pem", kSomeCertificate);
  const std::string key = file("key.pem", kSomeKey);
  for (const Refusal& row : std::vector<Refusal>{
           {"no TLS", [](auto& s) { s.url = "http://api.central.consent/v1"; }, "https://"},
           {"no such file", [&](auto& s) { s.ca_file = directory_ / "none.pem"; }, "none.pem"},
           {"no certificate in it", [&](auto& s) { s.ca_file = key; },
            "key.pem holds no certificate"},
           {"others may change it",
            [&](auto& s) { s.ca_file = file("open.pem", kSomeCertificate, 0666); }, "open.pem"},
           {"a certificate without key", [&](auto& s) { s.client_cert_file = roots; },
            "go together"},
           {"a key without certificate", [&](auto& s) { s.client_key_file = key; }, "go together"},
           {"no key in it", [&](auto& s) { s.client_cert_file = s.client_key_file = roots; },
            "roots.pem holds no private key"},
           {"a key that others may read",
            [&](auto& s) {
              s.client_cert_file = roots;
              s.client_key_file = file("readable.pem", kSomeKey, 0644);
            },
            "readable.pem"},
           {"a key under a passphrase",
            [&](auto& s) {
              s.client_cert_file = roots;
              s.client_key_file = file("locked.pem", "-----BEGIN ENCRYPTED PRIVATE KEY-----\n");
            },
            "passphrase"},
           {"no time to connect", [](auto& s) { s.connect_timeout = milliseconds(0); },
            "between 1 ms"},
           {"no time to answer", [](auto& s) { s.timeout = milliseconds(0); }, "between 1 ms"},
           {"time without end", [](auto& s) { s.timeout = milliseconds::max(); }, "and 1 h"},
           {"nothing under way", [](auto& s) { s.max_in_flight = 0; }, "at least 1"},
       }) {
    RegisterSettings broken = settings("https://api.central.consent/v1");
    broken.ca_file = roots;
    row.change(broken);
    const auto made = Transport::create(*loop_, broken);
    ASSERT_FALSE(made.ok()) << row.why;
    EXPECT_NE(made.error().what().find(row.fault), std::string::npos)
        << row.why << ": " << made.error().what();
  }
}

}  // namespace
}  // namespace akgate
