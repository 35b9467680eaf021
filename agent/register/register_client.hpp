// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "register/transport.hpp"
#include "register/verifier.hpp"

namespace akgate {

/// The real verifier: asks over a transport and reads what comes back.
class RegisterClient final : public Verifier {
 public:
  /// `transport` outlives this.
  explicit RegisterClient(Transport& transport) : transport_(transport) {}

  void verify(const AccessKey& key, OnEnd on_end) override;

 private:
  Transport& transport_;
};

/// The request "verify" about a key.
[[nodiscard]] HttpRequest verify_request(const AccessKey& key);

/// What a reply to "verify" means. Pure. An incomplete record is knowledge only if it denies by
/// itself; whether its expiry has passed is then a matter of the register's own clock, as the reply
/// tells it.
[[nodiscard]] VerifyOutcome read_verify_reply(const HttpReply& reply, const AccessKey& asked);

}  // namespace akgate
