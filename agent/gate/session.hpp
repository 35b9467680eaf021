// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "gate/dialogue.hpp"
#include "gate/line_buffer.hpp"
#include "gate/reception.hpp"
#include "gate/reply_buffer.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"
#include "refresh/line.hpp"

namespace akgate {

/// One connection of lines and replies; what the lines mean is its dialogue's to say.
///
/// Works in turns, one each time the connection is ready: send, read, take lines, reply, send. A
/// reply is made when it is about to be sent. While the other end does not take its replies,
/// nothing is read, asked or answered, so what a connection can hold is bounded (I12): one buffer
/// of input, `max_pending` exchanges, their replies as far as `max_queued_bytes`, and its watches,
/// which the answers bound. Who has watches and takes nothing for `stall_time` loses the
/// connection. Watches end with the input. On the loop's thread.
class Session final : public ServedConnection {
 public:
  /// Work done in one turn, so that one asker's flood does not keep the others waiting: while it
  /// goes on, its turns are patient ones (see EventLoop). Replies that are given again are the
  /// least of it.
  static constexpr std::size_t kWorkPerTurn = 64;
  static constexpr std::size_t kWorkOfReply = 1;
  static constexpr std::size_t kWorkOfJudging = 4;
  static constexpr std::size_t kWorkOfExchange = 16;
  static constexpr std::size_t kExchangesPerTurn = kWorkPerTurn / kWorkOfExchange;

  /// Loop and dialogue outlive the session.
  Session(Fd socket, EventLoop& loop, Dialogue& dialogue, const SessionLimits& limits)
      : socket_(std::move(socket)),
        uid_(uid_at(socket_.get())),
        loop_(loop),
        dialogue_(dialogue),
        limits_(limits),
        input_(dialogue_.spare().lines) {}
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;
  /// Closes the connection; its exchanges take back what they asked for.
  ~Session() override;

  [[nodiscard]] Status start(Task on_over) override;
  void drain() override;
  void answer_rest() override;

  void dismiss() override;
  [[nodiscard]] Uid uid() const override { return uid_; }
  [[nodiscard]] BootTime idle_since() const override { return moved_at_; }
  /// Who watches awaits answers too.
  [[nodiscard]] bool awaits_answer() const override {
    return !(pending_.empty() && watches_.empty()) && unsent_.empty();
  }

  // For the exchanges:

  /// Whether an exchange under this id has no reply yet, or goes on.
  [[nodiscard]] bool in_flight(std::string_view id) const;
  /// Where a reply under this id, or none, may be written at once, as a whole line; null where it
  /// has to wait its turn.
  [[nodiscard]] std::string* room_for_reply(std::string_view id);
  /// The reply to the line that is being taken had to be found.
  void note_judging() { work_of_line_ = kWorkOfJudging; }
  /// Ends what goes on under this id; what has no first reply yet gets one now. False where there
  /// is no such.
  [[nodiscard, gnu::cold]] bool end_watch(std::string_view id);
  /// The line that is being taken is the last; the connection ends when all is answered.
  void take_no_more() { no_more_ = true; }
  /// One of them has settled. Only takes note: nobody is called back from here.
  void reply_is_due();

 private:
  static Uid uid_at(int fd);
  void on_ready(Readiness ready);
  [[nodiscard]] bool take_turn(bool readable);
  [[nodiscard]] bool receive_some();
  [[nodiscard]] bool send_some();
  void take_lines();
  [[nodiscard]] std::size_t take_line(std::string_view line);
  void take_rest();
  void end_input();
  void refuse(std::string_view detail);

  void answer_settled();
  void answer_pending();
  void answer_watches();
  [[nodiscard]] bool may_reply() const { return unsent_.size() < limits_.max_queued_bytes; }
  void mind_stall();

  [[nodiscard]] Status want(Readiness wanted);
  void want_turn();
  [[nodiscard]] bool finished() const;
  void end();

  Fd socket_;
  const Uid uid_;
  EventLoop& loop_;
  Dialogue& dialogue_;
  const SessionLimits limits_;
  Task on_over_;
  Readiness wanted_;
  LineBuffer input_;
  std::vector<std::unique_ptr<Exchange>> pending_;  ///< In the order asked.
  std::vector<std::unique_ptr<Exchange>> watches_;  ///< Replied to, and going on.
  ReplyBuffer unsent_{dialogue_.spare().replies};
  Loop::TimerId stall_timer_ = 0;
  bool news_due_ = false;  ///< Perhaps of a watch.
  bool no_more_ = false;
  BootTime moved_at_ = loop_.now();
  std::size_t work_of_line_ = 0;
  bool taking_lines_ = false;  ///< What settles meanwhile is answered right after.
  bool in_plenty_ = false;     ///< The input came faster than it is taken.
  bool lines_left_ = false;    ///< The last turn left off before the input was through.
  bool input_ended_ = false;   ///< Nothing more is read.
  bool draining_ = false;
};

}  // namespace akgate
