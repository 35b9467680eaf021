// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <string_view>

#include "tests/register/demo.hpp"
#include "tests/register/json.hpp"
#include "tests/register/router.hpp"
#include "tests/register/sandbox.hpp"

namespace akgate::sandbox {

inline constexpr std::string_view kBrightsIdentity =
    "ir_a3c5e7f9b1d3a3c5e7f9b1d3";  // 1234567890123
inline constexpr std::string_view kBrightsOtherIdentity =
    "ir_b2b2b2b2b2b2b2b2b2b2b2b2";                                                 // 2000012345678
inline constexpr std::string_view kGridsIdentity = "ir_c4c4c4c4c4c4c4c4c4c4c4c4";  // 1234567890123

/// A record that the register takes as it is: consent, one sole controller.
inline JsonPtr valid_record(std::string_view identity = kBrightsIdentity) {
  auto record = parse_json(R"({
    "record-metadata": {
      "schema-version": "1.0",
      "controller-arrangement": {
        "arrangement-type": "sole",
        "controllers": [{"name": "Bright Energy Ltd", "role": "sole",
                         "contact-url": "https://bright-energy.example/contact"}]
      },
      "identity-record-ref": ""
    },
    "notice": {"shared-notice": {"terms-url": "https://bright-energy.example/terms",
                                 "notice-version": "v1"}},
    "processing": {"legal-basis": "uk-consent", "purpose": "Advice", "data-types": ["HH-CONSUMPTION"]},
    "access-event": {
      "state": "ACTIVE", "registered-at": "2023-11-07T05:31:56Z", "expiry": "2099-11-10T17:07:01.580Z",
      "consent": {"consent-type": "expressed-consent", "method": "Web checkbox"}
    }
  })");
  put_text(member(record.get(), "record-metadata"), "identity-record-ref", identity);
  return record;
}

/// The sandbox with the demo's accounts and identity records, in memory and without a network.
class World {
 public:
  World()
      : sandbox(new Sandbox{.clock = Clock(std::chrono::milliseconds(0)),
                            .accounts = {},
                            .tokens = Tokens::open("", std::chrono::seconds(7200)).value(),
                            .store = Store::open("").value(),
                            .refuse_connections = [](std::chrono::milliseconds) {}}),
        router(*sandbox, false) {
    EXPECT_TRUE(seed_demo_accounts(sandbox->accounts).ok());
    EXPECT_TRUE(seed_demo_identity_records(sandbox->store).ok());
  }

  /// Asks as the account of that id; an empty id sends no credentials. The query may stand in the
  /// path.
  Response ask(std::string_view account_id, std::string method, std::string_view target,
               std::string body = "") {
    Request request{.method = std::move(method), .path = {}, .query = {}, .body = std::move(body)};
    const auto question = target.find('?');
    request.path = target.substr(0, question);
    for (auto rest = question; rest != std::string_view::npos;) {
      const auto end = target.find('&', rest + 1);
      const auto pair =
          target.substr(rest + 1, end == std::string_view::npos ? end : end - rest - 1);
      const auto equals = pair.find('=');
      request.query.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
      rest = end;
    }
    if (!account_id.empty()) {
      const auto* account = sandbox->accounts.find(account_id);
      EXPECT_NE(account, nullptr) << account_id;
      request.headers.emplace_back(
          "authorization", "Bearer " + sandbox->tokens.issue(*account, sandbox->clock.now()));
    }
    return router.handle(request);
  }

  /// Registers the record as bright-energy and gives its key.
  std::string create(const JsonPtr& record) {
    const auto response = ask("bright-energy", "POST", "/v1/access-records", to_text(record.get()));
    EXPECT_EQ(response.status, 201) << response.body;
    const auto body = parse_json(response.body);
    return std::string(text_of(member(member(body.get(), "access-token"), "key")));
  }

  std::unique_ptr<Sandbox> sandbox;
  Router router;
};

}  // namespace akgate::sandbox
