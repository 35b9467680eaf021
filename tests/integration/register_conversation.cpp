// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/register_conversation.hpp"

#include <thread>

#include "tests/unit/verify_answer.hpp"

namespace akgate {

int count(JsonView list) {
  int rows = 0;
  for (JsonView row = list.first_child(); !row.missing(); row = row.next()) ++rows;
  return rows;
}

std::string column(JsonView rows, const char* name) {
  std::string all;
  for (JsonView row = rows.first_child(); !row.missing(); row = row.next()) {
    all += text(row[name]) + " ";
  }
  return all;
}

JsonView row_of(JsonView rows, const std::string& ak) {
  JsonView row = rows.first_child();
  while (!row.missing() && row["ak"].string() != ak) row = row.next();
  return row;
}

Conversation::Conversation(EventLoop& loop, const std::string& url, Account account)
    : loop_(loop), has_account_(!account.id.empty()) {
  RegisterSettings settings;
  settings.url = url;
  settings.max_in_flight = 1;
  transport_ = std::move(Transport::create(loop, settings)).value();
  authorized_.emplace(*transport_, clock_, std::move(account));
  client_.emplace(*transport_, *authorized_);
}

Answer Conversation::ask(HttpRequest request) {
  AuthorizedTransport::Reply reply;
  if (has_account_) {
    reply = wait_for<AuthorizedTransport::Reply>(
        [&](auto end) { authorized_->send(std::move(request), end); });
    EXPECT_TRUE(reply.authorized) << reply.http.problem;
  } else {
    reply.http = wait_for<HttpReply>([&](auto end) { transport_->send(std::move(request), end); });
  }
  auto document = JsonDocument::parse(reply.http.body, std::size_t{4} * 1024 * 1024);
  EXPECT_TRUE(document.ok()) << reply.http.status << " " << reply.http.problem;
  return {.http = std::move(reply.http),
          .document = document.ok() ? *std::move(document) : JsonDocument::parse("null").value()};
}

VerifyOutcome Conversation::verify(const std::string& ak) {
  return wait_for<VerifyOutcome>(
      [&](auto end) { client_->verify(AccessKey::parse(ak).value(), end); });
}

ListingOutcome Conversation::verify_meter_point(const std::string& ak, const std::string& mpxn) {
  return wait_for<ListingOutcome>([&](auto end) {
    client_->verify_meter_point(AccessKey::parse(ak).value(), Mpxn::parse(mpxn).value(), end);
  });
}

DataUserOutcome Conversation::verify_data_user(const std::string& duid) {
  return wait_for<DataUserOutcome>(
      [&](auto end) { client_->verify_data_user(Duid::parse(duid).value(), end); });
}

Result<AuthorizedTransport::Token> Conversation::token() {
  return wait_for<Result<AuthorizedTransport::Token>>([&](auto end) { authorized_->fetch(end); });
}

RegisterTest::RegisterTest() {
  process_.emplace(Process::Run{
      .arguments = {AKGATE_BIN_DIR "/akregister", "--listen", "127.0.0.1:0", "--seed-demo"},
      .output = directory_ / "register.log",
      .environment = {}});
  constexpr std::string_view kSays = "listening on ";
  std::size_t said = std::string::npos;
  for (int tries = 0; tries < 1000 && said == std::string::npos; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
    said = log().find(kSays);
    if (log().find("/v1\n") == std::string::npos) said = std::string::npos;
  }
  EXPECT_NE(said, std::string::npos) << log();
  const std::string url = log().substr(said + kSays.size());
  root_ = url.substr(0, url.find("/v1\n"));
}

Conversation& RegisterTest::as(const std::string& account) {
  const std::string name = account == "concentrator-17" ? "concentrator" : account;
  const Account who{.id = account, .key = Secret::copy_of(name + "-demo-key")};
  return conversations_.try_emplace(account, *loop_, root_ + "/v1", who).first->second;
}

Answer RegisterTest::post(const std::string& account, const std::string& path, std::string body) {
  HttpRequest request;
  request.method = Method::post;
  request.path = Secret::copy_of(path);
  request.body = std::move(body);
  return ask(account, std::move(request));
}

Answer RegisterTest::get(const std::string& account, const std::string& path) {
  HttpRequest request;
  request.path = Secret::copy_of(path);
  return ask(account, std::move(request));
}

void RegisterTest::steer(Method method, const std::string& path, const std::string& body) {
  HttpRequest request;
  request.method = method;
  request.path = Secret::copy_of("/sandbox" + path);
  request.body = body;
  Conversation sandbox(*loop_, root_, {});
  EXPECT_EQ(sandbox.ask(std::move(request)).status(), 200) << path << " " << body;
}

int RegisterTest::requests(const char* operation) {
  HttpRequest request;
  request.path = Secret::copy_of("/sandbox/statistics");
  Conversation sandbox(*loop_, root_, {});
  const Answer answer = sandbox.ask(std::move(request));
  return static_cast<int>(answer["operations"][operation]["requests"].number().value_or(0));
}

std::string RegisterTest::registered(const std::string& record, const std::string& account) {
  const Answer answer = ask(account, create_request(record));
  EXPECT_EQ(answer.status(), 201) << answer.http.body;
  return text(answer["access-token"]["key"]);
}

std::string RegisterTest::reidentification(const std::string& account) {
  const Answer answer = post(account, "/identity-records/reidentify",
                             R"({"mpxn": ")" + kMpxn + R"(", "method": "magic-link"})");
  EXPECT_EQ(answer.status(), 200) << answer.http.body;
  return text(answer["token-ref"]);
}

}  // namespace akgate
