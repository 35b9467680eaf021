// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "platform/clock.hpp"
#include "platform/loop.hpp"
#include "refresh/controls.hpp"

namespace akgate {

/// Has a sentence for the service manager (`systemctl status`) at the start, and whenever the
/// register falls silent or answers again; it looks every ten seconds. On the desk's loop.
class StandingNews {
 public:
  using Look = std::function<RegisterStanding()>;
  using Tell = std::function<void(const std::string& sentence)>;

  /// `desk` and `clock` outlive this.
  StandingNews(Loop& desk, const Clock& clock, Look look, Tell tell)
      : desk_(desk), clock_(clock), look_(std::move(look)), tell_(std::move(tell)) {}
  StandingNews(const StandingNews&) = delete;
  StandingNews& operator=(const StandingNews&) = delete;

  /// To be called once.
  void start() { go_on(); }

 private:
  void say(const RegisterStanding& standing) const;
  void go_on();

  Loop& desk_;
  const Clock& clock_;
  const Look look_;
  const Tell tell_;
  std::optional<bool> told_silent_;
};

}  // namespace akgate
