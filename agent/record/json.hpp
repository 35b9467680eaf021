// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/result.hpp"

struct cJSON;

namespace akgate {

/// A strict look at a value in a JSON document; a thin cover over cJSON that cannot be used
/// loosely. Valid while its document lives. Asking a missing value for anything gives "missing"
/// again, so paths can be chained.
class JsonView {
 public:
  JsonView() = default;  ///< Missing.
  explicit JsonView(const cJSON* node) : node_(node) {}

  [[nodiscard]] bool missing() const { return node_ == nullptr; }
  [[nodiscard]] bool is_null() const;
  [[nodiscard]] bool is_object() const;
  [[nodiscard]] bool is_array() const;
  /// Neither there nor null.
  [[nodiscard]] bool absent() const { return missing() || is_null(); }

  /// The member of exactly that name, in exactly that case; missing where there is none.
  [[nodiscard]] JsonView operator[](const char* name) const;
  /// Whether any two members of this object have names that are equal but for case. Such an object
  /// means different things to different readers.
  [[nodiscard]] bool ambiguous() const;
  /// Whether a member has one of these names (all in lower case) but for its case. To us it is not
  /// there, to another reader it is.
  [[nodiscard]] bool has_lookalike(std::span<const std::string_view> names) const;

  [[nodiscard]] std::optional<std::string_view> string() const;
  [[nodiscard]] std::optional<double> number() const;
  [[nodiscard]] std::optional<bool> boolean() const;

  /// Iteration over an array's elements or an object's members.
  [[nodiscard]] JsonView first_child() const;
  [[nodiscard]] JsonView next() const;
  [[nodiscard]] std::string_view name() const;  ///< As an object's member; empty otherwise.

 private:
  const cJSON* node_ = nullptr;
};

/// Owns a parsed document. All its texts are wiped when it goes: answers repeat the access key.
/// Threads: parse in one thread only, for cJSON keeps the place of its last error in a global.
class JsonDocument {
 public:
  static constexpr std::size_t kMaxBytes = 256 * 1024;
  static constexpr int kMaxDepth = 32;

  /// Exactly one JSON value, in UTF-8, no text behind it but white space, no NUL in any string
  /// (cJSON ends there, so two different strings would compare equal), no control characters,
  /// bounded in size and nesting. The error names what is wrong and the line, never the content.
  [[nodiscard]] static Result<JsonDocument> parse(std::string_view text,
                                                  std::size_t max_bytes = kMaxBytes);

  JsonDocument(JsonDocument&&) noexcept = default;
  JsonDocument& operator=(JsonDocument&&) noexcept = default;

  [[nodiscard]] JsonView root() const { return JsonView(root_.get()); }

 private:
  struct Free {
    void operator()(cJSON* node) const;
  };
  explicit JsonDocument(cJSON* root) : root_(root) {}
  std::unique_ptr<cJSON, Free> root_;
};

}  // namespace akgate
