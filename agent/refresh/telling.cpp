// SPDX-License-Identifier: Apache-2.0
// What the desk tells of itself and of what it keeps.
#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "refresh/desk.hpp"

namespace akgate {

using std::chrono::seconds;

namespace {

// So many records are counted while the asker waits, and in one go.
constexpr std::size_t kCountedAtOnce = 64;
constexpr seconds kCountAgainAfter{60};

constexpr std::array<std::string_view, 5> kEndings = {"found", "not-found", "silent", "refused",
                                                      "malformed"};
constexpr std::array<std::string_view, 7> kStates = {"missing",    "ACTIVE", "EXPIRED", "REVOKED",
                                                     "DISCOVERED", "other",  "damaged"};
constexpr std::array<std::string_view, 3> kAges = {"fresh", "grace", "stale"};

template <std::size_t kSize>
std::array<Count, kSize> named(const std::array<std::string_view, kSize>& names,
                               const std::array<std::uint64_t, kSize>& counts) {
  std::array<Count, kSize> all;
  for (std::size_t i = 0; i < kSize; ++i) all[i] = {.what = names[i], .count = counts[i]};
  return all;
}

seconds whole_seconds(BootClock::duration time) {
  return std::max(std::chrono::floor<seconds>(time), seconds::zero());
}

}  // namespace

RegisterStanding Desk::register_standing() const {
  const BootTime now = parts_.loop.now();
  RegisterStanding standing{
      .since_last_answer = {},
      .silent_for = {},
      .waiting = waiters_.size(),
      .in_flight = under_way_,
      .queued = flights_.size() - under_way_,
      .watches = watchers_.size(),
      .requests_per_second_needed = load_.requests_per_second() + requests_per_second_to_warm(),
      .requests_per_second_allowed = settings_.max_requests_per_second,
      .requests = named(kEndings, endings_),
      .latency = latency_,
      .disk_fails = disk_owes_,
      .owes_blocks = owes_blocks_,
      .useless = is_useless() ? last_useless_ : std::string()};
  if (last_answer_) standing.since_last_answer = whole_seconds(now - *last_answer_);
  if (breaker_.silent()) {
    standing.silent_for = whole_seconds(now - silent_since_);
    standing.next_attempt_in = whole_seconds(*breaker_.retry_at() - now);
  }
  return standing;
}

// The register fell silent, or speaks again.
void Desk::note_silence(bool was_silent) {
  if (was_silent == breaker_.silent()) return;
  silent_since_ = parts_.loop.now();
  watchers_.tell_all();
}

std::optional<KeptRecord> Desk::show(const AccessKey& key) {
  const IndexKey index = parts_.keys.index_of(key);
  auto stored = parts_.store.find(index);
  KeptRecord kept = describe(index, stored ? *std::move(stored) : StoredRecord{.key = key});
  if (!kept.knowledge && !kept.binding && !kept.blocked) return std::nullopt;
  return kept;
}

std::vector<KeptRecord> Desk::list(std::string_view after, std::size_t at_most) {
  IndexKey at;
  if (!after.empty()) {
    at.bytes.fill(0xff);
    static_cast<void>(from_hex(after.substr(std::string_view("fp_").size()),
                               std::span(at.bytes).first<sizeof(at.bytes) / 2>()));
  }
  std::vector<KeptRecord> kept;
  while (kept.size() < at_most) {
    auto next = parts_.store.next_after(at);
    if (!next) break;
    at = next->index;
    if (next->record) {
      kept.push_back(describe(at, *std::move(next->record)));
    } else {
      kept.push_back({.fingerprint = at.fingerprint(), .damaged = true});
    }
  }
  return kept;
}

// As the desk knows it, which may be newer than what the disk has.
KeptRecord Desk::describe(const IndexKey& index, StoredRecord stored) {
  KeptRecord kept{.fingerprint = index.fingerprint(),
                  .knowledge = std::move(stored.knowledge),
                  .binding = std::move(stored.binding),
                  .blocked = is_blocked(index)};
  if (const Remembered* const remembered = table_.peek(index)) {
    const auto* const known = known_in<Knowledge>(remembered->known);
    kept.knowledge = known == nullptr ? std::nullopt : std::optional(*known);
  }
  if (const Remembered* const remembered = table_.peek(parts_.keys.binding_index_of(stored.key))) {
    const auto* const known = known_in<Binding>(remembered->known);
    kept.binding = known == nullptr ? std::nullopt : std::optional(*known);
  }
  const Timestamp now = present().now;
  const Timestamp as_of = kept.knowledge ? kept.knowledge->as_of
                          : kept.binding ? kept.binding->as_of
                                         : now;
  kept.age = std::max(std::chrono::floor<seconds>(now - as_of), seconds::zero());
  return kept;
}

Census Desk::census() {
  const BootTime now = parts_.loop.now();
  if (!counting_ && (!counted_ || now - counted_->at > kCountAgainAfter)) {
    counting_ = Counted();
    count_some();
  }
  Census census{.total = parts_.store.size(), .blocked = blocks_.size(), .counted_ago = {}};
  if (!counted_) return census;
  census.counted_ago = whole_seconds(now - counted_->at);
  census.by_state = named(kStates, counted_->by_state);
  census.by_age = named(kAges, counted_->by_age);
  return census;
}

void Desk::count_some() {
  for (std::size_t i = 0; i < kCountedAtOnce; ++i) {
    const auto next = parts_.store.next_after(counting_->last);
    if (!next) {
      counting_->at = parts_.loop.now();
      counted_ = std::exchange(counting_, std::nullopt);
      return;
    }
    counting_->last = next->index;
    count(*next);
  }
  parts_.loop.post([this] { count_some(); });
}

void Desk::count(const Store::Next& next) {
  const Knowledge* known = nullptr;
  if (next.record && next.record->knowledge) known = &*next.record->knowledge;
  const Remembered* const remembered = table_.peek(next.index);
  if (remembered != nullptr) known = known_in<Knowledge>(remembered->known);
  const auto state = known == nullptr || !known->record ? State::missing : known->record->state;
  ++counting_->by_state[next.record ? static_cast<std::size_t>(state) : kStates.size() - 1];
  if (state != State::active) return;
  const Freshness& freshness = settings_.policy.freshness;
  const auto age = present().now - known->as_of;
  const bool fresh = age < freshness.fresh_for;
  const bool in_grace = age < freshness.grace_of(known->record->legal_basis);
  ++counting_->by_age[fresh ? 0 : in_grace ? 1 : 2];
}

}  // namespace akgate
