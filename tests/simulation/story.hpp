// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "record/timestamp.hpp"

namespace akgate {

/// What happened, to be told when something went wrong. Kept only where it is wanted: a run that
/// finds something is run again for its story.
class Story {
 public:
  explicit Story(bool wanted) : wanted_(wanted) {}
  [[nodiscard]] bool wanted() const { return wanted_; }

  /// Something that happened to a key, or to all (nothing).
  void tell(Timestamp when, std::optional<std::size_t> key, std::string what) {
    if (wanted_) lines_.push_back({when, key, std::move(what)});
  }

  struct Line {
    Timestamp when;
    std::optional<std::size_t> key;
    std::string what;
  };
  [[nodiscard]] const std::vector<Line>& lines() const { return lines_; }

 private:
  bool wanted_;
  std::vector<Line> lines_;
};

}  // namespace akgate
