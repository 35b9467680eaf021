// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "tests/register/http.hpp"
#include "tests/register/json.hpp"
#include "tests/register/sandbox.hpp"

namespace akgate::sandbox {

/// The register's error codes.
namespace code {
inline constexpr const char* kInvalid = "VAL001";  ///< a body, a field or a parameter
inline constexpr const char* kInvalidState =
    "VAL002";  ///< the state filter, or a token not fit for use
inline constexpr const char* kInvalidBasis = "VAL003";  ///< the legal-basis filter
inline constexpr const char* kNoBearer = "AUTH001";     ///< no bearer token sent
inline constexpr const char* kBadBearer = "AUTH002";    ///< not ours, or expired
inline constexpr const char* kForbidden = "AUTH003";    ///< not for this role, or someone else's
inline constexpr const char* kOutOfScope =
    "AUTH004";  ///< not this meter point; no Basic credentials sent
inline constexpr const char* kBadCredentials = "AUTH005";  ///< unknown account, or wrong secret key
inline constexpr const char* kNotFound = "NOT001";
inline constexpr const char* kConflict = "CON001";
inline constexpr const char* kFailed = "SRV001";  ///< the sandbox could not keep what it was given
}  // namespace code

/// Why an operation says no.
struct Refusal {
  int status;
  const char* code;
  std::string message;
};

/// {"response": {resource, timestamp, transaction-id}}, to which the operation adds its own
/// members.
[[nodiscard]] JsonPtr envelope(const Sandbox& sandbox, std::string_view resource);
[[nodiscard]] Response answer(int status, const cJSON* body);
[[nodiscard]] Response refusal(const Sandbox& sandbox, const Request& request, const Refusal& why);
/// A 400 with one entry of `errors` for each fault that was found.
[[nodiscard]] Response invalid(const Sandbox& sandbox, const Request& request,
                               const std::vector<std::string>& faults);
/// A 500: the data directory cannot be written.
[[nodiscard]] Response not_kept(const Sandbox& sandbox, const Request& request, const Error& error);

}  // namespace akgate::sandbox
