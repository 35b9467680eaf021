// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "tests/register/accounts.hpp"
#include "tests/register/http.hpp"
#include "tests/register/sandbox.hpp"

namespace akgate::sandbox {

/// One request that the router has let through.
struct Call {
  const Request& request;
  std::string parameter;            ///< what stands for the {} of the route's path
  const Account* caller = nullptr;  ///< whose bearer token it was; null where the route needs none
};

// The register's operations; the table in router.cpp says which path and roles they have.
Response obtain_token(Sandbox& sandbox, const Call& call);
Response create_access_record(Sandbox& sandbox, const Call& call);
Response verify_access_record(Sandbox& sandbox, const Call& call);
Response replace_access_record(Sandbox& sandbox, const Call& call);
Response revoke_access_record(Sandbox& sandbox, const Call& call);
Response list_meter_point(Sandbox& sandbox, const Call& call);
Response list_own_records(Sandbox& sandbox, const Call& call);
Response look_up_data_user(Sandbox& sandbox, const Call& call);
Response create_identity_record(Sandbox& sandbox, const Call& call);
Response start_reidentification(Sandbox& sandbox, const Call& call);
Response poll_reidentification(Sandbox& sandbox, const Call& call);
Response report_discovered_access(Sandbox& sandbox, const Call& call);

// What tests and demonstrations steer the sandbox with.
Response show_statistics(Sandbox& sandbox, const Call& call);
Response reset_statistics(Sandbox& sandbox, const Call& call);
Response set_faults(Sandbox& sandbox, const Call& call);
Response clear_faults(Sandbox& sandbox, const Call& call);
Response refuse_connections(Sandbox& sandbox, const Call& call);
Response set_time_offset(Sandbox& sandbox, const Call& call);
Response set_stub(Sandbox& sandbox, const Call& call);
Response clear_stub(Sandbox& sandbox, const Call& call);
Response set_data_user_status(Sandbox& sandbox, const Call& call);
Response forget_tokens(Sandbox& sandbox, const Call& call);
Response confirm_reidentification(Sandbox& sandbox, const Call& call);

}  // namespace akgate::sandbox
