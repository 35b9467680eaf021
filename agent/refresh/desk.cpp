// SPDX-License-Identifier: Apache-2.0
// The desk's dealings with those who ask.
#include "refresh/desk.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

using std::chrono::milliseconds;

namespace {

// Those who wait for the start come first.
constexpr std::chrono::seconds kNotAtOnce{1};

}  // namespace

Desk::Desk(Settings settings, Parts parts)
    : settings_(std::move(settings)),
      parts_(parts),
      table_(settings_.rooms, load_),
      memo_(parts_.keys, settings_.seed),
      breaker_(settings_.breaker, settings_.seed),
      pacer_(settings_.max_requests_per_second),
      pacer_of_rest_(std::max<std::size_t>(settings_.max_requests_per_second / 2, 1)),
      watchers_(parts_.loop, settings_.max_watches),
      blocks_(parts_.store.blocks()) {
  parts_.clerk.on_caught_up([this] { table_.disk_has_caught_up(); });
  keep_warm_after(kNotAtOnce);
}

void Desk::reconfigure(Settings settings) {
  const std::size_t rate = settings.max_requests_per_second;
  if (rate != settings_.max_requests_per_second) {
    // So that no second sees the requests of both (I11).
    const BootTime start = parts_.loop.now() + std::chrono::seconds(1);
    pacer_ = Pacer(rate, start);
    pacer_of_rest_ = Pacer(std::max<std::size_t>(rate / 2, 1), start);
  }
  settings_ = std::move(settings);
  ++changes_;
  keep_warm_after(BootClock::duration::zero());
  watchers_.tell_all();
}

Answers::Ticket Desk::ask(const Question& question, milliseconds timeout, Uid uid,
                          OnSettled on_settled) {
  Waiter waiter{.question = question,
                .deadline = parts_.loop.now() + timeout,
                .uid = uid,
                .on_settled = std::move(on_settled),
                .so_far = {},
                .flights = {}};
  if (is_blocked(question)) {
    waiter.on_settled({.local = Reason::blocked});
    return kSettled;
  }
  const Gathered known = gather_before_asking(waiter, true);
  const std::vector<Subject> subjects = missing(known, waiter.question);
  if (subjects.empty()) {
    waiter.on_settled(known.how);
    return kSettled;
  }
  const Ticket ticket = ++last_ticket_;
  const auto [place, _] = waiters_.emplace(ticket, std::move(waiter));
  // Nobody takes more than half of the places (I12).
  const bool crowded = waiters_.size() > settings_.max_waiters ||
                       ++waiting_of_[uid] > (settings_.max_waiters + 1) / 2;
  if (crowded || !board(ticket, subjects)) {
    take_out(ticket).on_settled({.local = Reason::overloaded});
    return kSettled;
  }
  place->second.timer = parts_.loop.at(place->second.deadline, [this, ticket] { give_up(ticket); });
  pump();
  return ticket;
}

// What of the evidence must be asked for now.
std::vector<Subject> Desk::missing(const Gathered& known, const Question& question) {
  std::vector<Subject> subjects;
  if (!question.key || question.mode == Mode::cached) return subjects;
  const Inquiries inquiries = what_to_ask(known.evidence(), question, settings_.policy, present());
  if (inquiries.record) subjects.emplace_back(AboutRecord{*question.key});
  if (inquiries.meter_point) subjects.push_back(*meter_point_of(question, known.record));
  if (inquiries.data_user) subjects.push_back(*data_user_of(question, known.record));
  return subjects;
}

// False where there is no place for one of the subjects.
bool Desk::board(Ticket ticket, const std::vector<Subject>& subjects) {
  Waiter& waiter = waiters_.at(ticket);
  for (const Subject& subject : subjects) {
    Flight* const flight = flight_for(subject, waiter.uid);
    if (flight == nullptr) return false;
    // An answer that was asked for before the question came in is not the answer to `mode=fresh`.
    const bool too_early = waiter.question.mode == Mode::fresh && flight->sent;
    const auto* const wanted = std::get_if<AboutMeterPoint>(&subject);
    const bool elsewhere =
        wanted != nullptr && std::get_if<AboutMeterPoint>(&flight->subject)->mpxn != wanted->mpxn;
    (too_early || elsewhere ? flight->for_the_next : flight->waiters).push_back(ticket);
    waiter.flights.push_back(index_of(subject));
  }
  return true;
}

// One thing that the question waited for has come in, or will not.
void Desk::move_on(Ticket ticket) {
  const auto found = waiters_.find(ticket);
  if (found == waiters_.end() || !found->second.flights.empty()) return;
  const Gathered known = gather_before_asking(found->second);
  const std::vector<Subject> subjects = missing(known, found->second.question);
  if (subjects.empty()) return settle(ticket, known.how);
  if (!board(ticket, subjects)) settle(ticket, {.local = Reason::overloaded});
}

void Desk::settle(Ticket ticket, Settled settled) {
  const Waiter waiter = take_out(ticket);
  parts_.loop.cancel(waiter.timer);
  waiter.on_settled(settled);
}

void Desk::cancel(Ticket ticket) {
  if (waiters_.contains(ticket)) parts_.loop.cancel(take_out(ticket).timer);
}

// The question's own time is over.
void Desk::give_up(Ticket ticket) {
  const auto found = waiters_.find(ticket);
  AKGATE_ASSERT(found != waiters_.end());
  // A `mode=fresh` question that back-off kept from asking did not run out of time: the register
  // was silent.
  const std::vector<IndexKey>& awaited = found->second.flights;
  const bool held_back =
      breaker_.silent() && std::none_of(awaited.begin(), awaited.end(), [&](const IndexKey& index) {
        return flights_.at(index).sent;
      });
  Settled settled{.local = Reason::timeout};
  if (held_back) {
    settled = gather_before_asking(found->second).how;
    for (const IndexKey& index : awaited) {
      part_of(settled, flights_.at(index).subject).standing = Standing::silent;
    }
  }
  settle(ticket, settled);
}

// Takes the waiter out of its flights; an unsent flight that nobody waits for is dropped.
Desk::Waiter Desk::take_out(Ticket ticket) {
  const auto found = waiters_.find(ticket);
  AKGATE_ASSERT(found != waiters_.end());
  Waiter waiter = std::move(found->second);
  waiters_.erase(found);
  const auto place = waiting_of_.find(waiter.uid);
  if (place != waiting_of_.end() && --place->second == 0) waiting_of_.erase(place);
  for (const IndexKey& index : waiter.flights) {
    const auto flight = flights_.find(index);
    AKGATE_ASSERT(flight != flights_.end());
    std::erase(flight->second.waiters, ticket);
    std::erase(flight->second.for_the_next, ticket);
    const bool awaited = !flight->second.waiters.empty() || !flight->second.for_the_next.empty();
    if (flight->second.sent || awaited) continue;
    drop(index);
  }
  return waiter;
}

Verdict Desk::verdict(const Question& question, const Settled& settled) {
  const Present at = present();
  if (is_blocked(question)) return local_verdict(Reason::blocked, at);
  if (settled.local != Reason::active) return local_verdict(settled.local, at);
  if (!question.key) return judge({}, question, settings_.policy, at);
  Gathered known = gather_at_writing(question, settled, at);
  const Standing standing = known.how.record.standing;
  // `mode=fresh` takes the register's word of now or nothing: what is remembered does not stand in.
  if (question.mode == Mode::fresh &&
      (standing == Standing::silent || standing == Standing::silent_for_key)) {
    known.record = {};
  }
  return judge(known.evidence(), question, settings_.policy, at);
}

Answers::WatchId Desk::watch(const Question& question, Uid uid, OnNews on_news) {
  std::optional<IndexKey> about;
  if (question.key) about = parts_.keys.index_of(*question.key);
  return watchers_.add(about, uid, std::move(on_news)).value_or(kNoRoom);
}

}  // namespace akgate
