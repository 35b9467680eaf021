// SPDX-License-Identifier: Apache-2.0
#include "gate/answers_at_hand.hpp"

#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

#include "gate/protocol.hpp"

namespace akgate {

using std::chrono::milliseconds;
using std::chrono::seconds;

namespace {

// For which a reply may stay the same.
constexpr std::chrono::seconds kLongestTime{1};

// How long until a figure of whole seconds is another one.
milliseconds until_next(milliseconds rising) {
  return seconds(1) - (rising - std::chrono::floor<seconds>(rising));
}
milliseconds until_next_falling(milliseconds falling) {
  return falling - std::chrono::floor<seconds>(falling) + milliseconds(1);
}

std::size_t home_of(std::string_view asked, Uid uid) {
  return std::hash<std::string_view>()(asked) + static_cast<std::size_t>(uid);
}

// How long the reply with this verdict stays as it is. Where it is good for no time, `until` is
// now.
milliseconds time_of(const Verdict& verdict) {
  milliseconds time = verdict.steady_for;
  if (verdict.age) time = std::min(time, until_next(*verdict.age));
  if (!verdict.good_for) return time;
  return std::min(time, *verdict.good_for > milliseconds::zero()
                            ? until_next_falling(*verdict.good_for)
                            : until_next(verdict.at.time_since_epoch()));
}

}  // namespace

std::optional<std::string_view> AnswersAtHand::reply_to(std::string_view asked, Uid uid) {
  Reply* const reply = find(asked, uid);
  if (reply == nullptr) return std::nullopt;
  const std::optional<Timestamp> now = answers_.still_holds(reply->grounds);
  if (!now || *now < reply->from || *now >= reply->until ||
      clocks_agree(clock_.read().wall, *now) != reply->clocks_agree) {
    return std::nullopt;
  }
  reply->verdict.at = *now;
  answers_.note_told_again(reply->question, reply->verdict, reply->key, uid, reply->noted_as);
  return reply->text;
}

void AnswersAtHand::keep(std::string_view asked, Uid uid, const Question& question,
                         const Answers::AtOnce& answer, std::string_view reply) {
  const Verdict& verdict = answer.verdict;
  const bool holds = verdict.steady_for > milliseconds::zero();
  if (most_ == 0 || !holds || asked.size() > kLongest || reply.size() > kLongest) return;
  std::unique_ptr<Reply>* const free = place_for(asked, uid);
  if (free == nullptr) return;
  std::unique_ptr<Reply>& place = *free;
  if (!place) {
    place = std::make_unique<Reply>();
    ++taken_;
  }
  if (place->asked.reveal() != asked) place->asked = Secret::copy_of(asked);
  place->uid = uid;
  place->question = question;
  place->key = answer.key;
  place->grounds = answer.grounds;
  place->verdict = verdict;
  place->noted_as = 0;
  place->text = reply;
  place->kept = loop_.now();
  place->from = verdict.at;
  place->until = verdict.at + time_of(verdict);
  place->clocks_agree = clocks_agree(clock_.read().wall, verdict.at);
  drop_old_in_time();
}

// --- places --------------------------------------------------------------------------------------

AnswersAtHand::Reply* AnswersAtHand::find(std::string_view asked, Uid uid) {
  if (places_.empty()) return nullptr;
  const std::size_t home = home_of(asked, uid);
  for (std::size_t i = 0; i < kNear; ++i) {
    Reply* const reply = places_[(home + i) % places_.size()].get();
    if (reply != nullptr && reply->uid == uid && reply->asked.reveal() == asked) return reply;
  }
  return nullptr;
}

bool AnswersAtHand::is_old(const Reply& reply) const {
  return loop_.now() >= reply.kept + kLongestTime;
}

/// The question's own place; or one near its home that is free, or old, or the user's own oldest.
std::unique_ptr<AnswersAtHand::Reply>* AnswersAtHand::place_for(std::string_view asked, Uid uid) {
  if (2 * taken_ >= places_.size() && places_.size() < most_) grow();
  const std::size_t home = home_of(asked, uid);
  std::unique_ptr<Reply>* free = nullptr;
  std::unique_ptr<Reply>* own = nullptr;
  for (std::size_t i = 0; i < kNear; ++i) {
    std::unique_ptr<Reply>& place = places_[(home + i) % places_.size()];
    if (!place || is_old(*place)) {
      if (free == nullptr) free = &place;
    } else if (place->uid == uid) {
      if (place->asked.reveal() == asked) return &place;
      if (own == nullptr || place->kept < (*own)->kept) own = &place;
    }
  }
  return free != nullptr ? free : own;
}

void AnswersAtHand::grow() {
  auto before = std::exchange(places_, {});
  places_.resize(std::clamp(2 * before.size(), std::min(kFewest, most_), most_));
  taken_ = 0;
  for (std::unique_ptr<Reply>& reply : before) {
    if (!reply) continue;
    std::unique_ptr<Reply>* const place = place_for(reply->asked.reveal(), reply->uid);
    if (place == nullptr) continue;
    if (!*place) ++taken_;
    *place = std::move(reply);
  }
}

void AnswersAtHand::drop_old_in_time() {
  if (timer_ != 0) return;
  timer_ = loop_.at(loop_.now() + 2 * kLongestTime, [this] {
    timer_ = 0;
    for (std::unique_ptr<Reply>& reply : places_) {
      if (!reply || !is_old(*reply)) continue;
      reply.reset();
      --taken_;
    }
    if (taken_ > 0) return drop_old_in_time();
    std::vector<std::unique_ptr<Reply>>().swap(places_);
  });
}

}  // namespace akgate
