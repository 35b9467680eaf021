// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "gate/dialogue.hpp"
#include "gate/protocol.hpp"
#include "gate/session.hpp"
#include "platform/clock.hpp"
#include "platform/loop.hpp"
#include "refresh/answers.hpp"

namespace akgate {

/// A question that is asked again and again, of which only changes of the answer are told. It looks
/// again when there is news, and when the last answer may no longer be relied on; each time the key
/// counts as asked for, so that it is kept fresh. It keeps one reason and no queue: who reads
/// slowly is told the newest only (I12).
class Watching final : public Exchange {
 public:
  /// All of it outlives the exchange. `timeout` is for each time the question is asked.
  struct Parts {
    Answers& answers;
    const Clock& clock;
    Loop& loop;
    Session& session;
    std::chrono::milliseconds timeout;
  };

  Watching(Check check, const Parts& parts) : check_(std::move(check)), parts_(parts) {}
  Watching(const Watching&) = delete;
  Watching& operator=(const Watching&) = delete;
  ~Watching() override;

  /// Asks for the first time. False, and nothing asked, where there is no room for another watch.
  [[nodiscard]] bool begin();

  [[nodiscard]] std::string_view id() const override { return check_.id; }
  [[nodiscard]] bool settled() const override { return settled_; }
  void give_up() override;
  void append_reply(std::string& out) override;
  [[nodiscard]] bool goes_on() const override { return !given_up_; }

 private:
  void look();
  void look_after(std::chrono::milliseconds pause);

  Check check_;
  const Parts parts_;
  Answers::WatchId watch_ = Answers::kNoRoom;
  Answers::Ticket ticket_ = Answers::kSettled;
  Loop::TimerId timer_ = 0;
  BootTime asked_{};
  bool asking_ = false;
  bool look_again_ = false;  ///< There was news while it was being asked.
  bool settled_ = false;
  bool given_up_ = false;
  Settled how_{};
  std::optional<Reason> told_;
};

}  // namespace akgate
