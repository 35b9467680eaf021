// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <initializer_list>

namespace akgate {

/// Random choices that are the same on every machine for the same seed (splitmix64).
class Dice {
 public:
  using Span = std::chrono::milliseconds;

  explicit Dice(std::uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ULL + 1) {}

  std::uint64_t next() {
    state_ += 0x9e3779b97f4a7c15ULL;
    std::uint64_t mixed = state_;
    mixed = (mixed ^ (mixed >> 30U)) * 0xbf58476d1ce4e5b9ULL;
    mixed = (mixed ^ (mixed >> 27U)) * 0x94d049bb133111ebULL;
    return mixed ^ (mixed >> 31U);
  }

  /// From 0 to `end` - 1.
  std::size_t below(std::size_t end) { return static_cast<std::size_t>(next() % end); }
  bool percent(unsigned chance) { return next() % 100 < chance; }
  Span between(Span least, Span most) {
    const auto width = static_cast<std::uint64_t>((most - least).count()) + 1;
    return least + Span(static_cast<Span::rep>(next() % width));
  }
  /// Waiting times of what happens at random, once in `mean` on average.
  Span about(Span mean) {
    const double unit = (static_cast<double>(next() >> 11U) + 1) / 9007199254740993.0;
    return Span(static_cast<Span::rep>(-std::log(unit) * static_cast<double>(mean.count()))) +
           Span(1);
  }
  template <typename T>
  T pick(std::initializer_list<T> choices) {
    return *(choices.begin() + below(choices.size()));
  }
  /// Dice of its own for another part of the simulation.
  Dice split() { return Dice(next()); }

 private:
  std::uint64_t state_;
};

}  // namespace akgate
