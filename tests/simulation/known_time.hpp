// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <chrono>

#include "record/timestamp.hpp"

namespace akgate {

/// The time that the agent must know it to be at the very least, by what DESIGN.md promises: from
/// the last word of somebody who knows, counting what it was awake, charging each boot with a clock
/// that nobody vouches for. It is never later than what a faithful agent knows, so that nothing is
/// called a violation that is none.
class KnownTime {
 public:
  using Span = std::chrono::milliseconds;

  KnownTime(Timestamp begin, Span boot_costs) : boot_costs_(boot_costs), started_(begin) {}

  /// No expiry before this may be overlooked, and every age counts up to it.
  [[nodiscard]] Timestamp at_least(Timestamp truth) const { return truth - lag_.charged; }
  /// How far trusted time may be ahead of the truth: somebody who was believed was wrong.
  [[nodiscard]] Span ahead() const { return ahead_; }
  /// It booted with a clock that cannot be right, and nobody has told it since.
  [[nodiscard]] bool surely_untrusted() const { return untrusted_; }

  /// When somebody last said the time who was right.
  [[nodiscard]] Timestamp last_word() const { return last_word_; }

  /// The register said the time, off by so much. `known_better`: a disciplined clock was there.
  void attested(Timestamp truth, Span error, bool known_better, bool system_clock_lies) {
    untrusted_ = false;
    if (!known_better || error < kImplausible) ahead_ = std::max(ahead_, error);
    const bool believed = !system_clock_lies && abs(error) <= kPlausible;
    vouched(truth, believed ? -error : Span::max());
    told_ = true;
  }

  /// The system clock is disciplined, and was looked at.
  void synchronised(Timestamp truth, Span error) {
    untrusted_ = false;
    ahead_ = std::max(ahead_, error);
    const Lag before = lag_;
    vouched(truth, abs(error) < std::chrono::seconds(1) ? -error : Span::max());
    if (before.plain != lag_.plain || before.charged != lag_.charged) moved_ = truth;
  }

  /// To be called whenever the agent has done what it had to do: what the register said of the time
  /// is durable then, and the mark is at least hourly, where there is a disk for it. Killed before,
  /// it may have heard what it does not know any more.
  void passes(Timestamp truth) {
    if (healthy_ <= truth && (told_ || truth - moved_ > kMarkedEvery)) note_kept(truth);
    told_ = false;
  }

  /// The process has started, and written its mark.
  void mark_written(Timestamp truth) {
    kept_ = {.time = truth, .lag = lag_};
    marked_ = true;
  }

  void disk_failed() { healthy_ = Timestamp::max(); }
  void disk_healed(Timestamp truth) { healthy_ = truth + kMarkedEvery; }

  /// The process ended and starts again, in the same boot.
  void restarted(Timestamp truth, Timestamp wall) {
    const Lag again = kept_.time >= booted_ ? kept_.lag : kept_lag_at_boot_;
    lag_.plain = std::max(lag_.plain, again.plain);
    lag_.charged = std::max(lag_.charged, again.charged);
    untrusted_ = untrusted_ && wall < truth - lag_.plain;
    started(truth);
  }

  /// The machine was off, and boots with this wall clock. `vouched`: and it is right.
  void booted(Timestamp truth, Timestamp wall, bool vouched_for) {
    booted_ = truth;
    const Timestamp mark = kept_.time - kept_.lag.plain;
    kept_lag_at_boot_ = {.plain = truth - mark,
                         .charged = truth - (kept_.time - kept_.lag.charged)};
    lag_ = kept_lag_at_boot_;
    lag_.charged -= boot_costs_;
    untrusted_ = !vouched_for && wall < mark;
    if (vouched_for) {
      lag_ = {};
      last_word_ = truth;
    }
    started(truth);
  }

 private:
  static constexpr Span kMarkedEvery = std::chrono::minutes(62);
  static constexpr Span kPlausible = std::chrono::hours(2);
  static constexpr Span kImplausible = std::chrono::hours(25);

  /// How far behind the truth: the time itself, and with what boots are charged.
  struct Lag {
    Span plain{0};
    Span charged{0};
  };
  struct Kept {
    Timestamp time{};
    Lag lag{};
  };

  void vouched(Timestamp truth, Span behind) {
    if (behind != Span::max()) last_word_ = truth;
    lag_.plain = std::min(lag_.plain, behind);
    lag_.charged = lag_.plain;
    // What is on disk may be the one or the other.
    kept_.lag.charged = std::max(kept_.lag.charged, lag_.charged);
    kept_lag_at_boot_.charged = std::max(kept_lag_at_boot_.charged, lag_.charged);
  }
  /// A mark of not long ago is durable, or one that says little else.
  void note_kept(Timestamp truth) {
    if (!marked_) return;
    constexpr Span kNoJump = std::chrono::seconds(61);
    kept_ = {.time = std::max(truth - kMarkedEvery, started_ - kNoJump), .lag = lag_};
  }
  void started(Timestamp truth) {
    started_ = truth;
    healthy_ = truth;
    moved_ = {};
    marked_ = false;
    told_ = false;
  }

  const Span boot_costs_;
  Lag lag_{};
  Kept kept_{};
  Lag kept_lag_at_boot_{};
  Timestamp booted_{};
  Timestamp started_{};
  Timestamp healthy_{};
  Timestamp moved_{};  ///< When a disciplined clock last changed something.
  Timestamp last_word_{};
  Span ahead_{0};
  bool untrusted_ = false;
  bool marked_ = false;  ///< By this process.
  bool told_ = false;    ///< By the register, since passes().
};

}  // namespace akgate
