// SPDX-License-Identifier: Apache-2.0
// What happens to the device and its clients.
#include <cerrno>
#include <utility>

#include "tests/simulation/simulation.hpp"

namespace akgate {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

constexpr int kMostAmbushes = 12;

}  // namespace

void Simulation::draw_up_agenda() {
  later(how_long_, [] {});
  if (character_.rhythmic) {
    later(minutes(1), [this] { burst(); });
  } else {
    again_and_again(character_.between_bursts, [this] { burst(); });
  }
  again_and_again(hours(2), [this] { operator_speaks(); });
  again_and_again(hours(8), [this] {
    operator_blocks(dice_.percent(70) ? cast::key(dice_.below(cast::kKeys))
                                      : cast::mpxn(dice_.below(cast::kMeterPoints)));
  });
  again_and_again(hours(16), [this] { operator_forgets(); });
  again_and_again(hours(20), [this] { machine_sleeps(); });
  if (character_.crashes) {
    again_and_again(character_.between_crashes, [this] { plan_crash(); });
  }
  if (character_.disk_fails) {
    again_and_again(character_.between_disk_troubles, [this] { disk_trouble(); });
  }
  if (character_.clock_is_set_by_hand) again_and_again(hours(20), [this] { clock_is_set(false); });
  if (character_.time_service_lies) again_and_again(hours(20), [this] { clock_is_set(true); });
  if (character_.clock != ClockKind::battery && character_.has_time_service) {
    const bool often = character_.clock == ClockKind::disciplined;
    again_and_again(often ? minutes(20) : hours(15), [this] { time_service_comes(); });
  }
  again_and_again(minutes(30), [this] { saved_wall_ = machine_.clock.read().wall; });
}

void Simulation::burst() {
  const std::size_t questions = 1 + dice_.below(5);
  Span after{0};
  const std::size_t favourite = dice_.below(cast::kRecords);
  for (std::size_t i = 0; i < questions; ++i) {
    const std::size_t key = dice_.percent(50) ? favourite : dice_.below(cast::kKeys);
    later(after, [this, key] { ask(key); });
    after += dice_.pick<Span>({milliseconds(0), milliseconds(30), seconds(1), seconds(10)});
  }
  if (character_.rhythmic) later(minutes(30), [this] { burst(); });
}

void Simulation::operator_speaks() {
  const std::size_t key = dice_.below(cast::kKeys);
  const auto mpxn =
      dice_.percent(60) ? std::optional(dice_.below(cast::kMeterPoints)) : std::nullopt;
  const std::size_t word = oracle_.operator_words.said(key, mpxn, now());
  story_.tell(now(), key, mpxn ? "BIND to meter point " + std::to_string(*mpxn) : "UNBIND");
  const auto on_done = [this, word, key](const std::optional<Refusal>& refusal) {
    if (disk_.dead()) return;
    story_.tell(now(), key, refusal ? "… is refused" : "… is kept");
    if (!refusal) oracle_.operator_words.done(word, now());
  };
  const AccessKey access_key = *AccessKey::parse(cast::key(key));
  if (mpxn) {
    machine_.desk().bind(access_key, *Mpxn::parse(cast::mpxn(*mpxn)), on_done);
  } else {
    machine_.desk().unbind(access_key, on_done);
  }
}

namespace {

Controls::Blockable blockable(const std::string& what) {
  if (const auto key = AccessKey::parse(what)) return *key;
  return *Mpxn::parse(what);
}

}  // namespace

void Simulation::operator_blocks(const std::string& what) {
  tell("BLOCK " + what);
  const std::size_t word = oracle_.operator_blocks.said(what, true);
  machine_.desk().block(blockable(what), [this, word](const std::optional<Refusal>& refusal) {
    if (!disk_.dead() && !refusal) oracle_.operator_blocks.done(word, now());
  });
  later(dice_.about(dice_.pick<Span>({seconds(1), minutes(10), hours(6)})),
        [this, what] { operator_unblocks(what); });
  // Somebody goes on asking, also after a restart.
  const auto key = AccessKey::parse(what);
  if (!key) return;
  if (character_.crashes && dice_.percent(50)) {
    later(dice_.about(seconds(20)), [this] { plan_crash(); });
  }
  for (const Span after : {minutes(2), minutes(10), minutes(60)}) {
    later(dice_.about(after), [this, key = cast::number_of_key(what)] { ask(key); });
  }
}

void Simulation::operator_unblocks(const std::string& what) {
  tell("UNBLOCK " + what);
  const std::size_t word = oracle_.operator_blocks.said(what, false);
  machine_.desk().unblock(blockable(what), [this, word](const std::optional<Refusal>& refusal) {
    if (!disk_.dead() && !refusal) oracle_.operator_blocks.done(word, now());
  });
}

void Simulation::operator_forgets() {
  const auto key = dice_.percent(70) ? std::optional(dice_.below(cast::kKeys)) : std::nullopt;
  // While the register is being asked about it, and asked for again afterwards.
  if (key) {
    ask(*key);
    for (const Span after : {milliseconds(300), milliseconds(5'000), milliseconds(60'000)}) {
      later(dice_.about(after), [this, key] { ask(*key); });
    }
  }
  later(milliseconds(dice_.below(40)), [this, key] { operator_has_forgotten(key); });
}

void Simulation::operator_has_forgotten(std::optional<std::size_t> key) {
  story_.tell(now(), key, key ? "FORGET" : "FORGET all");
  const std::size_t order = oracle_.to_be_forgotten(key);
  std::vector<std::size_t> words;  // It takes the operator's word along.
  for (std::size_t each = 0; each < cast::kKeys; ++each) {
    if (!key || *key == each) {
      words.push_back(oracle_.operator_words.said(each, std::nullopt, now()));
    }
  }
  const auto on_done = [this, key, order, words](const std::optional<Refusal>& refusal) {
    if (disk_.dead()) return;
    story_.tell(now(), key, refusal ? "… is not forgotten" : "… is forgotten");
    if (refusal) return;
    oracle_.forgotten(order);
    for (const std::size_t word : words) oracle_.operator_words.done(word, now());
  };
  if (key) {
    machine_.desk().forget(*AccessKey::parse(cast::key(*key)), on_done);
  } else {
    machine_.desk().forget_all(on_done);
  }
}

void Simulation::plan_crash() {
  by_power_cut_ = dice_.percent(50);
  if (dice_.percent(15) && !by_power_cut_) {
    machine_.flush();  // SIGTERM comes first
    tell("SIGTERM");
  }
  if (dice_.percent(40)) return disk_.die();
  disk_.die_at(1 + dice_.below(dice_.pick<std::size_t>({1, 3, 12, 40})));
}

void Simulation::disk_trouble() {
  if (disk_.fails()) return;
  disk_.fail(dice_.pick({EIO, ENOSPC}));
  oracle_.disk_works(false);
  disk_trouble_ = now();
  tell("the disk fails");
  later(dice_.about(dice_.pick<Span>({seconds(30), minutes(30), hours(4)})), [this] {
    disk_.fail(0);
    oracle_.disk_works(true);
    disk_trouble_ = now();
    tell("the disk works again");
  });
}

void Simulation::clock_is_set(bool service_lies) {
  const Span by = dice_.pick<Span>({minutes(10), hours(5), hours(24), hours(72), hours(24 * 400)});
  machine_.clock.step(dice_.percent(50) ? by : -by);
  machine_.clock.synchronised = service_lies;
  tell("the clock is set to " + format_timestamp(machine_.clock.read().wall) +
       (service_lies ? " by a time service that lies" : " by hand"));
  if (service_lies) tell_oracle_of_clock();
}

void Simulation::time_service_comes() {
  if (dice_.percent(10)) {
    machine_.clock.synchronised = false;
    return tell("the time service goes");
  }
  if (machine_.clock.synchronised && clock_error() == Span(0)) return;
  machine_.clock.set(now());
  machine_.clock.synchronised = true;
  tell("a time service sets the clock right");
}

bool Simulation::is_news(const Statement& statement) const {
  const auto last = last_heard_.find(statement.topic.key);
  return statement.topic.kind == Topic::Kind::record && last != last_heard_.end() && last->second &&
         statement.record != last->second;
}

void Simulation::break_disk_before(const Statement& said) {
  if (character_.disk_fails && is_news(said) && dice_.percent(50)) disk_trouble();
}

// What the register has just taken back must stay so, whatever comes next: here it is a crash
// within the second, and a register that cannot be asked again.
void Simulation::lie_in_wait(const Statement& heard) {
  if (heard.topic.kind != Topic::Kind::record || !character_.crashes) return;
  const std::size_t key = heard.topic.key;
  const bool news = is_news(heard);
  const auto last = std::exchange(last_heard_[key], heard.record);
  if (!news || ambushes_ >= kMostAmbushes || !dice_.percent(50)) return;
  ++ambushes_;
  // One that it would have allowed before.
  Question question = draw_question(dice_, key, last, character_.agent.desk.policy);
  question.mode = Mode::normal;
  static_cast<void>(loop_.at(loop_.now() + dice_.between(milliseconds(1), milliseconds(900)),
                             [this, key, question] { ambush(key, question); }));
}

void Simulation::ambush(std::size_t key, const Question& question) {
  world_.cut_link(dice_.pick<Span>({minutes(20), hours(3), hours(12)}));
  // Where it could not be written, what else is known must not be used any more.
  if (!disk_.fails()) {
    by_power_cut_ = dice_.percent(30);
    disk_.die();
  }
  for (const Span after : {minutes(1), minutes(10), minutes(60), minutes(300)}) {
    later(dice_.about(after), [this, key, question] { ask(key, question); });
    later(dice_.about(after), [this] { burst(); });
  }
}

// Without power until a record has ended, and nobody to say what time it is.
void Simulation::sleep_through_end(const Asked& asked, const Verdict& verdict) {
  const bool knows_time =
      character_.clock == ClockKind::disciplined || character_.clock == ClockKind::battery;
  if (knows_time || !character_.crashes || verdict.expiry.kind != Expiry::Kind::at) return;
  const Span left = verdict.expiry.at - now();
  if (left <= Span(0) || left > hours(12) || ambushes_ >= kMostAmbushes || !dice_.percent(30))
    return;
  ++ambushes_;
  off_for_ = left + minutes(1);
  by_power_cut_ = true;
  disk_.die();
  world_.cut_link(left + hours(3));
  for (const Span after : {minutes(2), minutes(20)}) {
    later(left + dice_.about(after),
          [this, key = asked.key, question = asked.question] { ask(key, question); });
  }
}

void Simulation::machine_sleeps() {
  const Span how_long = dice_.about(dice_.pick<Span>({seconds(10), minutes(30), hours(10)}));
  tell("the machine sleeps for " + std::to_string(how_long.count() / 1000) + " s");
  disk_.die_at(0);
  oracle_.sleeps(how_long);
  loop_.sleep(how_long);
}

}  // namespace akgate
