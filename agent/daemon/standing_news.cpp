// SPDX-License-Identifier: Apache-2.0
#include "daemon/standing_news.hpp"

#include <chrono>

#include "record/timestamp.hpp"

namespace akgate {

namespace {

constexpr std::chrono::seconds kBetweenLooks{10};

}  // namespace

void StandingNews::go_on() {
  const RegisterStanding standing = look_();
  if (told_silent_ != standing.silent_for.has_value()) say(standing);
  told_silent_ = standing.silent_for.has_value();
  desk_.at(desk_.now() + kBetweenLooks, [this] { go_on(); });
}

void StandingNews::say(const RegisterStanding& standing) const {
  if (!standing.silent_for) return tell_("Answering.");
  std::string since = "since the start";
  if (standing.since_last_answer) {
    since = "since " + format_timestamp(std::chrono::floor<std::chrono::seconds>(
                           clock_.read().wall - *standing.since_last_answer));
  }
  tell_("The register has not answered " + since +
        ": what is known counts within its grace, all else is denied.");
}

}  // namespace akgate
