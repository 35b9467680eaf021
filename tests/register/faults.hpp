// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "tests/register/http.hpp"
#include "tests/register/json.hpp"

namespace akgate::sandbox {

/// One way to misbehave, for the requests it matches.
struct Fault {
  std::string path = {};    ///< prefix of the request's path
  std::string method = {};  ///< empty: any
  std::optional<int> status = {};
  std::optional<std::string> body = {};
  Fields headers = {};
  std::chrono::milliseconds delay{0};
  Delivery delivery = Delivery::whole;
  std::uint64_t times_left = 0;  ///< 0: for as long as it stands in the table

  /// Whether it answers in the operation's place, which then does not run at all.
  [[nodiscard]] bool replaces_answer() const {
    return status || body || delivery == Delivery::drop || delivery == Delivery::hang;
  }
};

/// Reads one fault object, or a list of them, in the form that `akregister --help` describes.
[[nodiscard]] Result<std::vector<Fault>> read_faults(const cJSON* json);

/// The faults in force, first match first. Any thread.
class FaultTable {
 public:
  void replace(std::vector<Fault> faults);
  /// The fault for this request, used up by one where it is for a number of times.
  [[nodiscard]] std::optional<Fault> take(std::string_view method, std::string_view path);

 private:
  std::mutex mutex_;
  std::vector<Fault> faults_;
};

/// The answer of a fault that replaces the operation's.
[[nodiscard]] Response fault_answer(const Fault& fault);
/// Adds what a fault does to any answer: delay, headers, cut body.
void apply(const Fault& fault, Response& response);

}  // namespace akgate::sandbox
