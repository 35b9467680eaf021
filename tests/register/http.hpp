// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace akgate::sandbox {

using Fields = std::vector<std::pair<std::string, std::string>>;

/// One HTTP request, whole.
struct Request {
  std::string method;
  std::string path;     ///< percent-decoded, without the query
  Fields query;         ///< percent-decoded
  Fields headers = {};  ///< names in lower case
  std::string body;
  bool too_large = false;  ///< the body was longer than the server takes, and is left out

  /// The first of that name; null where there is none. Names of headers are given in lower case.
  [[nodiscard]] const std::string* header(std::string_view name) const {
    return find(headers, name);
  }
  [[nodiscard]] const std::string* parameter(std::string_view name) const {
    return find(query, name);
  }

 private:
  static const std::string* find(const Fields& fields, std::string_view name) {
    for (const auto& [key, value] : fields) {
      if (key == name) {
        return &value;
      }
    }
    return nullptr;
  }
};

/// How an answer goes out.
enum class Delivery {
  whole,
  cut,   ///< the length of the whole body is announced, half of it sent, then the connection closed
  drop,  ///< the connection is closed without an answer
  hang,  ///< no answer until the client leaves or the server stops
};

struct Response {
  int status = 200;
  Fields headers = {};
  std::string body = {};
  Delivery delivery = Delivery::whole;
  std::chrono::milliseconds delay{0};  ///< held back for this long
  /// Called once each when the exchange is over, whether it went well or not.
  std::vector<std::function<void()>> when_over = {};
};

}  // namespace akgate::sandbox
