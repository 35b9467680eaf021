// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "cache/keys.hpp"
#include "cache/store.hpp"
#include "platform/clock.hpp"
#include "platform/log.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"
#include "refresh/breaker.hpp"
#include "refresh/clerk.hpp"
#include "refresh/controls.hpp"
#include "refresh/knowledge_table.hpp"
#include "refresh/pacer.hpp"
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
    std::size_t max_flights = 1024;  ///< Subjects under way or in line.
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

  Ticket ask(const Question& question, std::chrono::milliseconds timeout,
             OnSettled on_settled) override;
  void cancel(Ticket ticket) override;
  [[nodiscard]] Verdict verdict(const Question& question, const Settled& settled) override;

  void bind(const AccessKey& key, const Mpxn& mpxn, OnDone on_done) override;
  void unbind(const AccessKey& key, OnDone on_done) override;
  void prefetch(const AccessKey& key, OnFetched on_fetched) override;
  [[nodiscard]] RegisterStanding register_standing() const override;
  [[nodiscard]] std::string fingerprint(const AccessKey& key) const override;

 private:
  /// A question that waits for the register.
  struct Waiter {
    Question question;
    BootTime deadline;
    OnSettled on_settled;
    Loop::TimerId timer = 0;
    Settled so_far;
    std::vector<IndexKey> flights;  ///< What it waits for: one, or two at most.
  };
  /// A request to the register about one subject, in line or under way. There is never a second one
  /// for the same (I11), so what it brings home is always newer than what is known (I5).
  struct Flight {
    Subject subject;
    bool sent = false;
    bool slow = false;
    Loop::TimerId slow_timer = 0;
    std::vector<Ticket> waiters;
    /// `mode=fresh` and asked after this one was sent, or about another meter point.
    std::vector<Ticket> for_the_next;
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
  [[nodiscard]] std::optional<Subject> meter_point_of(const Question& question,
                                                      const Fact& record) const;
  [[nodiscard]] std::optional<Subject> data_user_of(const Question& question,
                                                    const Fact& record) const;
  [[nodiscard]] IndexKey index_of(const Subject& subject) const;
  [[nodiscard]] Standing standing_towards(const Remembered* remembered) const;
  [[nodiscard]] Standing silence_towards(const Remembered* remembered) const;
  [[nodiscard]] Standing standing_before_asking(const Remembered* remembered,
                                                const Subject& subject, const Waiter& waiter);
  [[nodiscard]] Standing standing_at_writing(const Settled::Part& part, const Settled& settled,
                                             const Remembered* remembered, const Present& at) const;

  // Questions.
  [[nodiscard]] Gathered gather_before_asking(const Waiter& waiter);
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

  // Flights.
  [[nodiscard]] Flight* flight_for(const Subject& subject);
  void pump();
  [[nodiscard]] std::deque<IndexKey>::const_iterator next_in_line() const;
  void send(const IndexKey& index, Flight& flight);
  void wake_at(BootTime when);
  void attempt();
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
  void dismiss_queued();

  const Settings settings_;
  const Parts parts_;
  KnowledgeTable table_;
  Breaker breaker_;
  Pacer pacer_;
  std::unordered_map<Ticket, Waiter> waiters_;
  std::unordered_map<IndexKey, Flight, IndexKeyHash> flights_;
  std::deque<IndexKey> line_;  ///< Flights not sent yet, in order.
  std::size_t under_way_ = 0;
  std::size_t proofs_under_way_ = 0;  ///< Of these, about meter points and Data Users.
  BootTime no_meter_points_before_{};
  BootTime no_data_users_before_{};
  std::string last_complaint_;  ///< In the log,
  BootTime complained_{};       ///< and when.
  Ticket last_ticket_ = kSettled;
  Loop::TimerId wake_timer_ = 0;
  /// Proper answers so far: tells one key's trouble from the register's, and old silence from new.
  std::uint64_t answers_ = 0;
  std::optional<BootTime> last_answer_;
  Witnesses witnesses_;
  /// Asked about where there is no witness, while the register is silent and nobody else asks.
  std::optional<Witnesses::Witness> last_asked_;
  bool disk_owes_ = false;  ///< Bad news could not be made durable: no grace until it can (I5).
};

}  // namespace akgate
