// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <unordered_map>
#include <vector>

#include "cache/store.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/loop.hpp"
#include "refresh/clerk.hpp"
#include "register/verifier.hpp"
#include "time/trusted_time.hpp"

namespace akgate {

/// The clerk: asks the register, dates what it says, and sees to it that bad news is durable before
/// anybody hears of it (I5). Good news is held and written in batches: losing it makes the agent
/// stricter, never looser. Keys never seen active cost no write at all.
class RegisterClerk final : public Clerk {
 public:
  /// What the clerk works with; all of it outlives the clerk. `own` and `desk` may be one loop.
  struct Parts {
    Loop& own;
    Loop& desk;
    const Clock& clock;
    TrustedTime& time;
    Verifier& verifier;
    Store& store;
    const Log& log;
  };

  explicit RegisterClerk(Parts parts);

  void run(Errand errand, OnReport on_report) override;

  /// Writes everything that is held. On the clerk's loop; at the end of a run.
  void flush();

 private:
  struct Held {
    AccessKey key;
    KnowledgePtr knowledge;
  };

  void ask(const Errand& errand, const OnReport& on_report);
  [[nodiscard]] Report conclude(const Errand& errand, BootTime sent_at, VerifyOutcome outcome);
  void heed_register_clock(const VerifyOutcome& outcome);
  void attest(Timestamp said);
  [[nodiscard]] KnowledgePtr known_about(const Errand& errand) const;
  [[nodiscard]] bool keep(const Errand& errand, const KnowledgePtr& known,
                          const KnowledgePtr& knowledge);
  void write_within(std::chrono::milliseconds delay);
  [[nodiscard]] Status write_held();
  void keep_time();
  void write_mark();

  const Parts parts_;
  std::unordered_map<IndexKey, Held, IndexKeyHash> held_;
  Loop::TimerId write_timer_ = 0;
  BootTime write_due_{};
  bool owes_ = false;  ///< Among what is held is bad news that could not be written.
  bool wrong_clock_said_ = false;
};

}  // namespace akgate
