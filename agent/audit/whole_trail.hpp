// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/trail_reader.hpp"

namespace akgate {

/// Reads both rooms of a trail as one, in the order of time.
class WholeTrail {
 public:
  /// `expected`: a head that the trail once had, such as the running agent's own.
  [[nodiscard]] static Result<WholeTrail> open(const std::string& directory, const AuditKeys& keys,
                                               const std::optional<AuditHead>& expected);

  /// The next entry; nothing at the end.
  [[nodiscard]] std::optional<AuditEntry> next();

  // At the end:
  /// What was found first: of allows where both rooms have something.
  [[nodiscard]] std::optional<AuditFinding> finding() const;
  /// What was last being written is not whole.
  [[nodiscard]] bool torn() const { return allows_.torn() || denials_.torn(); }
  [[nodiscard]] AuditHead head() const {
    return {.allows = allows_.end(), .denials = denials_.end()};
  }

 private:
  WholeTrail(TrailReader allows, TrailReader denials)
      : allows_(std::move(allows)), denials_(std::move(denials)) {}

  TrailReader allows_;
  TrailReader denials_;
  std::optional<AuditEntry> next_allow_;
  std::optional<AuditEntry> next_denial_;
};

/// One sentence: which entry of which file it is, and what is wrong with it.
[[nodiscard]] std::string describe(const AuditFinding& finding);

}  // namespace akgate
