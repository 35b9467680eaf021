// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

#include "tests/simulation/characters.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/oracle.hpp"

namespace akgate {

/// One run: a device, a register and clients, drawn from one number, and whatever happens to them
/// in so much simulated time. It ends early at the first violation.
class Simulation {
 public:
  using Span = std::chrono::milliseconds;

  Simulation(std::uint64_t seed, Span how_long, bool wants_story, int log_to);
  void run();

  [[nodiscard]] const Oracle& oracle() const { return oracle_; }
  [[nodiscard]] const Story& story() const { return story_; }
  [[nodiscard]] Timestamp now() const { return time_.now(); }
  [[nodiscard]] std::uint64_t questions() const { return questions_; }
  [[nodiscard]] std::uint64_t allowed() const { return allowed_; }

 private:
  using What = std::function<void()>;

  // The agenda: what happens to the device and its clients, whatever becomes of the process.
  void later(Span after, What what);
  void again_and_again(Span mean, const What& what);
  void pass_to(BootTime when);

  // What happens (happenings.cpp).
  void draw_up_agenda();
  void burst();
  void operator_speaks();
  void operator_blocks(const std::string& what);
  void operator_unblocks(const std::string& what);
  void operator_forgets();
  void operator_has_forgotten(std::optional<std::size_t> key);
  void plan_crash();
  void disk_trouble();
  void clock_is_set(bool service_lies);
  void time_service_comes();
  void machine_sleeps();
  [[nodiscard]] bool is_news(const Statement& statement) const;
  void break_disk_before(const Statement& said);
  void lie_in_wait(const Statement& heard);
  void ambush(std::size_t key, const Question& question);
  void sleep_through_end(const Asked& asked, const Verdict& verdict);

  // The process.
  void ask(std::size_t key);
  void ask(std::size_t key, const Question& question);
  void reply(const Asked& asked, const Settled& settled);
  [[nodiscard]] bool answer_at_once(const Asked& asked);
  void compare_with_kept(const Asked& asked, const Answers::AtOnce& now);
  void told(const Asked& asked, const Verdict& verdict);
  void start();
  void end_process();
  void boot(Span off_for);
  [[nodiscard]] bool interrupted();
  [[nodiscard]] bool has_to_know(const Asked& asked) const;
  void tell(const std::string& what) { story_.tell(now(), std::nullopt, what); }
  void tell_oracle_of_clock();
  [[nodiscard]] Span clock_error() const { return machine_.clock.read().wall - time_.now(); }

  const Span how_long_;
  Dice dice_;
  SimulatedLoop loop_;
  TrueTime time_;
  const Character character_;
  Story story_;
  Log log_;
  Disk disk_;
  World world_;
  KnownTime known_time_;
  Oracle oracle_;
  Machine machine_;
  std::map<std::string, Answers::AtOnce> kept_;  ///< The last answer to each question.
  std::multimap<BootTime, What> agenda_;
  std::map<std::size_t, std::optional<AccessRecord>> last_heard_;  ///< By key.
  int ambushes_ = 0;
  std::optional<Span> off_for_;  ///< After the planned power cut, if that is planned too.
  bool by_power_cut_ = false;    ///< How the planned crash comes.
  Timestamp saved_wall_{};       ///< Of a software clock.
  Timestamp started_{};
  Timestamp disk_trouble_{};
  std::uint64_t questions_ = 0;
  std::uint64_t allowed_ = 0;
};

}  // namespace akgate
