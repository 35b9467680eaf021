// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <optional>
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
#include "refresh/knowledge_table.hpp"
#include "refresh/pacer.hpp"
#include "refresh/witnesses.hpp"
#include "time/trusted_time.hpp"
#include "verdict/policy.hpp"

namespace akgate {

/// The desk: what is known, in memory; who waits for what; one flight a key; when the register may
/// be asked. It never waits for network, TLS or a sync: the clerk does. Everything happens on the
/// desk's loop.
class Desk final : public Answers {
 public:
  struct Settings {
    Policy policy;
    std::chrono::milliseconds check_timeout{2000};  ///< Requests that take longer count as slow.
    std::size_t max_requests_per_second = 20;
    std::size_t max_in_flight = 8;
    std::size_t max_waiters =
        4096;  ///< Questions that wait for the register; more are `overloaded` (I10).
    std::size_t max_flights = 1024;  ///< Keys under way or in line.
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

 private:
  struct Waiter {
    IndexKey index;
    Mode mode;
    OnSettled on_settled;
    Loop::TimerId timer;
  };
  /// A request to the register about one key, in line or under way. There is never a second one for
  /// the same key (I11), so what it brings home is always newer than what is known (I5).
  struct Flight {
    explicit Flight(const AccessKey& about) : key(about) {}

    AccessKey key;
    bool sent = false;
    bool slow = false;
    Loop::TimerId slow_timer = 0;
    std::vector<Ticket> waiters;
    std::vector<Ticket> for_the_next;  ///< `mode=fresh` and asked after this one was sent.
  };

  [[nodiscard]] Present present();
  [[nodiscard]] Remembered* recall(const IndexKey& index, const AccessKey& key);
  [[nodiscard]] Standing standing_towards(const Remembered* remembered) const;
  [[nodiscard]] Standing silence_towards(const Remembered* remembered) const;
  [[nodiscard]] Standing standing_at_writing(const Settled& settled, const Remembered* remembered,
                                             const Present& at) const;
  [[nodiscard]] Settled settled_now(Standing standing) const;
  [[nodiscard]] std::optional<Settled> settle_at_once(const Question& question,
                                                      const IndexKey& index, BootTime deadline);

  [[nodiscard]] Flight* flight_for(const IndexKey& index, const AccessKey& key);
  void settle(Ticket ticket, const Settled& settled);
  void give_up(Ticket ticket);
  /// Takes the waiter out of its flight; an unsent flight that nobody waits for is dropped.
  Waiter take_out(Ticket ticket);

  void pump();
  void send(const IndexKey& index, Flight& flight);
  void wake_at(BootTime when);
  void attempt();
  void call_witness(const IndexKey& troubled);
  [[nodiscard]] Breaker::Subject subject(const IndexKey& index);
  void find_slow(const IndexKey& index);

  void land(const Report& report);
  void board_next(const IndexKey& index, const Flight& landed);
  void say_what_changed(const Report& report, bool was_silent) const;
  void count_for_breaker(const Report& report, bool in_time);
  void absorb(const Report& report);
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
  Ticket last_ticket_ = kSettled;
  Loop::TimerId wake_timer_ = 0;
  /// Proper answers so far: tells one key's trouble from the register's, and old silence from new.
  std::uint64_t answers_ = 0;
  Witnesses witnesses_;
  /// Asked about where there is no witness, while the register is silent and nobody else asks.
  std::optional<Witnesses::Witness> last_asked_;
  bool disk_owes_ = false;  ///< Bad news could not be made durable: no grace until it can (I5).
};

}  // namespace akgate
