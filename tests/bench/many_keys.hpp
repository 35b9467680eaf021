// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "tests/support/simulated_agent.hpp"

namespace akgate {

inline std::vector<std::string> make_keys(std::size_t records) {
  std::vector<std::string> keys;
  for (std::size_t i = 0; i < records; ++i) {
    const std::string number = std::to_string(i);
    keys.push_back("ak_" + std::string(24 - number.size(), '0') + number);
  }
  return keys;
}

/// The real agent in simulated time, and a register that knows so many keys.
struct ManyKeys {
  explicit ManyKeys(std::size_t count, bool keep_warm = true) : keys(make_keys(count)) {
    agent.max_records = count + count / 10;
    agent.settings.keep_warm = keep_warm;
    agent.crashes_and_restarts();
    for (const std::string& key : keys) {
      agent.register_has(key);
      questions.push_back(SimulatedAgent::question_about(key));
    }
  }

  /// Asks about the key of that number. Gives whether it was allowed without waiting for the
  /// register.
  bool ask(std::size_t number) {
    const Question& question = questions[number];
    bool allowed = false;
    const auto ticket = agent.desk->ask(
        question, std::chrono::seconds(60), 0,
        [&](const Settled& settled) { allowed = agent.desk->verdict(question, settled).allows(); });
    if (ticket == Answers::kSettled) return allowed;
    agent.loop.pass_until([&] { return allowed; }, std::chrono::seconds(60));
    return false;
  }

  SimulatedAgent agent;
  std::vector<std::string> keys;
  std::vector<Question> questions;
};

}  // namespace akgate
