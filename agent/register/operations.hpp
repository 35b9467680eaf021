// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "record/access_key.hpp"
#include "record/duid.hpp"
#include "record/mpxn.hpp"
#include "register/outcome.hpp"
#include "register/transport.hpp"

namespace akgate {

// The register's operations as requests, and what the replies to them mean. Pure; any thread.
// All but "verify" are to be sent with a bearer token.

/// Operation 3.
[[nodiscard]] HttpRequest verify_request(const AccessKey& key);

/// Operation 4. Empty filters are left out.
struct MeterPointFilter {
  std::string state;
  std::string legal_basis;
  Secret reidentification_token;
};
[[nodiscard]] HttpRequest meter_point_request(const Mpxn& mpxn, const MeterPointFilter& filter);

/// Operation 5. Empty filters are left out. The register's default limit is 200, its greatest 500.
struct ListFilter {
  std::string state;
  std::string legal_basis;
  std::optional<std::size_t> limit;
};
inline constexpr std::size_t kDefaultListLimit = 200;
inline constexpr std::size_t kMaxListLimit = 500;
[[nodiscard]] HttpRequest list_request(const ListFilter& filter);

/// Operation 2, and the replacing and revoking beside it. `record` is a JSON document.
[[nodiscard]] HttpRequest create_request(std::string record);
[[nodiscard]] HttpRequest replace_request(const AccessKey& key, std::string record);
/// An empty reason is left out.
[[nodiscard]] HttpRequest revoke_request(const AccessKey& key, std::string_view reason);

[[nodiscard]] HttpRequest data_user_request(const Duid& duid);

/// What a reply to "verify" means. An incomplete record is knowledge only if it denies by itself;
/// whether its expiry has passed is then a matter of the register's own clock, as the reply tells
/// it.
[[nodiscard]] VerifyOutcome read_verify_reply(const HttpReply& reply, const AccessKey& asked);

/// What a reply to operation 4 means for one key. A 404 with the register's envelope is `found`
/// too: a meter point that the register does not know lists no key. `role` is that of our token,
/// for the detail of a 403.
[[nodiscard]] ListingOutcome read_meter_point_reply(const HttpReply& reply, const AccessKey& asked,
                                                    const Mpxn& mpxn, std::string_view role);

/// What a reply of the directory means; `role` as above.
[[nodiscard]] DataUserOutcome read_data_user_reply(const HttpReply& reply, const Duid& asked,
                                                   std::string_view role);

/// The roles that the register is known to refuse operation 4: asking would be asking for nothing.
inline constexpr std::array<std::string_view, 2> kNoMeterPointRoles = {"data_provider", "dcc"};

/// For a person: why the register answers operation 4, or asks of the directory, with 403 where our
/// token has this role (empty: not known), and what to do.
[[nodiscard]] std::string explain_meter_point_refusal(std::string_view role);
[[nodiscard]] std::string explain_data_user_refusal(std::string_view role);

}  // namespace akgate
