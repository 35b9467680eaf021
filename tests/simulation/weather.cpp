// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/weather.hpp"

namespace akgate {

namespace {

using Mood = Weather::Mood;
using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

Mood some_trouble(Dice& dice) {
  return dice.pick({Mood::dead, Mood::dead, Mood::dead, Mood::hangs, Mood::slow, Mood::fails,
                    Mood::busy, Mood::talks_rubbish, Mood::refuses, Mood::patchy});
}

Weather draw_one(Dice& dice, unsigned roughness, bool clock_errs) {
  Weather weather;
  weather.latency = dice.pick<Dice::Span>({milliseconds(5), milliseconds(50), milliseconds(400)});
  if (dice.percent(roughness)) weather.mood = some_trouble(dice);
  weather.retry_after = dice.pick<Dice::Span>({seconds(3), seconds(90), hours(3)});
  if (clock_errs && dice.percent(40)) {
    weather.clock_error = dice.pick<Dice::Span>(
        {-hours(1), hours(1), -minutes(5), minutes(5), -hours(60), hours(60)});
  }
  return weather;
}

}  // namespace

Timeline<Weather> draw_weather(Dice dice, Timestamp begin, Dice::Span how_long,
                               const Climate& climate) {
  Timeline<Weather> weather{Weather{}};
  const Timestamp end = begin + how_long;
  const bool mixed = climate.kind == Climate::Kind::mixed;
  const bool changes_often = climate.kind == Climate::Kind::on_and_off;
  Timestamp now = begin + dice.about(changes_often ? minutes(20) : hours(2));
  for (bool dead = true; now < end; dead = !dead) {
    Weather next = draw_one(dice, climate.roughness, climate.clock_errs);
    if (!mixed) next.mood = dead ? Mood::dead : Mood::answers;
    weather.then(now, next);
    const Dice::Span short_time = minutes(8);
    const Dice::Span long_time = changes_often ? short_time : hours(20);
    const Dice::Span any = dice.pick<Dice::Span>({minutes(3), minutes(40), hours(5), hours(24)});
    now += dice.about(mixed ? any : dead ? long_time : short_time);
  }
  return weather;
}

Timeline<std::optional<Mood>> draw_trouble(Dice dice, Timestamp begin, Dice::Span how_long,
                                           unsigned roughness) {
  Timeline<std::optional<Mood>> trouble{std::nullopt};
  const Timestamp end = begin + how_long;
  for (Timestamp now = begin + dice.about(hours(4)); now < end;) {
    const bool is_trouble = dice.percent(roughness / 2);
    const Mood mood =
        dice.pick({Mood::hangs, Mood::slow, Mood::fails, Mood::talks_rubbish, Mood::refuses});
    trouble.then(now, is_trouble ? std::optional(mood) : std::nullopt);
    now += dice.about(dice.pick<Dice::Span>({minutes(20), hours(6)}));
  }
  return trouble;
}

Mood mood_of_request(Mood mood, Dice& dice) {
  if (mood != Mood::patchy) return mood;
  return dice.percent(60) ? Mood::answers : some_trouble(dice);
}

}  // namespace akgate
