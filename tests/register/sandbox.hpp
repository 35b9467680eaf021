// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <string>

#include "tests/register/accounts.hpp"
#include "tests/register/clock.hpp"
#include "tests/register/faults.hpp"
#include "tests/register/statistics.hpp"
#include "tests/register/store.hpp"
#include "tests/register/tokens.hpp"

namespace akgate::sandbox {

/// An answer that verify gives for one key whatever the store knows of it.
struct Stub {
  int status = 200;
  std::string content_type = "application/json";
  std::string body = {};
  bool raw =
      false;  ///< the body is the whole answer; else it is the `access-record` of a proper one
};

/// All that the operations work on.
struct Sandbox {
  Clock clock;
  Accounts accounts;
  Tokens tokens;
  Store store;
  std::function<void(std::chrono::milliseconds)> refuse_connections;

  std::map<std::string, Stub, std::less<>> stubs = {};  ///< by access key
  FaultTable faults = {};
  Statistics statistics = {};
};

}  // namespace akgate::sandbox
