// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>

#include "cache/keys.hpp"
#include "record/access_key.hpp"
#include "record/knowledge.hpp"
#include "register/outcome.hpp"

namespace akgate {

/// Knowledge is shared between desk and clerk and never changed once made.
using KnowledgePtr = std::shared_ptr<const Knowledge>;

/// Whether the register ever showed a whole record under this key: then it is no guess.
[[nodiscard]] inline bool was_ever_active(const KnowledgePtr& known) {
  return known && known->record && known->record->complete;
}

/// What the desk asks the clerk to find out.
struct Errand {
  AccessKey key;
  IndexKey index;
  KnowledgePtr known;  ///< What the desk knows now; null for nothing.
};

/// What came of it.
struct Report {
  IndexKey index;
  VerifyOutcome outcome;   ///< Without the record, which is in `knowledge`.
  KnowledgePtr knowledge;  ///< What to go by from now on; null where the outcome is no knowledge.
  /// False: this is bad news that could not be made durable (I5). It counts all the same, and must
  /// not be forgotten.
  bool durable = true;
  /// Bad news, this or earlier, waits to be made durable: no grace until that is done (I5).
  bool disk_owes = false;
};

/// The desk's view of the clerk: one errand, one report.
class Clerk {
 public:
  using OnReport = std::function<void(Report)>;
  virtual ~Clerk() = default;
  /// Returns at once. `on_report` is called exactly once, later, on the desk's loop.
  virtual void run(Errand errand, OnReport on_report) = 0;
};

}  // namespace akgate
