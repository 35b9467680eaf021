// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>

#include "record/binding.hpp"
#include "record/data_user.hpp"
#include "record/knowledge.hpp"
#include "record/timestamp.hpp"

namespace akgate {

/// What is known about the present when a verdict is given.
struct Present {
  Timestamp now{};  ///< Trusted time.
  /// False: nothing is allowed but what the register answers now, and of that nothing that has an
  /// end (I8).
  bool clock_trusted = true;
  /// How much later it may really be: added to every age, and an expiry within it may have passed.
  std::chrono::milliseconds unaccounted{0};
};

/// How the register stands towards what is in question: a key's record, its meter point, or a Data
/// User.
enum class Standing : std::uint8_t {
  answered_now,    ///< It answered this very question's request: what is known is that answer.
  answers,         ///< It answers in general: what is not fresh must be asked for first.
  silent,          ///< It does not answer: grace applies (I4).
  silent_for_key,  ///< It fails here while it answers about others: no grace.
  refused,         ///< It refuses us (401, 403, another 4xx): no grace.
  malformed        ///< Its last answer made no sense: no grace, and what is known is not used.
};

/// One of the things that a verdict rests on.
template <typename Known>
struct Part {
  const Known* known = nullptr;  ///< The last thing the register said; null for nothing.
  Standing standing = Standing::answers;
};

/// Everything that a verdict may rest on.
struct Evidence {
  Part<Knowledge> record{};
  Part<Binding> binding{};             ///< Of the question's key, to whatever meter point.
  Part<DataUserStanding> data_user{};  ///< Of data_user_in_question().
};

}  // namespace akgate
