// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>

#include "base/options.hpp"
#include "base/result.hpp"
#include "platform/certificate_date.hpp"
#include "platform/clock.hpp"
#include "platform/event_loop.hpp"
#include "register/authorized_transport.hpp"
#include "register/transport.hpp"

namespace akgate {

/// The option of every command that goes to the register itself.
inline constexpr Option kRegisterConfigOption{
    .name = "config",
    .value = "FILE",
    .help = "the agent's configuration, which names the register"};

/// The register, as the commands ask it: one request after the other, each waited for. The
/// transport's own time-outs bound that.
class RegisterConnection {
 public:
  /// Reads what --config names. Without an account.
  [[nodiscard]] static Result<std::unique_ptr<RegisterConnection>> open(const Options& options);
  /// The same with the account of the configuration; it is an error where it has none.
  [[nodiscard]] static Result<std::unique_ptr<RegisterConnection>> open_with_account(
      const Options& options);

  /// Without a bearer token.
  [[nodiscard]] HttpReply ask(HttpRequest request);

  // With open_with_account() only.
  [[nodiscard]] AuthorizedTransport::Reply ask_with_token(HttpRequest request);
  [[nodiscard]] Result<AuthorizedTransport::Token> token();

 private:
  RegisterConnection(std::unique_ptr<EventLoop> loop, std::unique_ptr<Transport> transport);
  static Result<std::unique_ptr<RegisterConnection>> connect(RegisterSettings settings);

  // Lets `start` set something off that calls back once, and waits for that.
  template <typename T, typename Start>
  T wait_for(const Start& start);

  CertificateDate certificate_date_;
  SystemClock clock_;
  std::unique_ptr<EventLoop> loop_;
  std::unique_ptr<Transport> transport_;
  std::optional<AuthorizedTransport> authorized_;
};

}  // namespace akgate
