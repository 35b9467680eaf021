// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "platform/event_loop.hpp"
#include "record/json.hpp"
#include "register/authorized_transport.hpp"
#include "register/operations.hpp"
#include "register/register_client.hpp"
#include "tests/integration/process.hpp"
#include "tests/support/temporary_directory.hpp"

namespace akgate {

/// An answer of the register, parsed.
struct Answer {
  HttpReply http;
  JsonDocument document;

  [[nodiscard]] int status() const { return http.status; }
  [[nodiscard]] JsonView operator[](const char* name) const { return document.root()[name]; }
};

inline std::string text(JsonView view) { return std::string(view.string().value_or("(none)")); }
[[nodiscard]] int count(JsonView list);
/// The member `name` of all rows, each with a blank behind.
[[nodiscard]] std::string column(JsonView rows, const char* name);
/// The row whose `ak` that is.
[[nodiscard]] JsonView row_of(JsonView rows, const std::string& ak);

/// The agent's own client: one account, one connection, each call waited for.
class Conversation {
 public:
  Conversation(EventLoop& loop, const std::string& url, Account account);

  /// With a bearer token; without one for the account that has no id.
  Answer ask(HttpRequest request);

  VerifyOutcome verify(const std::string& ak);
  ListingOutcome verify_meter_point(const std::string& ak, const std::string& mpxn);
  DataUserOutcome verify_data_user(const std::string& duid);
  Result<AuthorizedTransport::Token> token();

 private:
  /// Runs `start`, which is handed what to call at the end, until that is called.
  template <typename End, typename Start>
  End wait_for(const Start& start) {
    std::optional<End> end;
    start([&](End came) {
      end.emplace(std::move(came));
      loop_.stop();
    });
    loop_.run();  // The transport's time-outs bound that.
    return *std::move(end);
  }

  EventLoop& loop_;
  SystemClock clock_;
  std::unique_ptr<Transport> transport_;
  std::optional<AuthorizedTransport> authorized_;
  std::optional<RegisterClient> client_;
  bool has_account_;
};

/// akregister with the accounts of its demo, in a process of its own, and a conversation for each
/// account that a test speaks as.
class RegisterTest : public testing::Test {
 protected:
  RegisterTest();

  /// `account` as in `akregister --help`; empty: no account.
  Conversation& as(const std::string& account);
  Answer ask(const std::string& account, HttpRequest request) {
    return as(account).ask(std::move(request));
  }
  Answer post(const std::string& account, const std::string& path, std::string body);
  Answer get(const std::string& account, const std::string& path);

  /// Steers the sandbox.
  void steer(Method method, const std::string& path, const std::string& body = {});
  void register_says(const std::string& fault) { steer(Method::put, "/faults", fault); }
  void time_passes(const std::string& offset) {
    steer(Method::post, "/time-offset", R"({"offset": ")" + offset + "\"}");
  }
  /// How often an operation was asked for since the start.
  int requests(const char* operation);

  /// Registers a record; its access key.
  std::string registered(const std::string& record, const std::string& account = "bright-energy");
  /// Has the customer of 1234567890123 asked to prove that; the token-ref.
  std::string reidentification(const std::string& account);
  void customer_confirms(const std::string& token_ref) {
    steer(Method::post, "/identity-records/confirm", R"({"token-ref": ")" + token_ref + "\"}");
  }

 private:
  [[nodiscard]] std::string log() const { return read_whole_file(directory_ / "register.log"); }

  TemporaryDirectory directory_;
  std::optional<Process> process_;
  std::string root_;
  std::unique_ptr<EventLoop> loop_ = std::move(EventLoop::create()).value();
  std::map<std::string, Conversation> conversations_;
};

/// A record that the register takes as it is: on the basis of a contract, with one controller, no
/// end, for 1234567890123 and as bright-energy. Tests change it with edited().
inline constexpr std::string_view kRecord = R"({
  "record-metadata": {
    "schema-version": "1.0",
    "controller-arrangement": {
      "arrangement-type": "sole", "art26-reference": null,
      "controllers": [{
        "name": "Bright Energy Ltd", "role": "sole", "contact-url": "https://bright-energy.example",
        "lia-reference": null, "statutory-reference": null}]},
    "identity-record-ref": "ir_a3c5e7f9b1d3a3c5e7f9b1d3"},
  "notice": null,
  "processing": {"legal-basis": "uk-contract", "purpose": "Billing", "jurisdiction": "GB",
                 "data-types": ["HH-CONSUMPTION", "HH-EXPORT"]},
  "access-event": {"state": "ACTIVE", "registered-at": "2024-01-15T09:30:00Z", "expiry": null,
                   "controller-reference": "REF-1", "consent": null}})";

/// The demo's meter points, and an identity record of bright-energy for each.
inline const std::string kMpxn = "1234567890123";
inline const std::string kOtherMpxn = "2000012345678";
inline constexpr std::string_view kIdentity = "ir_a3c5e7f9b1d3a3c5e7f9b1d3";
inline constexpr std::string_view kOtherIdentity = "ir_b2b2b2b2b2b2b2b2b2b2b2b2";
inline constexpr std::string_view kGridsIdentity = "ir_c4c4c4c4c4c4c4c4c4c4c4c4";

}  // namespace akgate
