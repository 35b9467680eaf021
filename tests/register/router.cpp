// SPDX-License-Identifier: Apache-2.0
#include "tests/register/router.hpp"

#include <array>
#include <cstdio>
#include <mutex>
#include <optional>

#include "tests/register/answers.hpp"

namespace akgate::sandbox {

using Roles = unsigned;

struct Route {
  std::string_view method;
  std::string_view path;       ///< {} stands for one segment, the call's parameter
  std::string_view operation;  ///< its name in the statistics; empty: not counted
  Roles roles;                 ///< whose bearer token it takes; 0: it needs none
  enum class Effect { reads, changes } effect;
  Response (*handler)(Sandbox& sandbox, const Call& call);
};

namespace {

constexpr Roles bit(Role role) { return 1U << static_cast<unsigned>(role); }

constexpr Roles kNobody = 0;  // no token is asked for
constexpr Roles kDataUser = bit(Role::data_user);
constexpr Roles kProvider = bit(Role::data_provider);
constexpr Roles kDcc = bit(Role::dcc);
constexpr Roles kPortal = bit(Role::portal);
constexpr Roles kAdmin = bit(Role::admin);

constexpr auto kReads = Route::Effect::reads;
constexpr auto kChanges = Route::Effect::changes;

// clang-format off
constexpr std::array kRoutes{
    Route{"GET",    "/v1/auth/token",                       "token",           kNobody,                      kReads,   obtain_token},
    Route{"POST",   "/v1/access-records",                   "create",          kDataUser,                    kChanges, create_access_record},
    Route{"GET",    "/v1/access-records/{}",                "verify",          kNobody,                      kReads,   verify_access_record},
    Route{"PUT",    "/v1/access-records/{}",                "replace",         kDataUser,                    kChanges, replace_access_record},
    Route{"DELETE", "/v1/access-records/{}",                "revoke",          kDataUser,                    kChanges, revoke_access_record},
    Route{"GET",    "/v1/meter-points/{}/access-records",   "meter-point",     kDataUser | kPortal,          kChanges, list_meter_point},
    Route{"GET",    "/v1/records",                          "records",         kDataUser | kAdmin,           kReads,   list_own_records},
    Route{"GET",    "/v1/data-users/{}",                    "data-user",       kDataUser | kProvider | kAdmin, kReads, look_up_data_user},
    Route{"POST",   "/v1/identity-records",                 "create-identity", kDataUser,                    kChanges, create_identity_record},
    Route{"POST",   "/v1/identity-records/reidentify",      "reidentify",      kDataUser | kPortal,          kChanges, start_reidentification},
    Route{"GET",    "/v1/identity-records/reidentify/{}",   "reidentify-poll", kDataUser | kPortal,          kReads,   poll_reidentification},
    Route{"POST",   "/v1/discovered-access",                "discovered",      kDcc,                         kChanges, report_discovered_access},

    Route{"GET",    "/sandbox/statistics",                  "",                kNobody,                      kReads,   show_statistics},
    Route{"DELETE", "/sandbox/statistics",                  "",                kNobody,                      kReads,   reset_statistics},
    Route{"PUT",    "/sandbox/faults",                      "",                kNobody,                      kReads,   set_faults},
    Route{"DELETE", "/sandbox/faults",                      "",                kNobody,                      kReads,   clear_faults},
    Route{"POST",   "/sandbox/refuse",                      "",                kNobody,                      kReads,   refuse_connections},
    Route{"POST",   "/sandbox/time-offset",                 "",                kNobody,                      kReads,   set_time_offset},
    Route{"PUT",    "/sandbox/access-records/{}",           "",                kNobody,                      kChanges, set_stub},
    Route{"DELETE", "/sandbox/access-records/{}",           "",                kNobody,                      kChanges, clear_stub},
    Route{"PUT",    "/sandbox/data-users/{}",               "",                kNobody,                      kChanges, set_data_user_status},
    Route{"DELETE", "/sandbox/tokens",                      "",                kNobody,                      kChanges, forget_tokens},
    Route{"POST",   "/sandbox/identity-records/confirm",    "",                kNobody,                      kChanges, confirm_reidentification},
};
// clang-format on

/// What stands for the {} where the path is of that pattern; empty where it has none.
std::optional<std::string> match(std::string_view pattern, std::string_view path) {
  const auto hole = pattern.find("{}");
  if (hole == std::string_view::npos) {
    return pattern == path ? std::optional<std::string>("") : std::nullopt;
  }
  const auto before = pattern.substr(0, hole);
  const auto after = pattern.substr(hole + 2);
  if (path.size() <= before.size() + after.size() || !path.starts_with(before) ||
      !path.ends_with(after)) {
    return std::nullopt;
  }
  const auto parameter = path.substr(before.size(), path.size() - before.size() - after.size());
  return parameter.find('/') == std::string_view::npos ? std::optional(std::string(parameter))
                                                       : std::nullopt;
}

/// The account behind the request's bearer token, if it may call the route.
std::optional<Refusal> admit(const Sandbox& sandbox, const Route& route, const Request& request,
                             const Account*& caller) {
  constexpr std::string_view kScheme = "Bearer ";
  if (route.roles == kNobody) {
    return std::nullopt;
  }
  const auto* header = request.header("authorization");
  if (header == nullptr || !header->starts_with(kScheme)) {
    return Refusal{401, code::kNoBearer, "send a bearer token from GET /v1/auth/token"};
  }
  const auto account_id =
      sandbox.tokens.check(std::string_view(*header).substr(kScheme.size()), sandbox.clock.now());
  caller = account_id ? sandbox.accounts.find(*account_id) : nullptr;
  if (caller == nullptr) {
    return Refusal{401, code::kBadBearer,
                   "the bearer token is not of this register, or has expired"};
  }
  if ((route.roles & bit(caller->role)) == 0) {
    return Refusal{403, code::kForbidden,
                   "the role " + std::string(name_of(caller->role)) + " may not do this"};
  }
  return std::nullopt;
}

/// No route has both this path and this method.
Response no_route(const Sandbox& sandbox, const Request& request) {
  std::string allowed;
  for (const auto& route : kRoutes) {
    if (match(route.path, request.path)) {
      allowed += (allowed.empty() ? "" : ", ") + std::string(route.method);
    }
  }
  if (allowed.empty()) {
    return refusal(sandbox, request, {404, code::kNotFound, "the register has no such resource"});
  }
  auto response =
      refusal(sandbox, request, {405, code::kInvalid, "the resource does not take this method"});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

}  // namespace

Response Router::handle(const Request& request) {
  const Route* found = nullptr;
  std::string parameter;
  for (const auto& route : kRoutes) {
    if (route.method != request.method) {
      continue;
    }
    if (auto matched = match(route.path, request.path)) {
      found = &route;
      parameter = std::move(*matched);
      break;
    }
  }
  const bool counted = found == nullptr || !found->operation.empty();
  const std::string_view operation = found != nullptr ? found->operation : "unknown";
  if (counted) {
    sandbox_.statistics.enter(operation, request.header("authorization") != nullptr);
  }
  auto response = dispatch(found, request, std::move(parameter));
  response.headers.emplace_back("Date", format_http_date(sandbox_.clock.now()));
  if (counted) {
    count(request, operation, response);
  }
  return response;
}

Response Router::dispatch(const Route* route, const Request& request, std::string parameter) {
  const bool is_control = request.path.starts_with("/sandbox/");
  const auto fault = is_control ? std::nullopt : sandbox_.faults.take(request.method, request.path);
  Response response;
  if (fault && fault->replaces_answer()) {
    response = fault_answer(*fault);
  } else if (request.too_large) {
    response = refusal(sandbox_, request, {413, code::kInvalid, "the body is longer than 64 KiB"});
  } else if (route == nullptr) {
    response = no_route(sandbox_, request);
  } else {
    response = run(*route, request, std::move(parameter));
  }
  if (fault) {
    apply(*fault, response);
  }
  return response;
}

Response Router::run(const Route& route, const Request& request, std::string parameter) {
  std::shared_lock reading(doors_, std::defer_lock);
  std::unique_lock changing(doors_, std::defer_lock);
  if (route.effect == kChanges) {
    changing.lock();
  } else {
    reading.lock();
  }
  Call call{.request = request, .parameter = std::move(parameter)};
  if (const auto why = admit(sandbox_, route, request, call.caller)) {
    return refusal(sandbox_, request, *why);
  }
  return route.handler(sandbox_, call);
}

void Router::count(const Request& request, std::string_view operation, Response& response) {
  const bool answered = response.delivery == Delivery::whole || response.delivery == Delivery::cut;
  const int status = answered ? response.status : 0;
  response.when_over.emplace_back(
      [this, operation, status] { sandbox_.statistics.leave(operation, status); });
  if (verbose_) {
    std::fprintf(stderr, "%s %s: %d\n", request.method.c_str(), std::string(operation).c_str(),
                 status);
  }
}

}  // namespace akgate::sandbox
