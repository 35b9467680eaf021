// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "gate/line_buffer.hpp"
#include "gate/reception.hpp"
#include "gate/reply_buffer.hpp"

namespace akgate {

class Session;

/// One line that was asked and the reply it is to get. Its session keeps it until the reply is
/// written; destroyed before that, it takes back what it asked for.
class Exchange {
 public:
  virtual ~Exchange() = default;

  /// Under which the reply may overtake others; empty where it keeps its place.
  [[nodiscard]] virtual std::string_view id() const { return {}; }
  /// Whether the reply can be given. Once it can be, Session::reply_is_due() is to be called.
  [[nodiscard]] virtual bool settled() const = 0;
  /// There is no more time: settled from now on, with the reply that says so.
  virtual void give_up() = 0;
  /// Appends the reply, a whole line, when it is about to be sent. Called once, and again each time
  /// when one that goes on has settled anew; then it may find that there is nothing to say.
  virtual void append_reply(std::string& out) = 0;
  /// Whether there may be more to say after the reply. Asked once it has been given.
  [[nodiscard]] virtual bool goes_on() const { return false; }
};

/// What one connection of lines may hold (I12).
struct SessionLimits {
  /// Lines without a reply yet; with so many nothing more is read until some are answered.
  std::size_t max_pending = 128;
  /// No further reply is made while so much waits to be taken.
  std::size_t max_queued_bytes = 65'536;
  /// For who has watches to take what was sent.
  std::chrono::milliseconds stall_time = std::chrono::seconds(10);
};

/// What lines mean on a socket: a session calls for turns, a dialogue for answers. One for all
/// connections of a socket, outlives them.
class Dialogue : public Reception {
 public:
  [[nodiscard]] std::unique_ptr<ServedConnection> receive(Fd socket, EventLoop& loop) final;
  [[nodiscard]] std::string_view overloaded() const final;
  [[nodiscard]] std::string forbidden(std::string_view why) const final;

  /// Whether it answers the line at once, as it did just before: such a line is text, and nothing
  /// about it needs to be looked at again.
  [[nodiscard]] virtual bool answer_again(std::string_view /*line*/, Session& /*session*/) {
    return false;
  }

  /// Begins what a line of text, given without its end, asks for. `session` outlives the exchange.
  /// Null where it has been answered already, in Session::room_for_reply(). The line may hold an
  /// access key; it is wiped afterwards.
  [[nodiscard]] virtual std::unique_ptr<Exchange> take(std::string_view line, Session& session) = 0;

  /// What its sessions lend one another: one has its turn at a time.
  struct Spare {
    LineBuffer::Spare lines;
    ReplyBuffer::Spare replies;
  };
  [[nodiscard]] Spare& spare() { return spare_; }

 private:
  Spare spare_;

 protected:
  /// For the connections to come.
  [[nodiscard]] virtual SessionLimits limits() const { return {}; }
};

/// An exchange whose reply is known at once.
class Reply final : public Exchange {
 public:
  explicit Reply(std::string line, std::string id = {})
      : line_(std::move(line)), id_(std::move(id)) {}

  [[nodiscard]] std::string_view id() const override { return id_; }
  [[nodiscard]] bool settled() const override { return true; }
  void give_up() override {}
  void append_reply(std::string& out) override { out.append(line_); }

 private:
  std::string line_;
  std::string id_;
};

}  // namespace akgate
