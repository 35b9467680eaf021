// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "record/timestamp.hpp"

namespace akgate {

/// What the operator blocked and unblocked, keys and meter points, and what came of it.
class OperatorBlocks {
 public:
  /// Gives its number, for done().
  std::size_t said(std::string what, bool blocks) {
    words_.push_back({.what = std::move(what), .blocks = blocks, .kept = false});
    return words_.size() - 1;
  }
  /// The agent says that it is durable.
  void done(std::size_t number, Timestamp now) {
    words_[number].kept = true;
    last_change_ = now;
  }

  [[nodiscard]] bool surely_blocked(const std::string& what) const { return !may_be(what, false); }
  [[nodiscard]] Timestamp last_change() const { return last_change_; }
  [[nodiscard]] bool perhaps_blocked(const std::string& what) const { return may_be(what, true); }

 private:
  struct Word {
    std::string what;
    bool blocks;
    bool kept;
  };

  // What was said last of what was kept, or anything that was said since.
  [[nodiscard]] bool may_be(const std::string& what, bool blocked) const {
    bool may = !blocked;
    for (const Word& word : words_) {
      if (word.what == what) may = word.blocks == blocked || (may && !word.kept);
    }
    return may;
  }

  std::vector<Word> words_;
  Timestamp last_change_{};
};

}  // namespace akgate
