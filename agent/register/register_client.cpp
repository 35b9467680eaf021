// SPDX-License-Identifier: Apache-2.0
#include "register/register_client.hpp"

#include <utility>

#include "register/operations.hpp"

namespace akgate {

namespace {

// What the register says of tokens, meter points and Data Users is no word about the records, which
// need none of them: a register that is slow with those must not open grace for these (I3). Only
// where a request could not even leave is it the link.
template <typename End>
End on_its_own(End end, const HttpReply& reply) {
  if (end.silence == Silence::link && reply.status != 0) end.silence = Silence::request;
  end.retry_after.reset();  // The transport has heeded it.
  return end;
}

}  // namespace

void RegisterClient::verify(const AccessKey& key, OnEnd<VerifyOutcome> on_end) {
  transport_.send(verify_request(key), [key, on_end = std::move(on_end)](HttpReply reply) {
    VerifyOutcome end = read_verify_reply(reply, key);
    wipe(reply.body.data(), reply.body.size());
    on_end(std::move(end));
  });
}

void RegisterClient::verify_meter_point(const AccessKey& key, const Mpxn& mpxn,
                                        OnEnd<ListingOutcome> on_end) {
  const auto conclude = [key, mpxn, on_end = std::move(on_end)](AuthorizedTransport::Reply reply) {
    ListingOutcome end{reply.obstacle, false};
    if (reply.authorized) {
      end = read_meter_point_reply(reply.http, key, mpxn, reply.claims.role);
    } else if (!reply.claims.role.empty()) {
      end.detail = explain_meter_point_refusal(reply.claims.role);
    }
    end.requests = reply.requests;
    wipe(reply.http.body.data(), reply.http.body.size());
    on_end(on_its_own(std::move(end), reply.http));
  };
  authorized_.send(meter_point_request(mpxn, {}), conclude, kNoMeterPointRoles);
}

void RegisterClient::verify_data_user(const Duid& duid, OnEnd<DataUserOutcome> on_end) {
  authorized_.send(data_user_request(duid),
                   [duid, on_end = std::move(on_end)](AuthorizedTransport::Reply reply) {
                     DataUserOutcome end{reply.obstacle, DataUserStatus::other};
                     if (reply.authorized)
                       end = read_data_user_reply(reply.http, duid, reply.claims.role);
                     end.requests = reply.requests;
                     wipe(reply.http.body.data(), reply.http.body.size());
                     on_end(on_its_own(std::move(end), reply.http));
                   });
}

}  // namespace akgate
