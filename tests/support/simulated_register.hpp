// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <utility>

#include "platform/clock.hpp"
#include "platform/loop.hpp"
#include "register/verifier.hpp"

namespace akgate {

/// A register in simulated time, in place of the network: it has records, a clock, and bad days.
class SimulatedRegister final : public Verifier {
 public:
  enum class Mood { answers, dead, hangs, fails, talks_rubbish, refuses };

  SimulatedRegister(Loop& loop, const Clock& clock) : loop_(loop), clock_(clock) {}

  void verify(const AccessKey& key, OnEnd on_end) override {
    ++requests;
    ++under_way_;
    most_at_once = std::max(most_at_once, under_way_);
    VerifyOutcome outcome = answer(key);
    loop_.at(loop_.now() + (mood_towards(key) == Mood::hangs ? kTimeout : latency),
             [this, outcome = std::move(outcome), on_end = std::move(on_end)]() mutable {
               --under_way_;
               on_end(std::move(outcome));
             });
  }

  static constexpr std::chrono::seconds kTimeout{10};

  Mood mood = Mood::answers;
  std::map<std::string, Mood> mood_about;       ///< By the access key's text; in place of `mood`.
  std::map<std::string, AccessRecord> records;  ///< By the access key's text.
  std::chrono::milliseconds latency{20};
  std::optional<std::chrono::milliseconds> retry_after;  ///< Sent when failing.
  std::chrono::milliseconds clock_error{0};
  bool tells_time = true;
  int requests = 0;
  int most_at_once = 0;

 private:
  [[nodiscard]] Mood mood_towards(const AccessKey& key) const {
    const auto special = mood_about.find(std::string(key.reveal().reveal()));
    return special != mood_about.end() ? special->second : mood;
  }

  VerifyOutcome answer(const AccessKey& key) {
    const std::string name(key.reveal().reveal());
    VerifyOutcome outcome;
    outcome.detail = "simulated";
    switch (mood_towards(key)) {
      case Mood::dead:
        outcome.silence = Silence::link;
        return outcome;
      case Mood::hangs:
        outcome.silence = Silence::request;
        return outcome;
      case Mood::fails:
        outcome.silence = retry_after ? Silence::link : Silence::request;
        outcome.retry_after = retry_after;
        return outcome;
      case Mood::talks_rubbish:
        outcome.outcome = Outcome::malformed;
        return outcome;
      case Mood::refuses:
        outcome.outcome = Outcome::refused;
        return outcome;
      case Mood::answers:
        break;
    }
    if (tells_time) outcome.attested = clock_.read().wall + clock_error;
    outcome.transaction_id = "tid_" + std::to_string(requests);
    const auto found = records.find(name);
    outcome.outcome = found == records.end() ? Outcome::not_found : Outcome::record;
    if (found != records.end()) outcome.record = found->second;
    return outcome;
  }

  Loop& loop_;
  const Clock& clock_;
  int under_way_ = 0;
};

}  // namespace akgate
