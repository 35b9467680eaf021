// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "platform/clock.hpp"
#include "platform/loop.hpp"
#include "register/verifier.hpp"

namespace akgate {

/// A register in simulated time, in place of the network: it has records, meter points, Data Users,
/// a clock, and bad days.
class SimulatedRegister final : public Verifier {
 public:
  enum class Mood {
    answers,
    dead,
    hangs,
    fails,
    talks_rubbish,
    refuses,
    refused_by_ourselves,  ///< It is not even asked.
    silent_by_ourselves    ///< The same, since it asked us to wait.
  };

  SimulatedRegister(Loop& loop, const Clock& clock) : loop_(loop), clock_(clock) {}

  void verify(const AccessKey& key, OnEnd<VerifyOutcome> on_end) override {
    const std::string name(key.reveal().reveal());
    const auto special = mood_about.find(name);
    const Mood how = special != mood_about.end() ? special->second : mood;
    auto outcome = begin<VerifyOutcome>(how);
    if (how == Mood::answers) {
      const auto found = records.find(name);
      outcome.outcome = found == records.end() ? Outcome::not_found : Outcome::found;
      if (found != records.end()) outcome.record = found->second;
    }
    end_later(how, std::move(outcome), std::move(on_end));
  }

  void verify_meter_point(const AccessKey& key, const Mpxn& mpxn,
                          OnEnd<ListingOutcome> on_end) override {
    ++meter_point_requests;
    const Mood how = meter_point_mood.value_or(mood);
    auto outcome = begin<ListingOutcome>(how);
    if (how == Mood::answers) {
      outcome.outcome = Outcome::found;
      outcome.listed = meter_points[mpxn.text()].contains(std::string(key.reveal().reveal()));
    }
    end_later(how, std::move(outcome), std::move(on_end));
  }

  void verify_data_user(const Duid& duid, OnEnd<DataUserOutcome> on_end) override {
    ++data_user_requests;
    const Mood how = data_user_mood.value_or(mood);
    auto outcome = begin<DataUserOutcome>(how);
    if (how == Mood::answers) {
      const auto found = data_users.find(std::string(duid.text()));
      outcome.outcome = found == data_users.end() ? Outcome::not_found : Outcome::found;
      if (found != data_users.end()) outcome.status = found->second;
    }
    end_later(how, std::move(outcome), std::move(on_end));
  }

  static constexpr std::chrono::seconds kTimeout{10};

  Mood mood = Mood::answers;
  std::map<std::string, Mood> mood_about;  ///< By the access key's text; in place of `mood`.
  std::optional<Mood> meter_point_mood;    ///< Of operation 4, in place of `mood`.
  std::optional<Mood> data_user_mood;
  std::map<std::string, AccessRecord> records;                ///< By the access key's text.
  std::map<std::string, std::set<std::string>> meter_points;  ///< Their keys.
  std::map<std::string, DataUserStatus> data_users;
  std::chrono::milliseconds latency{20};
  std::optional<std::chrono::milliseconds> retry_after;  ///< Sent when failing.
  std::chrono::milliseconds clock_error{0};
  bool tells_time = true;
  int requests = 0;
  int meter_point_requests = 0;
  int data_user_requests = 0;
  int most_at_once = 0;

 private:
  template <typename End>
  End begin(Mood how) {
    ++requests;
    ++under_way_;
    most_at_once = std::max(most_at_once, under_way_);
    End end;
    end.detail = "simulated";
    switch (how) {
      case Mood::dead:
        end.silence = Silence::link;
        break;
      case Mood::hangs:
        end.silence = Silence::request;
        break;
      case Mood::fails:
        end.silence = retry_after ? Silence::link : Silence::request;
        end.retry_after = retry_after;
        break;
      case Mood::talks_rubbish:
        end.outcome = Outcome::malformed;
        break;
      case Mood::silent_by_ourselves:
        end.requests = 0;
        break;
      case Mood::refused_by_ourselves:
        end.requests = 0;
        [[fallthrough]];
      case Mood::refuses:
        end.outcome = Outcome::refused;
        break;
      case Mood::answers:
        if (tells_time) end.attested = clock_.read().wall + clock_error;
        end.transaction_id = transaction_id();
        break;
    }
    return end;
  }

  /// As long as the register's.
  [[nodiscard]] std::string transaction_id() const {
    const std::string number = std::to_string(requests);
    return "tid_" + std::string(24 - number.size(), '0') + number;
  }

  template <typename End>
  void end_later(Mood how, End end, OnEnd<End> on_end) {
    loop_.at(loop_.now() + (how == Mood::hangs ? kTimeout : latency),
             [this, end = std::move(end), on_end = std::move(on_end)]() mutable {
               --under_way_;
               on_end(std::move(end));
             });
  }

  Loop& loop_;
  const Clock& clock_;
  int under_way_ = 0;
};

}  // namespace akgate
