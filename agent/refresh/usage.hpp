// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>

#include "platform/clock.hpp"
#include "refresh/tick.hpp"

namespace akgate {

/// How a subject is asked for: all the time, in a rhythm of its own (each half hour, each night),
/// or no more. Questions that follow one another within half of `fresh-for` are one burst.
class Usage {
 public:
  using Span = std::chrono::milliseconds;

  void asked(BootTime now, Span fresh_for);
  /// The last question; kNever where there was none.
  [[nodiscard]] Tick last() const { return last_; }

  /// When to ask the register anew so that the next question finds what was confirmed at
  /// `confirmed` still fresh, or fresh again. `jitter`, from 0 to 1, spreads what came together.
  /// Nothing where no question is to be expected.
  [[nodiscard]] std::optional<BootTime> refresh_at(BootTime confirmed, Span fresh_for,
                                                   double jitter) const;

  /// How often that is, on the average.
  [[nodiscard]] Span interval(Span fresh_for) const;

 private:
  Tick last_ = kNever;  ///< The last question,
  Tick burst_{};        ///< and the first one of its burst.
  Ticks gap_{};         ///< From the burst before to this one; zero: there is none.
  Ticks gap_before_{};  ///< The same of the burst before.
};

}  // namespace akgate
