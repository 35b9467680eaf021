// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "record/access_record.hpp"
#include "record/json.hpp"

namespace akgate {

/// Gathers what an answer lacks, as JSON paths with a word on each; never a value of the answer.
class Gaps {
 public:
  void add(std::string_view path, std::string_view what);
  /// The same with the word taken from what stands there: missing, null, or of no use.
  void add(std::string_view path, JsonView found);

  [[nodiscard]] bool none() const { return text_.empty(); }
  [[nodiscard]] const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// Reads what the checklist needs of an `access-record` object within the answer `root`. Leaves the
/// defaults, which never allow, where something is not there, and names it in `gaps`. The caller
/// sets `complete`.
[[nodiscard]] AccessRecord read_record(JsonView root, JsonView record, Gaps& gaps);

/// The path of the first object on the way of read_record() that is ambiguous; empty where none is.
[[nodiscard]] std::string_view find_ambiguity(JsonView root, JsonView record);

}  // namespace akgate
