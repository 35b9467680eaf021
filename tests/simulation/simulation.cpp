// SPDX-License-Identifier: Apache-2.0
#include "tests/simulation/simulation.hpp"

#include <unistd.h>

#include <filesystem>
#include <utility>

#include "tests/simulation/random_bytes.hpp"

namespace akgate {

namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;

constexpr Timestamp kBegin = std::chrono::sys_days{std::chrono::year{2027} / 5 / 1};

// In memory, where there is such a place: nothing is to survive, and syncs are none.
std::string place_for_files() {
  std::error_code missing;
  const bool in_memory = std::filesystem::is_directory("/dev/shm", missing);
  const std::string root = in_memory ? "/dev/shm" : std::filesystem::temp_directory_path().string();
  return root + "/akgate-simulate-" + std::to_string(getpid());
}

// The bytes that the run takes for random; first of all that is set up.
std::uint64_t seeded(std::uint64_t seed) {
  random_bytes() = Dice(~seed);
  return seed;
}

}  // namespace

Simulation::Simulation(std::uint64_t seed, Span how_long, bool wants_story, int log_to)
    : how_long_(how_long),
      dice_(seeded(seed)),
      time_(loop_, kBegin),
      character_(draw_character(dice_.split())),
      story_(wants_story),
      log_(log_to < 0 ? LogLevel::error : LogLevel::info, LogFormat::text, log_to),
      disk_(place_for_files(), dice_.split()),
      world_(loop_, time_, dice_.split(), character_.world, how_long),
      known_time_(kBegin, character_.agent.time.unvouched_boot_costs),
      oracle_({.policy = character_.agent.desk.policy,
               .time = time_,
               .known_time = known_time_,
               .story = story_,
               .limits = {.requests_per_second = character_.agent.desk.max_requests_per_second,
                          .in_flight = character_.agent.desk.max_in_flight,
                          .check_timeout = character_.agent.desk.check_timeout},
               .ample_room = character_.ample_room()}),
      machine_(
          loop_, world_,
          [&] {
            Machine::Settings settings = character_.agent;
            settings.directory = place_for_files() + "/agent";
            return settings;
          }(),
          log_) {
  world_.listener = &oracle_;
  world_.on_said = [this](const Statement& said) { break_disk_before(said); };
  world_.on_heard = [this](const Statement& heard) { lie_in_wait(heard); };
}

void Simulation::run() {
  const BootTime end = loop_.now() + how_long_;
  boot(seconds(0));
  draw_up_agenda();
  while (loop_.now() < end && !oracle_.found()) {
    pass_to(agenda_.begin()->first);
    if (disk_.dead()) {
      end_process();
      continue;
    }
    if (oracle_.found()) break;
    const What what = std::move(agenda_.extract(agenda_.begin()).mapped());
    what();
  }
  machine_.stop();
}

// --- the agenda ----------------------------------------------------------------------------------

void Simulation::later(Span after, What what) {
  agenda_.emplace(loop_.now() + after, std::move(what));
}

void Simulation::again_and_again(Span mean, const What& what) {
  later(dice_.about(mean), [this, mean, what] {
    what();
    again_and_again(mean, what);
  });
}

void Simulation::pass_to(BootTime when) {
  loop_.pass_until([this] { return interrupted(); }, std::max(when, loop_.now()) - loop_.now());
}

// Asked before each task: whether that is the last.
bool Simulation::interrupted() {
  if (disk_.dead()) return true;
  oracle_.task_ended();
  return oracle_.found().has_value();
}

// --- the process ---------------------------------------------------------------------------------

void Simulation::ask(std::size_t key) {
  ask(key,
      draw_question(dice_, key, world_.truth().record(key, now()), character_.agent.desk.policy));
}

void Simulation::ask(std::size_t key, const Question& question) {
  const Span timeout =
      dice_.pick<Span>({milliseconds(50), milliseconds(500), seconds(2), seconds(2), seconds(15)});
  const Asked asked{.number = ++questions_,
                    .question = question,
                    .key = key,
                    .at = now(),
                    .deadline = now() + timeout};
  const Span held_up = dice_.percent(5) ? dice_.between(milliseconds(0), minutes(3)) : Span(0);
  oracle_.asked(asked);
  const Uid uid = 1000 + static_cast<Uid>(dice_.below(3));
  if (held_up == Span(0) && answer_at_once(asked)) return;
  machine_.desk().ask(asked.question, timeout, uid, [this, asked, held_up](const Settled& settled) {
    oracle_.settled(asked.number, settled.local == Reason::timeout);
    if (held_up == Span(0)) return reply(asked, settled);
    // The connection takes no reply for a while; the verdict is of when it does.
    static_cast<void>(
        loop_.at(loop_.now() + held_up, [this, asked, settled] { reply(asked, settled); }));
  });
}

void Simulation::reply(const Asked& asked, const Settled& settled) {
  if (disk_.dead()) return;
  told(asked, machine_.desk().verdict(asked.question, settled));
}

// As the gate does, but for a few, so that the two ways mix.
bool Simulation::answer_at_once(const Asked& asked) {
  constexpr std::uint64_t kAskedInFull = 4;
  if (disk_.dead() || asked.number % kAskedInFull == 0) return false;
  const auto at_once = machine_.desk().verdict_at_once(asked.question);
  if (!at_once) return false;
  compare_with_kept(asked, *at_once);
  oracle_.settled(asked.number, false);
  told(asked, at_once->verdict);
  return true;
}

// What the desk says still holds must be what it says anew (Answers::still_holds()).
void Simulation::compare_with_kept(const Asked& asked, const Answers::AtOnce& now) {
  const auto& question = asked.question;
  std::string name = std::to_string(asked.key) + "," + question.mpxn.value_or("") + "," +
                     question.duid.value_or("") + "," + question.controller.value_or("") + "," +
                     std::to_string(static_cast<int>(question.mode));
  for (const std::string& type : question.data_types.sorted()) name += "," + type;
  const auto kept = kept_.find(name);
  if (kept != kept_.end() && kept->second.verdict.good_for && kept->second.verdict.age) {
    const Verdict& before = kept->second.verdict;
    const auto holds = machine_.desk().still_holds(kept->second.grounds);
    const bool same =
        before.reason == now.verdict.reason && before.source == now.verdict.source &&
        before.transaction_id.view() == now.verdict.transaction_id.view() &&
        before.expiry == now.verdict.expiry &&
        now.verdict.age == *before.age + (now.verdict.at - before.at) &&
        now.verdict.good_for == std::max(*before.good_for - (now.verdict.at - before.at),
                                         std::chrono::milliseconds(0)) &&
        now.verdict.steady_for == before.steady_for - (now.verdict.at - before.at);
    if (holds && *holds < before.at + before.steady_for && !same) {
      oracle_.report("I5", "an answer was said to hold that does no more: " +
                               std::string(to_string(before.reason)) + ", now " +
                               std::string(to_string(now.verdict.reason)));
    }
  }
  kept_.insert_or_assign(std::move(name), now);
}

void Simulation::told(const Asked& asked, const Verdict& verdict) {
  if (verdict.allows()) ++allowed_;
  tell_oracle_of_clock();
  if (story_.wanted()) {
    story_.tell(now(), asked.key,
                std::string(verdict.allows() ? "ALLOW " : "DENY ") +
                    std::string(to_string(verdict.reason)) + " source " +
                    std::string(to_string(verdict.source)) + " " +
                    std::string(verdict.transaction_id) + ", asked at " +
                    format_timestamp(asked.at) + " mode " +
                    std::to_string(static_cast<int>(asked.question.mode)) + " " +
                    asked.question.mpxn.value_or("") + " " + asked.question.duid.value_or(""));
  }
  const bool had_to_know =
      !verdict.allows() && verdict.reason >= Reason::register_unreachable && has_to_know(asked);
  oracle_.replied(asked, verdict, had_to_know);
  if (verdict.allows()) sleep_through_end(asked, verdict);
}

void Simulation::tell_oracle_of_clock() {
  oracle_.system_clock(machine_.clock.synchronised, clock_error());
}

// Whether nothing has been wrong for long enough that an answer is to be expected.
bool Simulation::has_to_know(const Asked& asked) const {
  constexpr Span kLongEnough = minutes(12);
  if (!character_.is_quick() || asked.question.mode == Mode::cached) return false;
  // Nor where the reply itself was held up, or had little time.
  if (asked.deadline - asked.at < seconds(2) || now() > asked.deadline) return false;
  const Timestamp trouble = std::max(started_, disk_trouble_);
  return now() - trouble > kLongEnough && world_.calm_for(kLongEnough);
}

void Simulation::start() {
  started_ = now();
  kept_.clear();
  std::string why;
  if (!machine_.start(why)) {
    if (!disk_.dead()) oracle_.report("I6", "it does not start: " + why);
    return;
  }
  pass_to(loop_.now());
  if (!disk_.dead()) known_time_.mark_written(now());
  for (const auto& file : std::filesystem::directory_iterator(place_for_files() + "/agent")) {
    if (file.path().filename().string().starts_with("cache.damaged")) {
      oracle_.report("I6", "a crash was taken for damage");
    }
  }
}

void Simulation::end_process() {
  machine_.stop();
  oracle_.process_ended();
  if (by_power_cut_) {
    disk_.power_cut();
    const Span by_chance =
        dice_.about(dice_.pick<Span>({seconds(20), seconds(20), minutes(20), hours(5), hours(30)}));
    const Span off_for = std::exchange(off_for_, std::nullopt).value_or(by_chance);
    tell("power cut; off for " + std::to_string(off_for.count() / 1000) + " s");
    return boot(off_for);
  }
  disk_.process_ended();
  tell("the process is killed, and started again");
  known_time_.restarted(now(), machine_.clock.read().wall);
  if (dice_.percent(15)) disk_.die_at(1 + dice_.below(30));
  start();
}

void Simulation::boot(Span off_for) {
  const Timestamp wall_before = saved_wall_;
  loop_.pass(off_for);
  machine_.boot();
  machine_.clock.synchronised = character_.clock == ClockKind::disciplined && !dice_.percent(10);
  switch (character_.clock) {
    case ClockKind::disciplined:
    case ClockKind::battery:
      machine_.clock.set(now());
      break;
    case ClockKind::software:
      machine_.clock.set(wall_before);
      break;
    case ClockKind::none:
      machine_.clock.set(Timestamp{});
      break;
  }
  if (questions_ == 0) {  // The first of all is made in good order.
    machine_.clock.set(now());
    machine_.clock.synchronised =
        character_.clock != ClockKind::battery && character_.has_time_service;
  }
  saved_wall_ = machine_.clock.read().wall;
  const bool vouched_for = machine_.clock.synchronised || character_.clock == ClockKind::battery;
  known_time_.booted(now(), machine_.clock.read().wall, vouched_for);
  tell("boots at " + format_timestamp(machine_.clock.read().wall) +
       (vouched_for ? "" : ", which nobody vouches for"));
  if (dice_.percent(15)) disk_.die_at(1 + dice_.below(30));
  start();
}

}  // namespace akgate
