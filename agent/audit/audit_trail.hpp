// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "audit/audit_keys.hpp"
#include "audit/batch.hpp"
#include "audit/chain.hpp"
#include "audit/entry.hpp"
#include "audit/repeats.hpp"
#include "audit/trail_writer.hpp"
#include "platform/fd.hpp"
#include "platform/log.hpp"
#include "platform/loop.hpp"

namespace akgate {

/// The trail of decisions, as the desk sees it: it takes notes and never waits. What is noted is
/// durable within `sync` and what a write takes (I13): it gathers for four fifths of that, then
/// goes to the writer's loop as one block, one under way a room; under load blocks grow instead of
/// becoming more. All calls on the desk's loop.
///
/// The same answer told again and again becomes one entry with a count (repeats.hpp).
///
/// Bounded: where denials find no room they are folded by uid and reason, like those of unknown
/// keys; where anything else finds none, because the disk fails or is too slow, it is lost and
/// counted, and an entry tells of that as soon as one can be written. Who must not lose an ALLOW
/// asks can_record() before giving it, and flush()es its START before it gives any.
class AuditTrail {
 public:
  struct Settings {
    std::string directory;  ///< Made where missing, mode 0700.
    std::uint64_t max_bytes = 64ULL * 1024 * 1024;
    std::chrono::milliseconds sync{5000};
  };

  /// All of it outlives the trail; `writer`, which may wait for the disk, and `desk` may be one
  /// loop.
  struct Parts {
    Loop& desk;
    Loop& writer;
    const AuditKeys& keys;
    const Log& log;
    /// Takes how far the trail has come, on the desk's loop, whenever that is further than before.
    std::function<void(const AuditHead&)> on_head{};
  };

  /// `expected`: the head() that the cache kept, if any.
  AuditTrail(Settings settings, Parts parts, std::optional<AuditHead> expected);

  /// Who asked for a verdict, about what.
  struct Asked {
    std::uint64_t uid = 0;
    std::optional<Fingerprint> key;  ///< Nothing: what was given is no access key.
  };
  /// Counts a verdict, once for each reply that tells it.
  void note(const Question& question, const Verdict& verdict, const Asked& asked);
  /// The same for who tells that same verdict to that same asker time and again. `noted_as` is
  /// theirs to keep, 0 at first: by it the answer is found at once the next time.
  void note_again(const Question& question, const Verdict& verdict, const Asked& asked,
                  std::uint64_t& noted_as);
  /// Any other entry. `sequence` is given later; `last` and `count` are its own. False where it had
  /// no room.
  bool note(const AuditEntry& entry);

  /// Whether an ALLOW given now would be recorded: there is room, and the last write did not fail.
  [[nodiscard]] bool can_record() const;
  /// Why it could not be written; empty where it can.
  [[nodiscard]] const std::string& trouble() const {
    return allows_.trouble.empty() ? denials_.trouble : allows_.trouble;
  }
  /// What was found altered or missing when the trail was opened; empty: nothing.
  [[nodiscard]] const std::string& finding() const { return finding_; }
  /// Entries that were lost since the start.
  [[nodiscard]] std::uint64_t losses() const { return losses_; }
  [[nodiscard]] std::uint64_t bytes_written() const { return bytes_written_; }
  /// How far the trail has come on disk: what the cache keeps.
  [[nodiscard]] const AuditHead& head() const { return head_; }

  using OnDurable = std::function<void(const Status&)>;
  /// Calls back, once, when all that was noted until now is durable, or when a write failed.
  void flush(OnDurable on_durable);

 private:
  using Batch = std::shared_ptr<const AuditBatch>;

  /// One room, on the desk's side.
  struct Lane {
    explicit Lane(AuditRoom of, std::uint64_t max_bytes)
        : room(of), max_batch(max_batch_bytes(of, max_bytes)), gathering(max_batch) {}
    AuditRoom room;
    std::size_t max_batch;
    AuditBatch gathering;
    Batch under_way;                 ///< Null: nothing.
    bool to_be_tried_again = false;  ///< What is under way could not be written.
    bool due = false;                ///< What gathers goes as soon as nothing is under way.
    std::string trouble;             ///< Why the last write failed; empty where it did not.
    std::optional<AuditEntry> lost;  ///< To be told of.
  };

  /// What became of a batch.
  struct Written {
    Status status;
    ChainEnd end;
    std::uint64_t bytes = 0;
    std::string finding = {};
  };

  [[nodiscard]] Lane& lane_of(AuditRoom room) {
    return room == AuditRoom::allows ? allows_ : denials_;
  }
  [[nodiscard]] bool count(Repeats::Told& told, Timestamp at);
  void gather_counted(Repeats::Told& told);
  /// False where it had no room, and was folded or lost.
  bool gather(Lane& lane, const AuditEntry& entry);
  [[gnu::cold]] void lose(Lane& lane, const AuditEntry& entry);
  void fold(const AuditEntry& entry);
  void gather_folded();
  void wake_in_time();
  [[nodiscard]] static bool has_enough(const Lane& lane);
  void send(Lane& lane);
  void hand_over(const Lane& lane);
  void landed(AuditRoom room, const Written& written);
  void note_trouble(Lane& lane, const Status& status);
  [[nodiscard]] bool is_idle() const { return !allows_.under_way && !denials_.under_way; }
  void tell_who_waits(const Status& status);

  // On the writer's loop.
  [[nodiscard]] Written write(AuditRoom room, const AuditBatch& batch);
  [[nodiscard]] Status open_writer(AuditRoom room, Timestamp now);

  const Settings settings_;
  const Parts parts_;
  const std::optional<AuditHead> expected_;
  Lane allows_;
  Lane denials_;
  Repeats repeats_;
  /// Denials by uid and reason that stand for many.
  std::map<std::pair<std::uint64_t, Reason>, AuditEntry> folded_;
  Loop::TimerId timer_ = 0;
  AuditHead head_;
  std::string finding_;
  std::uint64_t losses_ = 0;
  std::uint64_t bytes_written_ = 0;
  std::vector<OnDurable> waiting_;

  // The writer's own.
  Fd lock_;                                            ///< Keeps other processes from writing here.
  std::array<std::optional<TrailWriter>, 2> writers_;  ///< By room.
};

}  // namespace akgate
