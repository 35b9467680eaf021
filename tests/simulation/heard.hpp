// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <string>
#include <vector>

#include "tests/simulation/statement.hpp"

namespace akgate {

/// A statement, and how sure it is that the agent still knows it.
struct Heard {
  Statement statement;
  int process = 0;         ///< Which heard it.
  bool firm = false;       ///< Written, if it contradicted what was known before.
  bool settled = false;    ///< Written, whatever it says, if it is worth it.
  Timestamp known_time{};  ///< What the agent knew the time to be at least, when it asked.
  std::chrono::milliseconds ahead{0};     ///< How far its trusted time may have been ahead.
  std::vector<std::string> identities{};  ///< Of a listing: the record's, by what was known.
};

/// All that the register ever said to the agent, in order, by topic.
class Hearsay {
 public:
  using Span = std::chrono::milliseconds;

  void add(Heard heard);
  /// The task in which it came has ended, and nothing has crashed.
  void task_ended(bool disk_works);
  /// For so long the disk has worked.
  void time_passes(Timestamp now, bool disk_works);
  void process_ended();
  [[nodiscard]] int process() const { return process_; }

  /// Null where there is no such statement.
  [[nodiscard]] const Heard* by_transaction(const std::string& id) const;
  [[nodiscard]] const std::vector<const Heard*>& about(const Topic& topic) const;
  /// Whether the agent must still go by it where it contradicts what was known before.
  [[nodiscard]] bool binds(const Heard& heard) const {
    return heard.process == process_ || heard.firm;
  }
  /// Whether it must still know it.
  [[nodiscard]] bool is_known(const Heard& heard) const {
    return heard.process == process_ || heard.settled;
  }

 private:
  static int number_of(const Topic& topic) {
    return static_cast<int>(topic.kind) * 10000 + static_cast<int>(topic.key) * 100 +
           static_cast<int>(topic.other);
  }

  std::deque<Heard> all_;
  std::map<int, std::vector<const Heard*>> by_topic_;
  std::map<std::string, const Heard*> by_transaction_;
  std::vector<Heard*> not_firm_;
  std::vector<Heard*> not_settled_;
  Timestamp disk_works_since_{};
  int process_ = 1;
};

}  // namespace akgate
