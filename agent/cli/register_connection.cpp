// SPDX-License-Identifier: Apache-2.0
#include "cli/register_connection.hpp"

#include <string>
#include <utility>

#include "base/assert.hpp"
#include "config/config.hpp"
#include "register/account.hpp"

namespace akgate {

namespace {

Result<Config> read_given_config(const Options& options) {
  const std::string file(options.value("config").value_or(kDefaultConfigFile));
  return read_config(file, Credentials::where_there);
}

RegisterSettings settings_of(const Config::Register& given) {
  return {.url = given.url,
          .ca_file = given.ca_file,
          .client_cert_file = given.client_cert_file,
          .client_key_file = given.client_key_file,
          .connect_timeout = given.connect_timeout,
          .timeout = given.timeout,
          .max_in_flight = 1};
}

}  // namespace

RegisterConnection::RegisterConnection(std::unique_ptr<EventLoop> loop,
                                       std::unique_ptr<Transport> transport)
    : loop_(std::move(loop)), transport_(std::move(transport)) {}

Result<std::unique_ptr<RegisterConnection>> RegisterConnection::connect(RegisterSettings settings) {
  Result<std::unique_ptr<EventLoop>> loop = EventLoop::create();
  if (!loop) return std::move(loop).error();
  Result<std::unique_ptr<Transport>> transport = Transport::create(**loop, std::move(settings));
  if (!transport) return std::move(transport).error();
  return std::unique_ptr<RegisterConnection>(
      new RegisterConnection(std::move(*loop), std::move(*transport)));
}

Result<std::unique_ptr<RegisterConnection>> RegisterConnection::open(const Options& options) {
  const Result<Config> config = read_given_config(options);
  return config ? connect(settings_of(config->register_)) : config.error();
}

Result<std::unique_ptr<RegisterConnection>> RegisterConnection::open_with_account(
    const Options& options) {
  const Result<Config> config = read_given_config(options);
  if (!config) return config.error();
  const Config::Register& given = config->register_;
  Result<Account> account = read_account(given.account_id, given.secret_key_file);
  if (!account) return std::move(account).error();
  if (account->id.empty()) {
    return Error(
        "the configuration names no account, and the register wants to know who asks: set "
        "register.account-id and register.secret-key-file");
  }
  Result<std::unique_ptr<RegisterConnection>> connection = connect(settings_of(given));
  if (!connection) return connection;
  RegisterConnection& made = **connection;
  made.authorized_.emplace(*made.transport_, made.clock_, std::move(*account));
  return connection;
}

template <typename T, typename Start>
T RegisterConnection::wait_for(const Start& start) {
  std::optional<T> came;
  start([&](T reply) {
    came.emplace(std::move(reply));
    loop_->stop();
  });
  // It may have come already, and the loop been told to stop before it ran.
  while (!came) loop_->run();
  return std::move(*came);
}

HttpReply RegisterConnection::ask(HttpRequest request) {
  return wait_for<HttpReply>(
      [&](auto on_reply) { transport_->send(std::move(request), std::move(on_reply)); });
}

AuthorizedTransport::Reply RegisterConnection::ask_with_token(HttpRequest request) {
  AKGATE_ASSERT(authorized_.has_value());
  return wait_for<AuthorizedTransport::Reply>(
      [&](auto on_reply) { authorized_->send(std::move(request), std::move(on_reply)); });
}

Result<AuthorizedTransport::Token> RegisterConnection::token() {
  AKGATE_ASSERT(authorized_.has_value());
  return wait_for<Result<AuthorizedTransport::Token>>(
      [&](auto on_token) { authorized_->fetch(std::move(on_token)); });
}

}  // namespace akgate
