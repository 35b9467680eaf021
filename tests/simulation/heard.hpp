// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
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
  enum class Forgotten : std::uint8_t { no, perhaps, surely };
  Forgotten forgotten = Forgotten::no;  ///< By order of the operator.
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

  /// The operator wants forgotten what is known of a key, or (nothing) of all and of Data Users.
  /// Gives a number for forgotten().
  std::size_t to_be_forgotten(std::optional<std::size_t> key, Timestamp now);
  /// The agent says that it has.
  void forgotten(std::size_t order);

  [[nodiscard]] int process() const { return process_; }

  /// Null where there is no such statement.
  [[nodiscard]] const Heard* by_transaction(const std::string& id) const;
  [[nodiscard]] const std::vector<const Heard*>& about(const Topic& topic) const;
  /// Whether the agent must still go by it where it contradicts what was known before.
  [[nodiscard]] bool binds(const Heard& heard) const {
    return heard.forgotten == Heard::Forgotten::no && (heard.process == process_ || heard.firm);
  }
  /// Whether it must still know it.
  [[nodiscard]] bool is_known(const Heard& heard) const {
    return heard.forgotten == Heard::Forgotten::no && (heard.process == process_ || heard.settled);
  }

 private:
  static int number_of(const Topic& topic) {
    return static_cast<int>(topic.kind) * 10000 + static_cast<int>(topic.key) * 100 +
           static_cast<int>(topic.other);
  }

  struct Order {
    std::optional<std::size_t> key;
    Timestamp said;
    bool done = false;
    bool open = true;  ///< Neither done nor cut short.
    [[nodiscard]] bool is_about(const Topic& topic) const {
      return !key || (topic.kind != Topic::Kind::data_user && topic.key == *key);
    }
  };
  static void apply(const Order& order, Heard& heard);

  std::deque<Heard> all_;
  std::vector<Order> orders_;
  std::map<int, std::vector<const Heard*>> by_topic_;
  std::map<std::string, const Heard*> by_transaction_;
  std::vector<Heard*> not_firm_;
  std::vector<Heard*> not_settled_;
  Timestamp disk_works_since_{};
  int process_ = 1;
};

}  // namespace akgate
