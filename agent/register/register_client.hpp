// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "register/authorized_transport.hpp"
#include "register/transport.hpp"
#include "register/verifier.hpp"

namespace akgate {

/// The real verifier: asks over a transport and reads what comes back.
class RegisterClient final : public Verifier {
 public:
  /// Both outlive this.
  RegisterClient(Transport& transport, AuthorizedTransport& authorized)
      : transport_(transport), authorized_(authorized) {}

  void verify(const AccessKey& key, OnEnd<VerifyOutcome> on_end) override;
  void verify_meter_point(const AccessKey& key, const Mpxn& mpxn,
                          OnEnd<ListingOutcome> on_end) override;
  void verify_data_user(const Duid& duid, OnEnd<DataUserOutcome> on_end) override;

 private:
  Transport& transport_;
  AuthorizedTransport& authorized_;
};

}  // namespace akgate
