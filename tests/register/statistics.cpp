// SPDX-License-Identifier: Apache-2.0
#include "tests/register/statistics.hpp"

#include <algorithm>

namespace akgate::sandbox {

void Statistics::connection_accepted() {
  const std::lock_guard lock(mutex_);
  ++connections_;
}

void Statistics::enter(std::string_view operation, bool credentials) {
  const std::lock_guard lock(mutex_);
  auto& counts = operations_[std::string(operation)];
  ++counts.requests;
  counts.with_credentials += credentials ? 1 : 0;
  ++counts.in_flight;
  counts.max_in_flight = std::max(counts.max_in_flight, counts.in_flight);
}

void Statistics::leave(std::string_view operation, int status) {
  const std::lock_guard lock(mutex_);
  auto& counts = operations_[std::string(operation)];
  --counts.in_flight;
  if (status != 0) {
    ++counts.statuses[status];
  }
}

void Statistics::reset() {
  const std::lock_guard lock(mutex_);
  connections_ = 0;
  for (auto& [name, counts] : operations_) {
    const auto in_flight = counts.in_flight;
    counts = Operation{.in_flight = in_flight, .max_in_flight = in_flight};
  }
}

JsonPtr Statistics::to_json() const {
  const std::lock_guard lock(mutex_);
  std::uint64_t requests = 0;
  auto operations = new_object();
  for (const auto& [name, counts] : operations_) {
    requests += counts.requests;
    auto statuses = new_object();
    for (const auto& [status, count] : counts.statuses) {
      put_number(statuses.get(), std::to_string(status).c_str(), static_cast<double>(count));
    }
    auto operation = new_object();
    put_number(operation.get(), "requests", static_cast<double>(counts.requests));
    put_number(operation.get(), "with-credentials", static_cast<double>(counts.with_credentials));
    put_number(operation.get(), "in-flight", static_cast<double>(counts.in_flight));
    put_number(operation.get(), "max-in-flight", static_cast<double>(counts.max_in_flight));
    put(operation.get(), "statuses", std::move(statuses));
    put(operations.get(), name.c_str(), std::move(operation));
  }
  auto all = new_object();
  put_number(all.get(), "connections", static_cast<double>(connections_));
  put_number(all.get(), "requests", static_cast<double>(requests));
  put(all.get(), "operations", std::move(operations));
  return all;
}

}  // namespace akgate::sandbox
