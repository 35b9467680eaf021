// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/world.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

using Mood = Weather::Mood;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr seconds kTimeout{10};

std::size_t number_of(const AccessKey& key) { return cast::number_of_key(key.reveal().reveal()); }

// How a request without an answer ends.
void fail(Ending& end, Mood mood, const Weather& weather) {
  switch (mood) {
    case Mood::hangs:
    case Mood::fails:
      end.silence = Silence::request;
      return;
    case Mood::busy:
      end.silence = Silence::link;
      end.retry_after = weather.retry_after;
      return;
    case Mood::talks_rubbish:
      end.outcome = Outcome::malformed;
      return;
    case Mood::refuses:
      end.outcome = Outcome::refused;
      return;
    default:
      end.silence = Silence::link;
      return;
  }
}

Dice::Span duration(Mood mood, const Weather& weather, Dice& dice) {
  switch (mood) {
    case Mood::hangs:
      return kTimeout;
    case Mood::slow:
      return dice.between(milliseconds(2001), seconds(9));
    case Mood::dead:
      return dice.between(milliseconds(0), seconds(3));
    default:
      return dice.between(weather.latency / 2, weather.latency * 2);
  }
}

}  // namespace

World::World(SimulatedLoop& loop, const TrueTime& time, Dice dice, const Character& character,
             Dice::Span how_long)
    : loop_(loop),
      time_(time),
      dice_(dice.split()),
      character_(character),
      truth_(dice.split(), time.now(), how_long, character.pace),
      weather_(draw_weather(dice.split(), time.now(), how_long, character.climate)) {
  for (std::size_t i = 0; i <= cast::kKeys; ++i) {
    troubles_.push_back(
        draw_trouble(dice.split(), time.now(), how_long, character.climate.roughness));
  }
}

void World::verify(const AccessKey& key, OnEnd<VerifyOutcome> on_end) {
  begin({.kind = Topic::Kind::record, .key = number_of(key)}, std::move(on_end));
}

void World::verify_meter_point(const AccessKey& key, const Mpxn& mpxn,
                               OnEnd<ListingOutcome> on_end) {
  begin({.kind = Topic::Kind::listing,
         .key = number_of(key),
         .other = cast::number_of_mpxn(mpxn.text())},
        std::move(on_end));
}

void World::verify_data_user(const Duid& duid, OnEnd<DataUserOutcome> on_end) {
  begin({.kind = Topic::Kind::data_user, .other = cast::number_of_duid(duid.text())},
        std::move(on_end));
}

bool World::calm_for(Dice::Span how_long) const {
  constexpr Dice::Span kStep = std::chrono::minutes(1);
  if (time_.now() - how_long <= cut_until_) return false;
  for (Dice::Span ago{0}; ago <= how_long; ago += kStep) {
    const Timestamp when = time_.now() - ago;
    const bool troubled = std::any_of(troubles_.begin(), troubles_.end(), [&](const auto& trouble) {
      return trouble.at(when).has_value();
    });
    if (troubled || !weather_.at(when).fine()) return false;
  }
  return true;
}

Mood World::mood_towards(const Topic& topic) {
  const Timestamp now = time_.now();
  if (now < cut_until_) return Mood::dead;
  if (character_.loses_some && dice_.percent(1)) return Mood::dead;
  const Mood mood = mood_of_request(weather_.at(now).mood, dice_);
  if (mood != Mood::answers) return mood;
  const std::size_t place = topic.kind == Topic::Kind::record ? topic.key : cast::kKeys;
  return troubles_.at(place).at(now).value_or(mood);
}

template <typename End>
void World::begin(const Topic& topic, OnEnd<End> on_end) {
  const std::uint64_t request = ++requests_;
  listener->request_sent(request, topic);
  const Weather& weather = weather_.at(time_.now());
  const Mood mood = mood_towards(topic);
  const Dice::Span takes = duration(mood, weather, dice_);
  End end;
  end.detail = "simulated";
  std::optional<Statement> statement;
  if (mood == Mood::answers || mood == Mood::slow) {
    const bool lags = dice_.percent(40) && character_.most_lag > Dice::Span(0);
    const Dice::Span lag = lags ? dice_.between(Dice::Span(0), character_.most_lag) : Dice::Span(0);
    statement = Statement{.topic = topic, .sent = time_.now()};
    // Written out when the answer leaves the register, half a way before it is here.
    say(topic, time_.now() + takes / 2 - lag, end, *statement);
    if (end.outcome == Outcome::malformed) statement.reset();
    if (statement) {
      const std::string number = std::to_string(++transactions_);
      end.transaction_id = "tid_" + std::string(24 - number.size(), '0') + number;
      statement->transaction_id = end.transaction_id;
      on_said(*statement);
    }
    if (!character_.keeps_time_to_itself || dice_.percent(50)) {
      end.attested = time_.now() + takes / 2 + weather.clock_error;
    }
  } else {
    fail(end, mood, weather);
  }
  static_cast<void>(loop_.at(loop_.now() + takes,
                             [this, request, end = std::move(end), statement = std::move(statement),
                              on_end = std::move(on_end)]() mutable {
                               if (statement) statement->delivered = time_.now();
                               listener->request_ended(request, end, statement);
                               on_end(std::move(end));
                               if (statement) on_heard(*statement);
                             }));
}

void World::say(const Topic& topic, Timestamp as_of, VerifyOutcome& end,
                Statement& statement) const {
  const std::optional<AccessRecord>& record = truth_.record(topic.key, as_of);
  statement.record = record;
  end.outcome = record ? Outcome::found : Outcome::not_found;
  if (record) end.record = *record;
  // The client takes an incomplete record only for a denial.
  const bool makes_sense = !record || record->complete || record->state != State::active ||
                           record->revoked_at_set || record->expiry.passed(as_of);
  if (!makes_sense) end.outcome = Outcome::malformed;
}

void World::say(const Topic& topic, Timestamp as_of, ListingOutcome& end,
                Statement& statement) const {
  statement.listed = truth_.listed(topic.key, topic.other, as_of);
  end.outcome = Outcome::found;
  end.listed = statement.listed;
}

void World::say(const Topic& topic, Timestamp as_of, DataUserOutcome& end,
                Statement& statement) const {
  statement.status = truth_.data_user(topic.other, as_of);
  end.outcome = statement.status == DataUserStatus::unknown ? Outcome::not_found : Outcome::found;
  end.status = statement.status;
}

}  // namespace akgate
