// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "audit/trail_reader.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"

namespace akgate {

/// The standard output, written in large pieces. What follows an error is dropped.
class PieceOutput {
 public:
  void add(std::string_view text);
  [[nodiscard]] bool failed() const { return !status_; }
  /// Writes the rest; the first error of all.
  [[nodiscard]] Status finish();

 private:
  void write();
  std::string pending_;
  Status status_ = Done{};
};

/// How a command ends that printed entries of the trail: complains of what went wrong, or of what
/// is wrong with the trail.
[[nodiscard]] ExitCode conclude(const Status& written, const std::optional<AuditFinding>& finding);

}  // namespace akgate
