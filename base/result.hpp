// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "base/assert.hpp"

namespace akgate {

/// Why something could not be done: one sentence for a person, which gathers context on its way up.
/// Never holds an access key, a token or a secret (I9).
class Error {
 public:
  explicit Error(std::string what) : what_(std::move(what)) {}

  /// The same error, seen from one level further out: "context: what".
  [[nodiscard]] Error within(std::string_view context) && {
    what_.insert(0, ": ").insert(0, context);
    return std::move(*this);
  }

  [[nodiscard]] const std::string& what() const { return what_; }

 private:
  std::string what_;
};

/// A value, or the error that kept us from having it. Looking at the wrong one of the two is a
/// fault of the program, not of its input, and ends it.
template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value)
      : state_(std::in_place_index<0>, std::move(value)) {}  // NOLINT(google-explicit-constructor)
  Result(Error&& error)
      : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)
  Result(const Error& error)
      : state_(std::in_place_index<1>, error) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  [[nodiscard]] T& value() & { return *there(std::get_if<0>(&state_)); }
  [[nodiscard]] const T& value() const& { return *there(std::get_if<0>(&state_)); }
  [[nodiscard]] T&& value() && { return std::move(value()); }
  T& operator*() & { return value(); }
  const T& operator*() const& { return value(); }
  T&& operator*() && { return std::move(value()); }
  T* operator->() { return &value(); }
  const T* operator->() const { return &value(); }

  [[nodiscard]] const Error& error() const& { return *there(std::get_if<1>(&state_)); }
  [[nodiscard]] Error&& error() && { return std::move(*there(std::get_if<1>(&state_))); }

 private:
  template <typename Part>
  static Part* there(Part* part) {
    AKGATE_ASSERT(part != nullptr);
    return part;
  }

  std::variant<T, Error> state_;
};

/// The value of an operation that has none: `Status` is "done" or an error.
struct Done {};
using Status = Result<Done>;

}  // namespace akgate
