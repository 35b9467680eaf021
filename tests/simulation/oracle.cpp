// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/oracle.hpp"

#include <algorithm>
#include <utility>

namespace akgate {

namespace {

using std::chrono::milliseconds;

std::optional<std::size_t> key_of(const Topic& topic) {
  if (topic.kind == Topic::Kind::data_user) return std::nullopt;
  return topic.key;
}

}  // namespace

void Oracle::report(std::string invariant, const std::string& what,
                    std::optional<std::size_t> key) {
  if (found_) return;
  found_ = Violation{.invariant = std::move(invariant), .what = what};
  about_ = key;
}

// --- what happens --------------------------------------------------------------------------------

void Oracle::request_sent(std::uint64_t request, const Topic& topic) {
  if (setting_.story.wanted()) {
    setting_.story.tell(now(), key_of(topic), "request about " + describe(topic));
  }
  if (auto wrong = conduct_.sent(request, topic, now())) {
    report(wrong->invariant, wrong->what);  // Whichever key it is: the others matter as much.
  }
}

void Oracle::request_ended(std::uint64_t request, const Ending& ending,
                           const std::optional<Statement>& statement) {
  const Topic topic = conduct_.ended(request, ending, now());
  if (ending.attested) {
    const Dice::Span error = *ending.attested - now();
    const bool lies = clock_disciplined_ && clock_error_ != Dice::Span(0);
    // On its way the answer took some time, which is no error.
    setting_.known_time.attested(now(), error, clock_disciplined_, lies);
  }
  if (setting_.story.wanted()) {
    setting_.story.tell(now(), key_of(topic),
                        statement ? "the register says " + describe(*statement)
                                  : "request about " + describe(topic) + " ends in outcome " +
                                        std::to_string(static_cast<int>(ending.outcome)));
  }
  if (!statement) return;
  note_narrowing(*statement);
  Heard heard{.statement = *statement,
              .known_time = setting_.known_time.at_least(statement->sent),
              .ahead = setting_.known_time.ahead()};
  if (statement->topic.kind == Topic::Kind::listing) {
    heard.identities = identities_known(statement->topic.key);
  }
  hearsay_.add(std::move(heard));
}

void Oracle::note_narrowing(const Statement& statement) {
  // Of meter points it keeps but one a key, so that such need be no news at all.
  if (statement.topic.kind == Topic::Kind::listing) return;
  const auto& before = hearsay_.about(statement.topic);
  if (disk_works_ || !setting_.ample_room || before.empty()) return;
  const bool over_already = std::any_of(before.begin(), before.end(), [](const Heard* each) {
    return is_revocation(each->statement);
  });
  if (over_already) return;
  const Heard& last = *before.back();
  if (last.forgotten != Heard::Forgotten::no) return;
  if (last.process == hearsay_.process() && grants(last.statement) && !grants(statement)) {
    disk_owes_ = true;
    setting_.story.tell(now(), std::nullopt,
                        "bad news that cannot be written: " + describe(statement) +
                            ", before: " + describe(last.statement));
  }
}

std::size_t Oracle::to_be_forgotten(std::optional<std::size_t> key) {
  return hearsay_.to_be_forgotten(key, now());
}

void Oracle::system_clock(bool synchronised, Dice::Span error) {
  clock_disciplined_ = synchronised;
  clock_error_ = error;
  if (synchronised) setting_.known_time.synchronised(now(), error);
}

void Oracle::disk_works(bool works) {
  if (works == disk_works_) return;
  disk_works_ = works;
  if (works) {
    disk_owes_ = false;
    setting_.known_time.disk_healed(now());
  } else {
    setting_.known_time.disk_failed();
  }
}

void Oracle::task_ended() {
  hearsay_.task_ended(disk_works_);
  hearsay_.time_passes(now(), disk_works_);
  setting_.known_time.passes(now());
  check_overdue();
}

void Oracle::process_ended() {
  conduct_.process_ended();
  hearsay_.process_ended();
  open_.clear();
  disk_works_ = true;
  disk_owes_ = false;
}

// What was due meanwhile is done when it wakes up.
void Oracle::sleeps(Dice::Span how_long) {
  for (auto& [number, asked] : open_) asked.deadline = std::max(asked.deadline, now() + how_long);
}

void Oracle::check_overdue() {
  for (const auto& [number, asked] : open_) {
    if (now() > asked.deadline + kRounding) {
      report("I10", "a question has no reply within its timeout", asked.key);
    }
  }
}

void Oracle::settled(std::uint64_t number, bool gave_up) {
  const auto found = open_.find(number);
  if (found == open_.end()) return report("I10", "a question was settled twice");
  const Asked& asked = found->second;
  if (gave_up && now() + kRounding < asked.deadline) {
    report("I10", "a question was given up before its time", asked.key);
  }
  open_.erase(found);
}

}  // namespace akgate
