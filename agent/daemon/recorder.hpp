// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "audit/audit_trail.hpp"
#include "cache/keys.hpp"
#include "gate/overview.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"

namespace akgate {

/// The desk's answers, each counted once in the trail of decisions and in the metrics when it is
/// told (I13). On the desk's loop.
class Recorder final : public Answers {
 public:
  /// All of it outlives the recorder.
  struct Parts {
    Answers& desk;
    AuditTrail& trail;
    const DeviceKeys& keys;
    const Loop& loop;
  };

  explicit Recorder(const Parts& parts) : parts_(parts) {}

  /// `audit.required`: whether an allowance that cannot be recorded is a denial.
  void require_record(bool required) { required_ = required; }
  /// The trail's first entry is durable: before that nothing can be said to be recorded.
  void trail_has_begun() { trail_has_begun_ = true; }

  /// Nothing can be recorded, so nothing is allowed.
  [[nodiscard]] bool denies_for_want_of_record() const {
    return required_ && !(trail_has_begun_ && parts_.trail.can_record());
  }

  [[nodiscard]] const AnswerTally& tally() const { return tally_; }

  Ticket ask(const Question& question, std::chrono::milliseconds timeout, Uid uid,
             OnSettled on_settled) override {
    return parts_.desk.ask(question, timeout, uid, std::move(on_settled));
  }
  void cancel(Ticket ticket) override { parts_.desk.cancel(ticket); }
  [[nodiscard]] Verdict verdict(const Question& question, const Settled& settled) override;
  [[nodiscard]] std::optional<AtOnce> verdict_at_once(const Question& question) override;
  [[nodiscard]] Verdict answer(const Question& question, const Settled& settled,
                               const Asker& asker) override;
  [[nodiscard]] std::optional<AtOnce> answer_at_once(const Question& question, Uid uid) override;
  [[nodiscard]] std::optional<Timestamp> still_holds(const Grounds& grounds) override;
  void note_told_again(const Question& question, const Verdict& verdict, const IndexKey& key,
                       Uid uid, std::uint64_t& noted_as) override;
  [[nodiscard]] WatchId watch(const Question& question, Uid uid, OnNews on_news) override {
    return parts_.desk.watch(question, uid, std::move(on_news));
  }
  void unwatch(WatchId watch) override { parts_.desk.unwatch(watch); }

 private:
  [[nodiscard]] Verdict recordable(Verdict verdict) const;

  const Parts parts_;
  AnswerTally tally_;
  bool required_ = false;
  bool trail_has_begun_ = false;
};

/// The first bytes of an index, as the trail has them.
[[nodiscard]] Fingerprint fingerprint_of(const IndexKey& index);

}  // namespace akgate
