// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cache/blocks.hpp"
#include "cache/keys.hpp"
#include "cache/store.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"
#include "refresh/breaker.hpp"
#include "refresh/clerk.hpp"
#include "refresh/controls.hpp"
#include "refresh/index_memo.hpp"
#include "refresh/knowledge_table.hpp"
#include "refresh/line.hpp"
#include "refresh/load.hpp"
#include "refresh/pacer.hpp"
#include "refresh/schedule.hpp"
#include "refresh/watchers.hpp"
#include "refresh/witnesses.hpp"
#include "time/trusted_time.hpp"
#include "verdict/policy.hpp"

namespace akgate {

/// The desk: what is known, in memory; who waits for what; one flight a subject; when the register
/// may be asked. It never waits for network, TLS or a sync: the clerk does. Everything happens on
/// the desk's loop.
class Desk final : public Answers, public Controls {
 public:
  struct Settings {
    Policy policy;
    std::chrono::milliseconds check_timeout{2000};  ///< Requests that take longer count as slow.
    std::size_t max_requests_per_second = 20;
    std::size_t max_in_flight = 8;
    std::size_t max_waiters =
        4096;  ///< Questions that wait for the register; more are `overloaded` (I10).
    std::size_t max_flights = 2048;  ///< Subjects under way or in line.
    std::size_t max_watches = 2048;
    bool keep_warm = true;  ///< Also re-verify keys that nobody has asked for lately.
    KnowledgeTable::Rooms rooms;
    Breaker::Limits breaker;
    std::uint64_t seed = 1;  ///< Of the back-off's jitter.
  };

  /// What the desk works with; all of it outlives the desk.
  struct Parts {
    Loop& loop;
    const Clock& clock;
    TrustedTime& time;
    Store& store;
    const DeviceKeys& keys;
    Clerk& clerk;
    const Log& log;
  };

  Desk(Settings settings, Parts parts);

  /// Goes by these from now on, but for the rooms in memory, which stay as they are.
  void reconfigure(Settings settings);

  Ticket ask(const Question& question, std::chrono::milliseconds timeout, Uid uid,
             OnSettled on_settled) override;
  void cancel(Ticket ticket) override;
  [[nodiscard]] Verdict verdict(const Question& question, const Settled& settled) override;
  [[nodiscard]] std::optional<AtOnce> verdict_at_once(const Question& question) override;
  [[nodiscard]] std::optional<Timestamp> still_holds(const Grounds& grounds) override;
  [[nodiscard]] WatchId watch(const Question& question, Uid uid, OnNews on_news) override;
  void unwatch(WatchId watch) override { watchers_.remove(watch); }

  void bind(const AccessKey& key, const Mpxn& mpxn, OnDone on_done) override;
  void unbind(const AccessKey& key, OnDone on_done) override;
  void block(const Blockable& what, OnDone on_done) override;
  void unblock(const Blockable& what, OnDone on_done) override;
  void forget(const AccessKey& key, OnDone on_done) override;
  void forget_all(OnDone on_done) override;
  void fetch(const AccessKey& key, Mode mode, OnFetched on_fetched) override;
  [[nodiscard]] std::optional<KeptRecord> show(const AccessKey& key) override;
  [[nodiscard]] std::vector<KeptRecord> list(std::string_view after, std::size_t at_most) override;
  [[nodiscard]] bool has_lost_blocks() const override { return blocks_.is_lost(); }
  [[nodiscard]] RegisterStanding register_standing() const override;
  [[nodiscard]] Census census() override;
  [[nodiscard]] std::string fingerprint(const Blockable& what) const override;

 private:
  /// A question that waits for the register.
  struct Waiter {
    Question question;
    BootTime deadline;
    Uid uid;
    OnSettled on_settled;
    Loop::TimerId timer = 0;
    Settled so_far;
    std::vector<IndexKey> flights;  ///< What it waits for: one, or two at most.
  };
  /// A request to the register about one subject, in line or under way. There is never a second one
  /// for the same (I11), so what it brings home is always newer than what is known (I5).
  struct Flight {
    Subject subject;
    Line::Rank rank = Line::Rank::other;
    bool sent = false;
    BootTime sent_at{};
    bool slow = false;
    Loop::TimerId slow_timer = 0;
    std::vector<Ticket> waiters;
    /// `mode=fresh` and asked after this one was sent, or about another meter point.
    std::vector<Ticket> for_the_next;
    /// Set where what it brings home is not to be kept: what waits for its landing.
    std::vector<Task> forgetting = {};
  };
  /// The records on disk, counted by state and age.
  struct Counted {
    IndexKey last{};
    BootTime at{};
    std::array<std::uint64_t, 7> by_state{};
    std::array<std::uint64_t, 3> by_age{};
  };
  /// What is known that a question may rest on.
  struct Gathered {
    Fact record;
    Fact binding;
    Fact data_user;
    Settled how;  ///< Its standings.
    [[nodiscard]] Evidence evidence() const;
  };

  // What is known.
  [[nodiscard]] Present present();
  [[nodiscard]] Remembered* recall(const IndexKey& index, const Subject& subject);
  [[nodiscard]] Fact read_from_disk(const IndexKey& index, const Subject& subject);
  [[nodiscard]] Fact read_binding_from_disk(const IndexKey& record);
  [[nodiscard]] std::optional<Subject> meter_point_of(const Question& question,
                                                      const Fact& record) const;
  [[nodiscard]] std::optional<Subject> data_user_of(const Question& question,
                                                    const Fact& record) const;
  [[nodiscard]] IndexKey index_of(const Subject& subject) const;
  [[nodiscard]] Standing standing_towards(const Remembered* remembered) const;
  [[nodiscard]] Standing silence_towards(const Remembered* remembered) const;
  [[nodiscard]] Standing standing_before_asking(const Remembered* remembered,
                                                const BootTime* paused, Mode mode,
                                                BootTime deadline);
  [[nodiscard]] Standing standing_of(const Subject& subject, Standing to_record,
                                     const Remembered* remembered, const Waiter& waiter);
  [[nodiscard]] Standing standing_at_writing(const Settled::Part& part, const Settled& settled,
                                             const Remembered* remembered, const Present& at) const;

  // Questions.
  [[nodiscard]] Gathered gather_before_asking(const Waiter& waiter, bool is_new = false);
  [[nodiscard]] Gathered gather_at_writing(const Question& question, const Settled& settled,
                                           const Present& at);
  [[nodiscard]] std::vector<Subject> missing(const Gathered& known, const Question& question);
  [[nodiscard]] bool board(Ticket ticket, const std::vector<Subject>& subjects);
  void move_on(Ticket ticket);
  void settle(Ticket ticket, Settled settled);
  void give_up(Ticket ticket);
  Waiter take_out(Ticket ticket);
  static Settled::Part& part_of(Settled& settled, const Subject& subject);
  /// Until when no meter point, or no Data User, is asked about.
  [[nodiscard]] BootTime& pause_of(const Subject& subject);
  /// What a question rests on, where all of it is in memory and may be used.
  struct InMemory {
    Evidence evidence;
    Remembered* record = nullptr;
    Remembered* binding = nullptr;
    Remembered* data_user = nullptr;
    IndexKey duid{};  ///< The Data User's.
  };
  [[nodiscard]] std::optional<InMemory> find_in_memory(const Question& question,
                                                       const IndexMemo::Names& names);
  [[nodiscard]] Grounds grounds_of(const InMemory& found, const Present& at) const;
  template <typename Known>
  [[nodiscard]] bool take_from_memory(Part<Known>& part, const Remembered* remembered,
                                      const BootTime* paused, Mode mode);

  // Flights.
  [[nodiscard]] Flight* flight_for(const Subject& subject, Uid uid);
  [[nodiscard]] bool has_room_for_flight(Uid uid) const;
  [[nodiscard]] std::optional<IndexKey> next_in_turn();
  [[nodiscard]] std::optional<IndexKey> next_refresh();
  void drop(const IndexKey& index);
  void pump();
  void send(const IndexKey& index, Flight& flight);
  void wake_at(BootTime when);
  [[nodiscard]] std::optional<IndexKey> attempt();
  [[nodiscard]] bool may_send(Line::Rank rank) const;
  [[nodiscard]] bool room_for_proof() const;
  [[nodiscard]] std::optional<IndexKey> next_of_rest();
  void call_witness(const IndexKey& troubled);
  [[nodiscard]] Breaker::Subject subject(const IndexKey& index, const Subject& about);
  void find_slow(const IndexKey& index);
  void land(const Report& report);
  void say_what_changed(const Report& report, const Subject& about, bool was_silent);
  [[nodiscard]] std::string name_of(const Subject& about) const;
  void count_for_breaker(const Report& report, const Flight& flight);
  void absorb(const Report& report, const Subject& about);
  void learn(const IndexKey& index, const Subject& about, const Fact& said);
  void hold(const AboutRecord& about, const Binding& binding);
  void note_durability(const Report& report);
  void absorb_and_tell(const Report& report, const Subject& about);
  void dismiss_queued();
  void land_unheeded(const Flight& flight, const IndexKey& index);

  // What the operator wants gone, or refused.
  void drop_if_unwanted(const IndexKey& index);
  void once_landed(const std::vector<IndexKey>& indices, Task then);
  [[nodiscard]] bool is_blocked(const Question& question);
  [[nodiscard]] bool is_blocked(const IndexKey& index) const;
  [[nodiscard]] std::optional<Mpxn> known_meter_point_of(const AccessKey& key);
  [[nodiscard]] IndexKey index_of(const Blockable& what) const;

  // What it tells of itself.
  void note_silence(bool was_silent);
  void note_usefulness(const Ending& ending);
  [[nodiscard]] bool is_useless() const;
  using OnBlocksKept = std::function<void(const Status&)>;
  void keep_blocks(OnBlocksKept on_kept);
  void write_blocks();
  void try_blocks_again();
  [[nodiscard]] KeptRecord describe(const IndexKey& index, StoredRecord stored);
  void count_some();
  void count(const Store::Next& next);

  // Asking ahead of need.
  void note_use(const IndexKey& index, Remembered& remembered);
  void plan_after(const Report& report);
  void plan(const IndexKey& index);
  [[nodiscard]] Tick refresh_due(const Remembered& remembered);
  [[nodiscard]] std::optional<Subject> subject_of(Number number);
  void postpone(Number number, Tick due);
  void keep_warm();
  void keep_warm_after(BootClock::duration rest);
  [[nodiscard]] double requests_per_second_to_warm() const;
  void warm_next(std::chrono::milliseconds round);

  Settings settings_;
  /// Counts what may change any answer, whatever it rests on (Grounds).
  std::uint64_t changes_ = 0;
  const Parts parts_;
  Load load_;
  KnowledgeTable table_;
  mutable IndexMemo memo_;
  Breaker breaker_;
  Pacer pacer_;
  Pacer pacer_of_rest_;  ///< Their half, for what is not known to be worth keeping (I12).
  std::unordered_map<Ticket, Waiter> waiters_;
  std::unordered_map<IndexKey, Flight, IndexKeyHash> flights_;
  Line line_;  ///< Flights not sent yet.
  Schedule schedule_;
  std::size_t under_way_ = 0;
  std::size_t others_under_way_ = 0;
  bool rest_was_last_ = false;
  bool proof_was_last_ = false;
  std::unordered_map<Uid, std::size_t> waiting_of_;  ///< Questions that wait, by user.
  IndexKey warmed_{};                                ///< How far keep_warm() has come.
  std::size_t proofs_under_way_ = 0;  ///< Of these, about meter points and Data Users.
  BootTime no_meter_points_before_{};
  BootTime no_data_users_before_{};
  std::string last_complaint_;  ///< In the log,
  BootTime complained_{};       ///< and when.
  Ticket last_ticket_ = kSettled;
  Loop::TimerId wake_timer_ = 0;
  Loop::TimerId warm_timer_ = 0;
  BootTime wake_due_{};
  /// Proper answers so far: tells one key's trouble from the register's, and old silence from new.
  std::uint64_t answers_ = 0;
  std::optional<BootTime> last_answer_;
  Witnesses witnesses_;
  /// Asked about where there is no witness, while the register is silent and nobody else asks.
  std::optional<Witnesses::Witness> last_asked_;
  bool disk_owes_ = false;  ///< As the last report has it.
  bool owes_blocks_ = false;
  bool blocks_under_way_ = false;
  std::vector<OnBlocksKept> blocks_awaited_;  ///< By the next write.
  Loop::TimerId blocks_timer_ = 0;
  Watchers watchers_;
  Blocks blocks_;                     ///< As they are to be on disk.
  std::vector<IndexKey> unblocking_;  ///< Of these the disk does not know yet: still blocked.
  BootTime silent_since_{};
  unsigned useless_in_a_row_ = 0;  ///< Answers of the register that were none.
  std::string last_useless_;
  std::array<std::uint64_t, 5> endings_{};  ///< By Outcome.
  Histogram latency_;
  std::optional<Counted> counted_;   ///< The records, the last time,
  std::optional<Counted> counting_;  ///< and as far as they are being counted now.
};

}  // namespace akgate
