// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "base/secret.hpp"
#include "cli/gate_reply.hpp"
#include "platform/event_loop.hpp"
#include "platform/fd.hpp"

namespace akgate {

/// A question that the agent watches for us, and asked anew of the agent that is started after it
/// was lost. All callbacks are called on the loop, after start() has returned.
class AnswerWatch {
 public:
  struct Handlers {
    /// The verdict: at first, and whenever it or its reason is another than was told last.
    std::function<void(const GateReply&)> on_verdict;
    /// That the agent was lost, or is back: a sentence.
    std::function<void(const std::string&)> on_note;
    /// It will not go on: the question is bad, or the agent could not be asked even once.
    std::function<void(const Error&)> on_end;
  };
  struct Pace {
    std::chrono::milliseconds heartbeat{30'000};  ///< An agent this long without a word is lost.
    std::chrono::milliseconds first_pause{250};   ///< Doubled with each vain attempt,
    std::chrono::milliseconds longest_pause{10'000};  ///< up to this.
  };

  /// `question` is the line of a WATCH under kId. The loop outlives this.
  AnswerWatch(EventLoop& loop, std::string socket, Secret question, Handlers handlers)
      : AnswerWatch(loop, std::move(socket), std::move(question), std::move(handlers), Pace()) {}
  AnswerWatch(EventLoop& loop, std::string socket, Secret question, Handlers handlers, Pace pace);
  AnswerWatch(const AnswerWatch&) = delete;
  AnswerWatch& operator=(const AnswerWatch&) = delete;
  ~AnswerWatch();

  void start();

  static constexpr std::string_view kId = "akgate";

 private:
  void connect();
  [[nodiscard]] Status ask();
  void disconnect();
  void lose(const Error& why);
  void end(const Error& why);
  void receive_some();
  [[nodiscard]] bool take_line(std::string_view line);
  void take_verdict(const GateReply& reply);
  void feel_pulse();
  void after(std::chrono::milliseconds pause, void (AnswerWatch::*task)());

  EventLoop& loop_;
  const std::string socket_;
  const Secret question_;
  const Handlers handlers_;
  const Pace pace_;
  Fd connection_;
  std::string input_;
  Loop::TimerId timer_ = 0;  ///< Connected: the next heartbeat; else the next attempt.
  bool heard_ = false;       ///< Since the last heartbeat.
  bool lost_ = false;        ///< And told so.
  std::chrono::milliseconds pause_;
  std::optional<GateReply> told_;
};

}  // namespace akgate
