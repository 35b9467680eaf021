// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "tests/simulation/dice.hpp"
#include "tests/simulation/timeline.hpp"

namespace akgate {

/// How the register and the link to it behave for a while.
struct Weather {
  enum class Mood {
    answers,
    dead,   ///< No connection.
    hangs,  ///< Nothing until the time-out.
    slow,   ///< Answers, but after longer than anybody waits for.
    fails,  ///< A 500.
    busy,   ///< A 503 with Retry-After.
    talks_rubbish,
    refuses,
    patchy  ///< Each request another of these.
  };
  Mood mood = Mood::answers;
  Dice::Span latency{20};
  Dice::Span retry_after{0};
  Dice::Span clock_error{0};  ///< Of the register's clock; ahead is positive.

  /// No trouble at all.
  [[nodiscard]] bool fine() const {
    return mood == Mood::answers && latency <= std::chrono::milliseconds(200) &&
           clock_error == Dice::Span(0);
  }
};

/// What weather there is over time.
struct Climate {
  enum class Kind { mixed, mostly_dead, on_and_off };
  Kind kind = Kind::mixed;
  unsigned roughness = 20;  ///< Percent of the time that something is wrong.
  bool clock_errs = false;  ///< Now and then the register's clock is off.
};
[[nodiscard]] Timeline<Weather> draw_weather(Dice dice, Timestamp begin, Dice::Span how_long,
                                             const Climate& climate);

/// The trouble of one thing alone (a key, a meter point): mostly none.
[[nodiscard]] Timeline<std::optional<Weather::Mood>> draw_trouble(Dice dice, Timestamp begin,
                                                                  Dice::Span how_long,
                                                                  unsigned roughness);

/// What it comes to for one request.
[[nodiscard]] Weather::Mood mood_of_request(Weather::Mood mood, Dice& dice);

}  // namespace akgate
