// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <vector>

#include "record/timestamp.hpp"

namespace akgate {

/// What the operator said ties keys to meter points, and what came of it.
class OperatorWords {
 public:
  struct Word {
    std::size_t key;
    std::optional<std::size_t> mpxn;  ///< Nothing: UNBIND.
    Timestamp said{};
    std::optional<Timestamp> kept;  ///< When the agent said that it is durable.
  };

  /// Gives its number, for done().
  std::size_t said(std::size_t key, std::optional<std::size_t> mpxn, Timestamp now) {
    words_.push_back({.key = key, .mpxn = mpxn, .said = now, .kept = {}});
    return words_.size() - 1;
  }
  void done(std::size_t number, Timestamp now) { words_[number].kept = now; }

  /// Those that may tie the key to the meter point: nothing that was kept since says otherwise.
  [[nodiscard]] std::vector<Word> that_may_bind(std::size_t key, std::size_t mpxn) const {
    std::vector<Word> standing;
    for (const Word& word : words_) {
      if (word.key != key) continue;
      if (word.kept) standing.clear();
      if (word.mpxn == mpxn) standing.push_back(word);
    }
    return standing;
  }

  /// Since when nothing that the register listed before counts: the last UNBIND that was kept.
  [[nodiscard]] Timestamp unbound(std::size_t key) const {
    Timestamp last = Timestamp::min();
    for (const Word& word : words_) {
      if (word.key == key && !word.mpxn && word.kept) last = word.said;
    }
    return last;
  }

 private:
  std::vector<Word> words_;
};

}  // namespace akgate
