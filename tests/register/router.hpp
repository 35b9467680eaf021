// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <shared_mutex>

#include "tests/register/http.hpp"
#include "tests/register/operations.hpp"
#include "tests/register/sandbox.hpp"

namespace akgate::sandbox {

struct Route;

/// From request to answer: finds the operation, checks the caller's role, lets the faults have
/// their way, counts. Any thread.
class Router {
 public:
  /// `verbose`: a line on stderr for each request, without keys.
  Router(Sandbox& sandbox, bool verbose) : sandbox_(sandbox), verbose_(verbose) {}

  [[nodiscard]] Response handle(const Request& request);

 private:
  Response dispatch(const Route* route, const Request& request, std::string parameter);
  Response run(const Route& route, const Request& request, std::string parameter);
  /// Sees to it that the statistics learn when the exchange is over, and how it went.
  void count(const Request& request, std::string_view operation, Response& response);

  Sandbox& sandbox_;
  bool verbose_;
  std::shared_mutex doors_;  ///< what changes things is alone in the sandbox
};

}  // namespace akgate::sandbox
